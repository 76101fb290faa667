"""Starts a rehearsal in a process of its own, in an empty environment, and reads what it left as untrusted data.

An empty environment keeps secrets away; it is no sandbox. The program is the pull request's: run this where nothing is
worth stealing, in a throw-away job without secrets and without a network of yours.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

SCRIPT = Path(__file__).with_name("rehearse.py")
SECONDS = 300
LARGEST = 64 * 1024 * 1024
"""Bytes of a result; more is no program's honest work."""


class Registration(BaseModel):
    """A resource as the program registered it."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    urn: str
    type: str
    parent: str = ""
    custom: bool = False
    inputs: dict[str, Any] = {}
    protect: bool = False
    retain_on_delete: bool = False
    delete_before_replace: bool = False
    ignore_changes: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    trigger: Any = None


class Rehearsal(BaseModel):
    """What a program registered for a stack, and the error it ended with, if it did."""

    model_config = ConfigDict(frozen=True)

    project: str = ""
    resources: tuple[Registration, ...] = ()
    error: str = ""


def rehearse(project: Path, stack: str) -> Rehearsal:
    """Return what the program in `project` registers for `stack`. Never raises for what the program does."""
    if not (project / "stacks" / f"Pulumi.{stack}.yaml").is_file():
        return Rehearsal()
    with tempfile.TemporaryDirectory(prefix="longshore-rehearsal-") as folder:
        result = Path(folder) / "result.json"
        error = _run(project, stack, result, Path(folder))
        try:
            too_large = result.stat().st_size > LARGEST
            return Rehearsal.model_validate_json(b"" if too_large else result.read_bytes())
        except (OSError, ValidationError):
            return Rehearsal(error=error or "the program left no result that can be read")


def _run(project: Path, stack: str, result: Path, home: Path) -> str:
    """Run the script, and return what it says when it fails."""
    command = [sys.executable, "-I", str(SCRIPT), str(project), stack, str(result)]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "LONGSHORE_REHEARSAL": "1"}
    try:
        done = subprocess.run(
            command, cwd=project, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, timeout=SECONDS, errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"the program did not end within {SECONDS} s"
    last = [line for line in done.stderr.splitlines() if line.strip()][-1:]
    return last[0][:600] if done.returncode and last else ""
