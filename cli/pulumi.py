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
    done = subprocess.run(
        ["pulumi", "stack", "output", "--json", "--stack", stack],
        cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise LongshoreError(f"stack {stack}", done.stderr.strip(), f"run `longshore up -s {stack}` first")
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def _environment() -> dict[str, str]:
    return {**os.environ, **environment()}
