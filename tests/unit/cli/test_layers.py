"""What the verbs do with layers, and with a refresh."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyVmomi import vim
from typer.testing import CliRunner

from cli import engine, pulumi, vcenter
from cli.main import app
from spec.errors import SpecError

SERVICES = """config:
  longshore:layer: services
  longshore:platform: dev-platform
  longshore:services:
    web: {image: "registry.test/web:1.0"}
"""


@pytest.fixture
def stack_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(SERVICES)
    monkeypatch.setattr("cli.check.stack_file", lambda _: file)
    return file


def test_a_services_stack_is_checked_without_its_platform(stack_file: Path) -> None:
    result = CliRunner().invoke(app, ["check", "dev"])
    assert result.exit_code == 0
    assert result.stdout == f"stacks/{stack_file.name}: ok (on dev-platform, 1 services)\n"


def test_what_is_wrong_in_a_services_stack_is_told_by_its_own_keys(stack_file: Path) -> None:
    stack_file.write_text(SERVICES.replace("longshore:platform", "longshore:plattform"))
    result = CliRunner().invoke(app, ["check", "dev"])
    assert isinstance(result.exception, SpecError)
    assert "did you mean `platform`?" in str(result.exception)
    assert "longshore:target" not in str(result.exception)


@pytest.mark.parametrize(
    ("flags", "passed"),
    [
        ([], []),
        (["--refresh"], ["--refresh"]),
        (["--yes"], ["--yes"]),
        (["--yes", "--refresh"], ["--refresh", "--yes"]),
    ],
)
def test_up_refreshes_when_asked(flags: list[str], passed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr("cli.pulumi.deployment", lambda _: {})
    monkeypatch.setattr(engine, "report", lambda _stack, **_: None)

    def run(_stack: str, arguments: list[str]) -> int:
        commands.append(arguments)
        return 0

    monkeypatch.setattr("cli.pulumi.run", run)
    assert CliRunner().invoke(app, ["up", "-s", "dev", *flags]).exit_code == 0
    assert commands == [["up", "--stack", "dev", "--suppress-outputs", *passed]]


@pytest.mark.parametrize("code", [0, 255])
def test_an_attempt_tells_what_was_said_whether_it_succeeded_or_not(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "pulumi"
    command.write_text(f'#!/bin/sh\necho "$PULUMI_DEBUG_COMMANDS $*"; echo complaint >&2; exit {code}\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    said = pulumi.attempt("dev", ["refresh", "--preview-only"])
    assert said == "true refresh --preview-only --stack dev\ncomplaint\n"


def test_hosts_and_datastores_are_named_by_their_identifiers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    view = SimpleNamespace(
        view=[SimpleNamespace(_moId="host-1", name="esx1"), SimpleNamespace(_moId="datastore-2", name="fast")],
        Destroy=lambda: asked.append("destroyed"),
    )

    def make_view(root: str, kinds: list[Any], deep: bool) -> Any:
        asked.append((root, kinds, deep))
        return view

    @contextmanager
    def connected(*target: Any) -> Any:
        assert target == ("vcenter.test", "svc", "word", False)
        content = SimpleNamespace(rootFolder="root", viewManager=SimpleNamespace(CreateContainerView=make_view))
        yield SimpleNamespace(RetrieveContent=lambda: content)

    monkeypatch.setattr(vcenter, "connected", connected)
    target = {"server": "vcenter.test", "user": "svc", "password": "word"}
    assert vcenter.place_names(target) == {"host-1": "esx1", "datastore-2": "fast"}
    assert asked == [("root", [vim.HostSystem, vim.Datastore], True), "destroyed"]
