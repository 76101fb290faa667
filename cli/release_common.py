"""What the verbs of `longshore release` share: options, the project's repository, and JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from cli.root import ROOT
from release import environments
from release.gates import NAMES
from release.repository import Repository
from spec.environments import Environments
from spec.errors import ReleaseError

Json = Annotated[bool, typer.Option("--json", help="As JSON, for machines.")]
EnvironmentName = Annotated[str, typer.Argument(metavar="ENVIRONMENT", help="One of stacks/environments.yaml.")]
Reason = Annotated[str, typer.Option(help="Why; it is logged.")]
Remote = Annotated[str, typer.Option("--push", metavar="REMOTE", help="Push what was committed there.")]


def project() -> tuple[Repository, Environments]:
    """Return the repository and the environments. Raises ReleaseError outside a repository, or without environments."""
    repository = Repository(ROOT)
    repository.here()
    return repository, environments.load(ROOT)


def now() -> datetime:
    """Return the time, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def stated(reason: str) -> str:
    """Return a reason. Raises ReleaseError for one that says nothing."""
    if not reason.strip():
        raise ReleaseError("--reason", "says nothing", "say why, for those who read the log")
    return reason.strip()


def put(content: Any) -> None:
    """Print something as JSON."""
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False))


def pushed(repository: Repository, remote: str) -> None:
    """Push the branch that is checked out, when a remote was named. Raises ReleaseError when that is refused."""
    if not remote:
        return
    refused = repository.push(remote, repository.branch())
    if refused:
        fix = f"`git pull --rebase {remote}` first when somebody else pushed; the commit is here"
        raise ReleaseError(f"push to {remote}", refused, fix)


def chosen(known: Environments, name: str | None) -> Iterable[str]:
    """Return the environments that are meant: the named one, or all. Raises ReleaseError for one that isn't there."""
    if name is None:
        return known.order()
    environments.environment(known, name)
    return (name,)


def gate_names(text: str) -> tuple[str, ...]:
    """Return the gates that are named, separated by commas. Raises ReleaseError for one that there isn't."""
    names = tuple(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
    for name in names:
        if name not in NAMES:
            raise ReleaseError(f"--override {name}", "there is no such gate", f"gates: {', '.join(NAMES)}")
    return names
