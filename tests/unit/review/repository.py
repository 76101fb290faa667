"""A project in a git repository of its own, and a `pulumi` that plays back event logs: what `review run` works on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.unit.review import log

PULUMI = f"""#!{sys.executable} -S
import json, os, pathlib, stat, sys
arguments = sys.argv[1:]
stack = arguments[arguments.index("--stack") + 1]
said = pathlib.Path("played") / (stack + "." + arguments[0])
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([os.getcwd(), arguments, sorted(os.environ)]) + "\\n")
if arguments[0] == "stack":
    print(said.read_text() if said.exists() else "{{}}")
    sys.exit(0 if said.exists() else 1)
if "--event-log" in arguments and said.with_suffix(said.suffix + ".jsonl").exists():
    target = pathlib.Path(arguments[arguments.index("--event-log") + 1])
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700
    target.write_text(said.with_suffix(said.suffix + ".jsonl").read_text())
error = said.with_suffix(said.suffix + ".error")
if error.exists():
    print(error.read_text(), file=sys.stderr)
    sys.exit(255)
"""
AUTHOR = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")


class Repository:
    """Files, commits, and what Pulumi will say."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.bin = folder / "bin"
        self.calls_file = folder / "calls"
        self.root.mkdir()
        self.bin.mkdir()
        (self.bin / "pulumi").write_text(PULUMI)
        (self.bin / "pulumi").chmod(0o755)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("config", "user.name", "Ann")

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": f"{self.bin}{os.pathsep}/usr/bin:/bin", "CALLS": str(self.calls_file)}

    def git(self, *arguments: str) -> str:
        command = ["git", *AUTHOR, *arguments]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=True).stdout.strip()

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self) -> str:
        """Commit everything there is, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a commit")
        return self.git("rev-parse", "HEAD")

    def plays(self, stack: str, lines: Iterable[str], command: str = "preview") -> None:
        """Let Pulumi write an event log for a stack of the prod fixtures."""
        text = "\n".join(lines).replace("urn:pulumi:prod::", f"urn:pulumi:{stack}::")
        self.write(f"played/{stack}.{command}.jsonl", text)

    def fails(self, stack: str, message: str, command: str = "preview") -> None:
        self.write(f"played/{stack}.{command}.error", message)

    def calls(self) -> list[tuple[str, list[str], list[str]]]:
        """What was asked of Pulumi: working folder, arguments, names of variables."""
        if not self.calls_file.exists():
            return []
        return [tuple(json.loads(line)) for line in self.calls_file.read_text().splitlines()]


def grown(name: str = "w1", to: int = 8192) -> list[str]:
    """The log of a machine that grows, and is power-cycled for it."""
    return log.lines(log.steps("update", log.VM, name, {"memory": 4096}, {"memory": to}))


def quiet() -> list[str]:
    """The log of an update that does nothing."""
    return log.lines(log.steps("same", log.VM, "w1", {"memory": 4096}))
