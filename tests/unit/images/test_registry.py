import json
from pathlib import Path

import pytest

from images import registry as registries
from images.login import Login
from images.reference import parse
from images.registry import Registry
from images.session import Session
from spec.errors import ImageError
from tests.unit.images.server import PASSWORD, USER, Held, registry

LOGIN = Login(USER, PASSWORD)


def _client(held: Held, login: Login | None = None) -> Registry:
    return Registry(Session(held.host, login, pause=lambda _: None))


def test_a_tag_means_the_digest_of_the_index_for_all_platforms() -> None:
    with registry() as held:
        amd, arm = held.image("web", [b"amd"]), held.image("web", [b"arm"])
        index = held.index("web", {"linux/amd64": amd, "linux/arm64": arm}, "1.0")
        assert registries.resolve(f"{held.host}/web:1.0") == index


def test_a_registry_that_tells_no_digest_has_its_manifest_hashed() -> None:
    with registry(tells_digest=False) as held:
        digest = held.image("web", [b"x"], "latest")
        assert _client(held).resolve(parse(f"{held.host}/web")) == digest


def test_another_content_than_the_digest_says_is_refused() -> None:
    with registry() as held:
        held.image("web", [b"x"], "1")
        held.manifests["web", "sha256:" + "0" * 64] = held.manifests["web", "1"]
        for method in ("resolve", "manifest"):
            with pytest.raises(ImageError, match="gave another content, sha256:"):
                getattr(_client(held), method)(parse(f"{held.host}/web@sha256:{'0' * 64}"))


def test_a_missing_image_is_told_with_its_name() -> None:
    with registry() as held, pytest.raises(ImageError) as caught:
        _client(held).resolve(parse(f"{held.host}/web:9"))
    assert str(caught.value).splitlines()[0] == f"image {held.host}/web:9: registry {held.host} has no such image"
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_both_kinds_of_authentication_let_us_in_and_are_asked_for_once(auth: str) -> None:
    with registry(auth=auth) as held:
        digest = held.image("web", [b"x"], "1")
        client = _client(held, LOGIN)
        for _ in range(3):
            assert client.resolve(parse(f"{held.host}/web:1")) == digest
        assert held.count("HEAD") == 4
        assert held.count("TOKEN") == (auth == "bearer")
        assert all("scope=repository%3Aweb%3Apull" in line for line in held.asked if line.startswith("TOKEN"))


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_wrong_and_missing_credentials_are_told_apart_and_never_shown(auth: str) -> None:
    with registry(auth=auth) as held:
        reference = parse(f"{held.host}/web:1")
        with pytest.raises(ImageError, match="refuses user `dev`") as wrong:
            _client(held, Login(USER, "letmein")).resolve(reference)
        with pytest.raises(ImageError, match="asks for credentials, and there are none"):
            _client(held).resolve(reference)
    assert "letmein" not in f"{wrong.value!s}{Login(USER, 'letmein')!r}"


def test_credentials_never_leave_for_a_token_without_tls_when_the_registry_has_it() -> None:
    told = pytest.raises(ImageError, match="sends us to `ftp://elsewhere/token`")
    with registry(auth="bearer", realm="ftp://elsewhere/token") as held, told:
        _client(held, LOGIN).resolve(parse(f"{held.host}/web:1"))


def test_what_fails_in_passing_is_tried_again_and_then_told() -> None:
    with registry() as held:
        digest = held.image("web", [b"x"], "1")
        held.fails = [503, 429, 500]
        assert _client(held).resolve(parse(f"{held.host}/web:1")) == digest
        held.fails = [503] * 4
        with pytest.raises(ImageError, match="answers 503 Service Unavailable"):
            _client(held).resolve(parse(f"{held.host}/web:1"))


def test_a_registry_that_is_gone_is_told_in_few_words() -> None:
    with registry() as held:
        pass
    with pytest.raises(ImageError) as caught:
        _client(held).resolve(parse(f"{held.host}/web:1"))
    assert caught.value.where == f"registry {held.host}"
    assert caught.value.found == "can't be reached: ConnectionError: Connection refused"


def test_dockers_own_login_is_used_where_none_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with registry(auth="basic") as held:
        digest = held.image("web", [b"x"], "1")
        auths = {held.host: {"username": "dev", "password": "s3cret"}}
        (tmp_path / "config.json").write_text(json.dumps({"auths": auths}))
        assert registries.resolve(f"{held.host}/web:1") == digest
        with pytest.raises(ImageError, match="refuses user `other`"):
            registries.resolve(f"{held.host}/web:1", {held.host: Login("other", "x")})
