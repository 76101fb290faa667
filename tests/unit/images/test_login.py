import base64
import json
from pathlib import Path
from typing import Any

import pytest

from images.login import IDENTITY_TOKEN, Login, from_docker
from spec.errors import ImageError

AUTH = base64.b64encode(b"dev:s3:cret").decode()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return tmp_path


def write(home: Path, content: Any) -> None:
    (home / "config.json").write_text(content if isinstance(content, str) else json.dumps(content))


def helper(home: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    command = home / "docker-credential-fake"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}:/usr/bin:/bin")


def test_where_docker_never_logged_in_there_is_nothing(home: Path) -> None:
    assert from_docker("r.io") is None
    write(home, {"auths": {"other.io": {"auth": AUTH}}})
    assert from_docker("r.io") is None


@pytest.mark.parametrize("key", ["r.io", "https://r.io", "https://r.io/v2/"])
def test_a_login_in_the_file_is_found_under_each_of_its_names(home: Path, key: str) -> None:
    write(home, {"auths": {key: {"auth": AUTH}}})
    assert from_docker("r.io") == Login("dev", "s3:cret")


def test_docker_hub_has_a_name_of_its_own(home: Path) -> None:
    write(home, {"auths": {"https://index.docker.io/v1/": {"auth": AUTH}}})
    assert from_docker("docker.io") == Login("dev", "s3:cret")


def test_an_identity_token_comes_first(home: Path) -> None:
    write(home, {"auths": {"r.io": {"auth": AUTH, "identitytoken": "refresh"}}})
    assert from_docker("r.io") == Login(IDENTITY_TOKEN, "refresh")


@pytest.mark.parametrize("key", ["credsStore", "credHelpers"])
def test_a_credential_helper_is_asked_by_its_protocol(home: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    helper(home, monkeypatch, """read host; printf '{"Username":"%s","Secret":"from-%s"}' "$1" "$host" """)
    write(home, {key: "fake" if key == "credsStore" else {"r.io": "fake"}})
    assert from_docker("r.io") == Login("get", "from-r.io")


def test_a_helper_that_knows_nothing_is_no_failure(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helper(home, monkeypatch, "echo credentials not found in native keychain; exit 1")
    write(home, {"credsStore": "fake"})
    assert from_docker("r.io") is None


@pytest.mark.parametrize("script", ["exit 3", "echo no JSON", "echo '{}'"])
def test_a_helper_that_fails_is_named(home: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    helper(home, monkeypatch, script)
    write(home, {"credsStore": "fake"})
    with pytest.raises(ImageError, match=r"docker-credential-fake: gave no credentials for r.io"):
        from_docker("r.io")


def test_a_helper_that_is_not_there_is_named(home: Path) -> None:
    write(home, {"credsStore": "missing"})
    with pytest.raises(ImageError, match="docker-credential-missing: does not run"):
        from_docker("r.io")


@pytest.mark.parametrize("content", ["{", "[]", "\x80"])
def test_a_file_that_makes_no_sense_is_named(home: Path, content: str) -> None:
    write(home, content)
    with pytest.raises(ImageError, match="can't be read as Docker's configuration"):
        from_docker("r.io")


def test_an_entry_that_makes_no_sense_is_named_without_its_content(home: Path) -> None:
    write(home, {"auths": {"r.io": {"auth": "canary"}}})
    with pytest.raises(ImageError, match="`auth` is not the base64") as caught:
        from_docker("r.io")
    assert "canary" not in str(caught.value)
