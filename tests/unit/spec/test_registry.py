import pulumi
import pytest
from pydantic import ValidationError

from spec.contradictions import contradictions
from spec.registry import LoginSpec, MirrorSpec
from tests.specs import stack

LOGIN = {"user": "dev", "password": "canary"}


def test_a_login_has_a_password_or_a_command_and_not_both() -> None:
    for wrong in ({"user": "dev"}, {**LOGIN, "command": ["true"]}):
        with pytest.raises(ValidationError, match="exactly one of `password` and `command`"):
            LoginSpec.model_validate(wrong)
    assert LoginSpec.model_validate({"user": "dev", "command": ["true"]}).password is None


def test_a_password_is_sealed_at_once() -> None:
    login = LoginSpec.model_validate(LOGIN)
    assert isinstance(login.password, pulumi.Output)
    assert "canary" not in f"{login!r}{login.model_dump_json()}"


@pytest.mark.parametrize("place", ["r.io", "r.io:5000", "10.0.0.1:5000/a/b-c"])
def test_a_mirror_is_a_registry_and_a_path(place: str) -> None:
    assert MirrorSpec(registry=place).registry == place


@pytest.mark.parametrize("place", ["https://r.io", "r.io/", "r.io/A", "r.io:port", ""])
def test_a_mirror_is_nothing_else(place: str) -> None:
    with pytest.raises(ValidationError):
        MirrorSpec(registry=place)


@pytest.mark.parametrize(
    ("image", "full"), [("alpine:3", "docker.io/library/alpine:3"), ("grafana/loki", "docker.io/grafana/loki")]
)
def test_a_short_name_gets_no_login_and_is_told_its_full_one(image: str, full: str) -> None:
    spec = stack({"services.web.image": image, "registries": {"docker.io": LOGIN}})
    [problem] = contradictions(spec)
    assert (problem.path, problem.fix) == ("services.web.image", f"write it in full: {full}")


def test_a_full_name_and_another_registry_are_fine() -> None:
    for image, host in (("docker.io/library/alpine:3", "docker.io"), ("alpine:3", "r.io"), ("r.io/web", "docker.io")):
        assert contradictions(stack({"services.web.image": image, "registries": {host: LOGIN}})) == []


def test_a_platform_has_no_logins_and_no_mirror() -> None:
    nothing: dict[str, object] = {"networks": {}, "configs": {}, "secrets": {}, "services": {}}
    spec = stack({"layer": "platform", **nothing, "registries": {"r.io": LOGIN}, "mirror": {"registry": "m.io"}})
    assert [problem.path for problem in contradictions(spec)] == ["registries", "mirror"]
