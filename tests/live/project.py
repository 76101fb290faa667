"""A copy of the project in a folder of its own, with a lab of its own: what a user has after `git clone`."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.conftest import ROOT


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    output: str


@dataclass(frozen=True)
class Step:
    """One step of a preview."""

    op: str
    type: str
    name: str


class Project:
    """Runs the commands of a copied project as a user does, and edits its stack files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PULUMI_")} | {"NO_COLOR": "1"}
        return subprocess.Popen(
            [sys.executable, "-m", "cli", *arguments],
            cwd=self.folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str) -> Done:
        process = self.start(*arguments)
        output, _ = process.communicate()
        print(f"$ longshore {' '.join(arguments)}\n{output}")
        return Done(process.returncode, output)

    def ok(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.code == 0, done.output
        return done.output

    def steps(self, stack: str = "lab") -> list[Step]:
        """Return what a preview would do, `same` left out."""
        done = self.run("pulumi", "preview", "--json", "--stack", stack)
        assert done.code == 0, done.output
        preview = json.loads(done.output[done.output.index("{") :])
        found = [_step(each) for each in preview["steps"] if each["op"] not in ("same", "read")]
        return sorted(found, key=lambda step: (step.type, step.name, step.op))

    @contextmanager
    def edited(self, change: Callable[[dict[str, Any]], None], stack: str = "lab") -> Iterator[None]:
        """Change a stack file for a while; put it back afterwards."""
        file = self.folder / "stacks" / f"Pulumi.{stack}.yaml"
        before = file.read_text()
        yaml = YAML()
        content = yaml.load(before)
        change(content["config"])
        with file.open("w") as stream:
            yaml.dump(content, stream)
        try:
            yield
        finally:
            file.write_text(before)

    def pulumi(self, *arguments: str) -> None:
        """Run Pulumi in the lab's environment, as in `longshore lab shell`."""
        self.in_lab(f"pulumi {' '.join(arguments)}")

    def docker(self, *arguments: str) -> str:
        """Ask the lab's engine: its containers are the machines."""
        return self.in_lab(f"docker {' '.join(arguments)}")

    def environment(self) -> dict[str, str]:
        """Return the environment of `longshore lab shell`."""
        exports = [shlex.split(line)[1] for line in self._exports.splitlines()]
        return {**os.environ, **dict(each.split("=", 1) for each in exports)}

    def until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Ask until something is true; whether it was within `seconds`."""
        deadline = time.monotonic() + seconds
        while not (found := true()) and time.monotonic() < deadline:
            time.sleep(2)
        return found

    @cached_property
    def _exports(self) -> str:
        """The lab's environment, which stays the same as long as the lab: asked for once."""
        return self.ok("lab", "env")

    def in_lab(self, command: str) -> str:
        """Run a command in the lab's environment and return its output."""
        script = f"{self._exports}\n{command}"
        done = subprocess.run(["sh", "-c", script], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def copy_project(folder: Path) -> Project:
    """Copy every file that git knows or would add, and share the virtual environment."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return Project(folder)


def _step(step: dict[str, Any]) -> Step:
    _, _, path, name = step["urn"].split("::", 3)
    return Step(step["op"], path.rsplit("$", 1)[-1].rsplit(":", 1)[-1], name)
