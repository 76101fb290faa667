"""`longshore drift`: what differs from what was deployed, harmless or harmful; nothing is touched."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import pulumi
from cli.console import console
from cli.root import Stack
from drift import table
from drift.engines import ENGINE
from drift.finding import Report
from drift.judge import judge
from drift.machines import NAMED, Names
from drift.observed import Observed, observe
from drift.refreshed import Refresh, read
from providers.swarm.clock import Clock
from providers.swarm.connection import connection_from
from providers.swarm.ssh import Ssh
from spec.errors import LongshoreError, TargetError

REFRESH = ["refresh", "--preview-only", "--non-interactive", "--color", "never", "--suppress-progress"]


def drift(
    stack: Stack = "lab", as_json: Annotated[bool, typer.Option("--json", help="As JSON, for machines.")] = False
) -> None:
    """Tell harmless from harmful drift. Exit code: 0 none or harmless, 9 harmful."""
    report = found(stack)
    _show(report, as_json)
    raise typer.Exit(report.exit_code)


def found(stack: str) -> Report:
    """Look for drift of a stack. Raises LongshoreError when nothing is deployed or it can't be refreshed."""
    cluster = pulumi.outputs(stack).get("cluster")
    if not cluster:
        raise LongshoreError(f"stack {stack}", "has nothing deployed", f"run `longshore up -s {stack}` first")
    refresh = _refreshed(stack)
    observed = _observed(refresh, cluster)
    report = judge(stack, refresh, observed)
    if any(each.kind in NAMED for each in report.findings):
        report = judge(stack, refresh, observed, _names(stack))
    return report


def _refreshed(stack: str) -> Refresh:
    with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
        log = Path(folder) / "events.jsonl"
        said = pulumi.attempt(stack, [*REFRESH, "--event-log", str(log)])
        refresh = read(log.read_text().splitlines() if log.exists() else ())
    if not refresh.resources:
        raise LongshoreError(f"stack {stack}", f"can't be refreshed: {said.strip()}", "mend that, then ask again")
    return refresh


def _observed(refresh: Refresh, cluster: dict[str, Any]) -> Observed:
    managers = [connection_from(each) for each in cluster["managers"]]
    engines = [connection_from(each.before) for each in refresh.of(ENGINE) if each.before.get("hostKey")]
    return observe(Ssh(Clock()), managers, engines, cluster["swarmId"])


def _names(stack: str) -> Names:
    """Ask vCenter what its hosts and datastores are called; without an answer identifiers do."""
    from cli import vcenter  # pyVmomi: half a second that no other command should pay

    try:
        return vcenter.place_names(pulumi.config(stack)["longshore:target"])
    except TargetError:
        return {}


def _show(report: Report, as_json: bool) -> None:
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        table.show(report, console())
