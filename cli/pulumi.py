"""The Pulumi CLI, one to one. Judgement belongs in functions over its output.

A stack of the lab gets the lab's toolchain, backend and passphrase; every other stack gets the user's own environment.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, TextIO

from cli.root import ROOT
from lab.environment import environment, owns
from lab.folder import Folder
from spec.errors import LabError, LongshoreError


def run(
    stack: str | None,
    arguments: list[str],
    interrupted: Callable[[], None] = lambda: None,
    out: TextIO | None = None,
) -> int:
    """Run `pulumi` on the terminal and return its exit code. Ctrl-C goes to it, and it ends in its own time.

    `interrupted` is called at each Ctrl-C; `out`: where it writes, instead of standard output.
    """
    environment = environment_of(stack)
    previous = signal.signal(signal.SIGINT, lambda *_: interrupted())
    try:
        return subprocess.Popen(["pulumi", *arguments], cwd=ROOT, env=environment, stdout=out).wait()
    finally:
        signal.signal(signal.SIGINT, previous)


def named_stack(arguments: list[str]) -> str | None:
    """Return the stack that Pulumi's own arguments name, if they do."""
    for index, argument in enumerate(arguments):
        if argument in ("-s", "--stack"):
            return next(iter(arguments[index + 1 :]), None)
        if argument.startswith("--stack="):
            return argument.removeprefix("--stack=")
    return None


def outputs(stack: str) -> dict[str, Any]:
    """Return a stack's outputs. Raises LongshoreError when there is no such stack."""
    found: dict[str, Any] = _answer(stack, ["stack", "output", "--json"])
    return found


def deployment(stack: str) -> dict[str, Any]:
    """Return a stack's state, secrets encrypted; empty before its first update.

    Raises LongshoreError when there is no such stack.
    """
    found: dict[str, Any] = _answer(stack, ["stack", "export"]).get("deployment") or {}
    return found


def config(stack: str) -> dict[str, Any]:
    """Return a stack's configuration, decrypted: never print it. Raises LongshoreError when it can't be read."""
    values = _answer(stack, ["config", "--json", "--show-secrets"])
    return {key: each.get("objectValue", each.get("value")) for key, each in values.items()}


def last_update(stack: str) -> str:
    """Return when the last entry of a stack's history ended, in seconds of the epoch; empty before the first.

    Raises LongshoreError when there is no such stack.
    """
    entries = _answer(stack, ["stack", "history", "--json", "--page-size", "1"])
    return str(int(datetime.fromisoformat(entries[0]["endTime"]).timestamp())) if entries else ""


def history(stack: str) -> list[dict[str, Any]]:
    """Return a stack's updates, the newest first. Raises LongshoreError when there is no such stack."""
    found: list[dict[str, Any]] = _answer(stack, ["stack", "history", "--json"])
    return found


def attempt(stack: str, arguments: list[str]) -> str:
    """Run a command that changes nothing, its event log allowed; return what it said, whether it succeeded or not."""
    command = ["pulumi", *arguments, "--stack", stack]
    environment = {**environment_of(stack), "PULUMI_DEBUG_COMMANDS": "true"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def tag(stack: str, name: str, value: str) -> None:
    """Set a tag of a stack. Raises LongshoreError when Pulumi can't."""
    _answer(stack, ["stack", "tag", "set", name, value], parse=False)


def clear_pending(stack: str) -> None:
    """Forget creates that were cut off. Raises LongshoreError when Pulumi can't."""
    _answer(stack, ["refresh", "--yes", "--clear-pending-creates", "--json", "--non-interactive"], parse=False)


def _answer(stack: str, arguments: list[str], parse: bool = True) -> Any:
    command = ["pulumi", *arguments, "--stack", stack]
    done = subprocess.run(command, cwd=ROOT, env=environment_of(stack), capture_output=True, text=True, check=False)
    if done.returncode:
        raise LongshoreError(f"stack {stack}", done.stderr.strip(), f"make it: `longshore pulumi stack init {stack}`")
    return json.loads(done.stdout) if parse else None


@cache
def _lab() -> dict[str, str]:
    """Return the lab's environment; one command finds the toolchain once."""
    return environment()


def environment_of(stack: str | None) -> dict[str, str]:
    """Return the environment in which Pulumi runs for a stack. Raises LabError when its lab is down."""
    if stack is not None and owns(stack):
        if not Folder().state.exists():
            raise LabError(f"stack {stack}", "the lab it belongs to is down", "run `longshore lab up`")
        return {**os.environ, **_lab()}
    if shutil.which("pulumi") is None:
        fix = "install it (https://www.pulumi.com/docs/install/), or rehearse on the lab: `make up`"
        raise LongshoreError("pulumi", "is not on PATH", fix)
    return dict(os.environ)
