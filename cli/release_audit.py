"""`longshore release audit`: updates that went past the promotions."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from cli import pulumi
from cli.console import console
from cli.release_common import Json, Remote, chosen, now, project, pushed, put, stated
from cli.root import ROOT
from release import log
from release.audit import Finding, audited, updates
from release.record import record
from release.repository import Repository
from release.state import fingerprint
from spec.environments import Environments
from spec.errors import ReleaseError
from spec.promotion import Application, OutOfBand

Which = Annotated[str | None, typer.Argument(metavar="[ENVIRONMENT]", help="By default all of them.")]
Accept = Annotated[str, typer.Option(metavar="UPDATE", help="Log that this update is all right; needs --reason.")]
Why = Annotated[str, typer.Option("--reason", help="Why it is; it is logged.")]

EXIT_FOUND = 7


def audit(
    environment: Which = None, accept: Accept = "", reason: Why = "", push: Remote = "", as_json: Json = False
) -> None:
    """Find updates that no promotion asked for, by Pulumi's history and state. Exit code: 0 none, 7 some."""
    repository, known = project()
    found = {name: _audited(known, name) for name in chosen(known, environment)}
    if accept:
        found = _accepted(repository, known, found, accept, stated(reason))
        pushed(repository, push)
    if as_json:
        put([{"environment": name, **each.model_dump(mode="json")} for name, some in found.items() for each in some])
    else:
        _show(found)
    raise typer.Exit(EXIT_FOUND if any(found.values()) else 0)


def _audited(known: Environments, name: str) -> tuple[Finding, ...]:
    """Look at each stack of an environment that was ever applied."""
    records = log.read(ROOT, name)
    applied = {each.stack for each in records if isinstance(each, Application)}
    stacks = [stack for stack in known.environments[name].all_stacks if stack in applied]
    return tuple(
        finding
        for stack in stacks
        for finding in audited(stack, updates(pulumi.history(stack)), records, fingerprint(pulumi.deployment(stack)))
    )


def _accepted(
    repository: Repository, known: Environments, found: dict[str, tuple[Finding, ...]], update: str, reason: str
) -> dict[str, tuple[Finding, ...]]:
    """Log an update as all right, and return what is left."""
    for name, some in found.items():
        for each in some:
            if each.update and each.update == update:
                by, stack = repository.author(), each.stack
                entry = OutOfBand(at=now(), by=by, stack=stack, update=update, reason=reason)
                record(repository, name, f"Accept an update of {stack}: {reason}", entry)
                return {**found, name: _audited(known, name)}
    raise ReleaseError(f"--accept {update}", "no such update was found", "give the number that audit shows")


def _show(found: dict[str, tuple[Finding, ...]]) -> None:
    table = Table("environment", "stack", "ended (UTC)", "update", "who", "what", box=None, pad_edge=False)
    for name, some in found.items():
        for each in some:
            message = f" ({each.message})" if each.message else ""
            when = f"{each.when:%Y-%m-%d %H:%M:%S}" if each.when else ""
            table.add_row(name, each.stack, when, each.update, each.author, f"{each.what}{message}")
    if table.row_count:
        console().print(table, markup=False)
    else:
        typer.echo("every update was asked for by a promotion")
