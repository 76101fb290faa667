"""The one seam to commands that run to their end."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence

from spec.errors import LabError


def run(command: Sequence[str], *, stdin: str = "", environment: Mapping[str, str] | None = None, fix: str = "") -> str:
    """Run a command and return what it printed. Raises LabError, with its last error lines, when it fails."""
    try:
        done = subprocess.run(
            command, input=stdin, capture_output=True, text=True, errors="replace", check=False,
            env={**os.environ, **(environment or {})},
        )  # fmt: skip
    except FileNotFoundError:
        raise LabError(command[0], "is not installed", fix) from None
    if done.returncode:
        raise _failure(command, done.returncode, done.stderr.splitlines(), fix)
    return done.stdout


def follow(command: Sequence[str], on_line: Callable[[str], None], *, fix: str = "") -> None:
    """Run a long command and hand on each line it prints. Raises LabError, with the last lines, when it fails.

    The command is ended when we are interrupted.
    """
    lines: list[str] = []
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except FileNotFoundError:
        raise LabError(command[0], "is not installed", fix) from None
    try:
        for line in child.stdout or ():
            lines.append(line.rstrip())
            on_line(lines[-1])
    except BaseException:
        child.terminate()
        child.wait()
        raise
    if child.wait():
        raise _failure(command, child.returncode, lines, fix)


def _failure(command: Sequence[str], code: int, lines: list[str], fix: str) -> LabError:
    last = "\n".join(line for line in lines if line.strip()).splitlines()[-5:]
    return LabError(command[0], f"exit code {code}: " + "\n".join(last), fix)
