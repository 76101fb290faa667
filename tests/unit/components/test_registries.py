"""Logins on the Docker provider: secret, from a password or a command, and never on a service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format  # type: ignore[import-untyped]

from components.layers import build as build_layers
from components.registries import printed, registry_auth
from spec.contract import sealed
from spec.errors import SpecError
from tests.recorder import Recording, build, is_secret
from tests.specs import services, stack
from tests.unit.spec.test_contract import PROMISE

PASSWORD = {"registries": {"r.io:5000": {"user": "dev", "password": "canary-registry"}}}


def recorded(changes: dict[str, Any]) -> Recording:
    return build(lambda: build_layers(stack(changes), Path("/project")))


def auth(recording: Recording, name: str = "shop-docker") -> Any:
    return json_format.MessageToDict(recording.requests[name].object).get("registryAuth")


def test_without_a_login_the_provider_is_told_of_none() -> None:
    assert auth(recorded({})) is None


def test_a_login_goes_to_the_provider_and_is_secret_there() -> None:
    recording = recorded(PASSWORD)
    sent = auth(recording)
    assert is_secret(sent)
    [login] = json.loads(sent["value"])
    assert (login["address"], login["username"]) == ("r.io:5000", "dev")
    assert "canary-registry" in json.dumps(login)


def test_a_login_goes_nowhere_else() -> None:
    recording = recorded(PASSWORD)
    for name, request in recording.requests.items():
        if name != "shop-docker":
            assert "canary-registry" not in str(request.object)


def test_a_services_stack_logs_in_by_its_own_provider() -> None:
    spec = services().model_copy(update={"registries": stack(PASSWORD).registries})
    outputs = {"organization/longshore/dev-platform": {"contract": sealed(PROMISE)}}
    recording = build(lambda: build_layers(spec, Path("/project")), False, outputs)
    assert is_secret(auth(recording, "docker"))


def test_a_command_is_asked_at_each_run_in_the_projects_folder(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("first\n")
    changes = {"registries": {"r.io": {"user": "AWS", "command": ["cat", "token"]}}}
    for token in ("first", "second"):
        (tmp_path / "token").write_text(f"{token}\n")
        made = build(lambda: build_layers(stack(changes), tmp_path))
        assert json.loads(auth(made)["value"])[0]["password"] == token


def test_a_rehearsal_runs_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LONGSHORE_REHEARSAL", "1")
    changes = {"registries": {"r.io": {"user": "AWS", "command": ["touch", "ran"]}}}
    assert registry_auth(stack(changes), tmp_path)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("echo canary; echo no session >&2; exit 4", "`sh -c …` ended with 4: no session"),
        ("echo canary; exit 4", "`sh -c …` ended with 4"),
        ("true", "prints no single line"),
        ("echo canary; echo canary", "prints no single line"),
        ("printf '\\200'", "prints no text"),
    ],
)
def test_a_command_that_gives_no_password_is_named_without_what_it_printed(
    tmp_path: Path, script: str, found: str
) -> None:
    with pytest.raises(SpecError) as caught:
        printed("registries.r.io.command", ("sh", "-c", script), tmp_path)
    assert caught.value.where == "registries.r.io.command"
    assert found in caught.value.found
    assert "canary" not in str(caught.value)
    assert caught.value.fix


def test_a_command_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="`no-such-command` can't be run: No such file"):
        printed("registries.r.io.command", ("no-such-command",), tmp_path)


def test_a_command_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.registries.COMMAND_SECONDS", 0.2)
    with pytest.raises(SpecError, match="did not end within"):
        printed("registries.r.io.command", ("sleep", "60"), tmp_path)
