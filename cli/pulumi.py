"""The Pulumi CLI, one to one. Judgement belongs in functions over its output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import Any

from cli.root import ROOT
from lab.environment import environment
from spec.errors import LongshoreError


def run(arguments: list[str]) -> int:
    """Run `pulumi` on the terminal and return its exit code. Ctrl-C goes to it, and it ends in its own time."""
    process = subprocess.Popen(["pulumi", *arguments], cwd=ROOT, env=_environment())
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, previous)


def outputs(stack: str) -> dict[str, Any]:
    """Return a stack's outputs. Raises LongshoreError when there is no such stack."""
    return _answer(stack, ["stack", "output", "--json"])


def export(stack: str) -> dict[str, Any]:
    """Return a stack's state, secrets encrypted. Raises LongshoreError when there is no such stack."""
    return _answer(stack, ["stack", "export"])


def config(stack: str) -> dict[str, Any]:
    """Return a stack's configuration, decrypted: never print it. Raises LongshoreError when it can't be read."""
    values = _answer(stack, ["config", "--json", "--show-secrets"])
    return {key: each.get("objectValue", each.get("value")) for key, each in values.items()}


def clear_pending(stack: str) -> None:
    """Forget creates that were cut off. Raises LongshoreError when Pulumi can't."""
    _answer(stack, ["refresh", "--yes", "--clear-pending-creates", "--json", "--non-interactive"], parse=False)


def _answer(stack: str, arguments: list[str], parse: bool = True) -> dict[str, Any]:
    command = ["pulumi", *arguments, "--stack", stack]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise LongshoreError(f"stack {stack}", done.stderr.strip(), f"make it: `longshore pulumi stack init {stack}`")
    parsed: dict[str, Any] = json.loads(done.stdout) if parse else {}
    return parsed


def _environment() -> dict[str, str]:
    return {**os.environ, **environment()}
