"""A project with three environments in a git repository of its own, and a `pulumi` that plays back event logs."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

import cli.release
from release import log
from release.lock import file_of
from release.repository import Repository as Committed
from spec.promotion import Entry, Record
from spec.release import Release
from tests.releases import ENVIRONMENTS, saved
from tests.specs import values
from tests.unit.review.repository import Repository, quiet
from tests.unit.spec.test_load import SEALED

STACKS = ("dev", "staging", "prod")


class Project(Repository):
    """The repository, and `longshore release` in it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.git("config", "user.email", "ann@example.com")
        self.write(".gitignore", "/played/\n")
        self.write("__main__.py", "")
        self.write("Pulumi.yaml", "name: shop\n")
        self.write("stacks/environments.yaml", ENVIRONMENTS.replace("gates: {soak: 2h}", "gates: {}"))
        for stack in STACKS:
            self.stack(stack)
            self.deploys(stack, {"resources": []})
            self.plays(stack, quiet())
        self.commit()

    @property
    def committed(self) -> Committed:
        return Committed(self.root)

    def stack(self, name: str, changes: dict[str, Any] | None = None) -> None:
        config = {f"longshore:{key}": value for key, value in values(SEALED | (changes or {})).items()}
        text = io.StringIO()
        YAML().dump({"config": config}, text)
        self.write(f"stacks/Pulumi.{name}.yaml", text.getvalue())

    def deploys(self, stack: str, deployment: dict[str, Any]) -> None:
        self.write(f"played/{stack}.stack", json.dumps({"version": 3, "deployment": deployment}))

    def released(self, **changes: Any) -> Release:
        """A release of the program as it is, committed."""
        made = saved(self.root, commit=self.git("rev-parse", "HEAD"), **changes)
        self.commit()
        return made

    def records(self, environment: str, *entries: Entry) -> None:
        log.append(self.root, environment, *entries)
        self.commit()

    def log(self, environment: str, revision: str = "") -> tuple[Record, ...]:
        if not revision:
            return log.read(self.root, environment)
        path = log_file(environment)
        return log.parse(self.committed.file(revision, path) or "", path)

    def text(self, stack: str, revision: str) -> str:
        return self.committed.file(revision, file_of(stack)) or ""

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(cli.release.release, list(words))

    def refused(self, *words: str) -> str:
        """What is said by a verb that fails as expected."""
        error = self.run(*words).exception
        assert error is not None
        assert type(error).__module__ == "spec.errors", repr(error)
        return str(error)


def log_file(environment: str) -> str:
    return f"stacks/promotions/{environment}.jsonl"


def at_home(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every verb work in a project."""
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    for name, module in list(sys.modules.items()):
        if name.startswith("cli.") and hasattr(module, "ROOT"):
            monkeypatch.setattr(module, "ROOT", project.root)


def kinds(records: Iterable[Record]) -> list[str]:
    return [each.kind for each in records]
