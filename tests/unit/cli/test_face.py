"""The command as a process: documented exit codes, errors on stderr, and markup left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cli import main
from spec import errors
from spec.errors import LongshoreError
from tests.conftest import ROOT

KINDS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, LongshoreError)]


def longshore(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments], cwd=ROOT if cwd is ROOT else cwd, capture_output=True, text=True,
        check=False, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_it_works_from_any_folder(tmp_path: Path) -> None:
    done = longshore("check", "example-vsphere", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("stacks/Pulumi.example-vsphere.yaml: ok")


def test_a_mistake_goes_to_stderr_with_its_code() -> None:
    done = longshore("check", "no-such-stack")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: stacks/Pulumi.no-such-stack.yaml: can't be read")
    assert "Traceback" not in done.stderr


def test_without_a_verb_it_shows_its_help() -> None:
    done = longshore()
    assert "Docker on VMware as code." in done.stdout + done.stderr


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_failure_ends_with_its_documented_code(
    kind: type[LongshoreError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise kind("m1", "is [red]away[/red]: " + "x" * 200, "switch it on")

    monkeypatch.setattr(main, "app", fail)
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == kind.exit_code
    assert capsys.readouterr().err == f"error: m1: is [red]away[/red]: {'x' * 200}\n  -> switch it on\n"
    assert f"exit code {kind.exit_code}" in str(errors.__doc__)


def test_a_bug_of_ours_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise KeyError("managers")

    monkeypatch.setattr(main, "app", fail)
    with pytest.raises(KeyError):
        main.main()
