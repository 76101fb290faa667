"""`longshore release status`: what is where, as a table, as JSON, or as a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from cli import pulumi
from cli.console import console
from cli.drift import found as drift_of
from cli.release_common import Json, now, project
from cli.root import ROOT
from release import facts, gates, history, log, releases, shown
from release.page import render
from release.state import fingerprint
from release.status import Logs, Row, Status, applied_state, candidate, following, is_late, row
from release.words import moment
from spec.base import whole_seconds
from spec.edit import replace
from spec.environments import Environments
from spec.errors import LongshoreError, ReleaseError
from spec.promotion import Record
from spec.release import Release

Page = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page that needs nothing else.")]
Offline = Annotated[bool, typer.Option("--offline", help="Ask no state: tell only what the project's files tell.")]
Drift = Annotated[bool, typer.Option("--drift", help="Also refresh every stack and ask its Swarm, as `drift` does.")]
Late = Annotated[str, typer.Option("--fail-on-lag", metavar="TIME", help="Exit with 10 for one behind by more.")]
EXIT_LATE = 10
AT_ONCE = 4


def status(
    html: Page = None, offline: Offline = False, drift: Drift = False, fail_on_lag: Late = "", as_json: Json = False
) -> None:
    """Show each environment's release, age, lag, verification, drift, and what comes next.

    Exit code: 0, whatever there is to see; an environment that lags may be meant to. 10 with --fail-on-lag.
    """
    _, known = project()
    found = gathered(known, now(), _no_drift if offline else _drift if drift else _state)
    if html is not None:
        replace(html, render(found))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    elif html is None:
        table(found)
    if fail_on_lag and any(is_late(each, _time(fail_on_lag)) for each in found.rows):
        raise typer.Exit(EXIT_LATE)


Look = Callable[[str, Sequence[Record]], str]
"""Looks at a stack, and says how it differs from what its environment's log says was applied."""


def gathered(known: Environments, at: datetime, look: Look) -> Status:
    """Return the status of every environment. Raises ReleaseError for a log or release that was changed."""
    logs: Logs = {name: log.read(ROOT, name) for name in known.order()}
    cut = [releases.load(ROOT, each) for each in releases.ids(ROOT)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        drifts = list(pool.map(lambda name: _drifts(known, name, logs[name], look), logs))
    rows = (_row(name, known, logs, cut, at) for name in logs)
    found = [each.model_copy(update={"drift": drift}) for each, drift in zip(rows, drifts, strict=True)]
    return Status(at=at, rows=tuple(found))


def table(found: Status) -> None:
    """Print the status."""
    made = Table(box=box.SIMPLE_HEAD, title=f"as of {moment(found.at)}", title_justify="left")
    for column in ("environment", "release", "age", "verified", "lag", "drift", "next"):
        made.add_column(column, overflow="fold")
    for each in found.rows:
        frozen = " (frozen)" if each.frozen else ""
        made.add_row(
            f"{each.environment}{frozen}", each.running or shown.NONE, shown.age(each), shown.verified(each),
            shown.lag(each.distance), each.drift, shown.coming(each.next),
        )  # fmt: skip
    console().print(made, markup=False)


def _row(name: str, known: Environments, logs: Logs, cut: Sequence[Release], at: datetime) -> Row:
    found = row(name, known, logs, cut, at)
    coming = candidate(name, known, logs, cut)
    if coming is None:
        return found
    last = history.promotion(logs[name])
    risk = last.risk if last and last.release == coming else None
    gated = gates.gates(facts.gathered(ROOT, known, name, coming, at, risk=risk))
    return found.model_copy(update={"gates": gated, "next": following(coming, found.promoted, gated)})


def _drifts(known: Environments, name: str, records: Sequence[Record], look: Look) -> str:
    """Return what differs in an environment: of one stack by itself, of several with their names."""
    stacks = known.environments[name].all_stacks
    told = {stack: _looked(stack, records, look) for stack in stacks}
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    return ", ".join(f"{stack}: {text}" for stack, text in told.items())


def _looked(stack: str, records: Sequence[Record], look: Look) -> str:
    """Return what a look found; one that isn't possible is no alarm."""
    try:
        return look(stack, records)
    except LongshoreError:
        return "unknown"


def _no_drift(_stack: str, _records: Sequence[Record]) -> str:
    return "not looked"


def _state(stack: str, records: Sequence[Record]) -> str:
    """Compare the state with what it was after the last update that the log knows."""
    known = applied_state(records, stack)
    if known is None:
        return shown.NONE
    return "none" if fingerprint(pulumi.deployment(stack)) == known else "updated past the log"


def _drift(stack: str, records: Sequence[Record]) -> str:
    """Compare the state with the log, and what there is with the state."""
    told, report = _state(stack, records), drift_of(stack)
    found = [f"{report.harmful} harmful"] * bool(report.harmful) + [f"{report.harmless} harmless"] * bool(
        report.harmless
    )
    return ", ".join([*[told] * (told != "none" or not found), *found])


def _time(text: str) -> timedelta:
    """Return a time. Raises ReleaseError for what is none."""
    seconds = whole_seconds(text)
    if not seconds:
        raise ReleaseError("--fail-on-lag", f"{text} is no time", "write one such as 12h or 168h")
    return timedelta(seconds=seconds)
