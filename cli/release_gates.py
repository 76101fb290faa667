"""`longshore release gates`: what a release still has to pass, gate by gate."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from cli.console import console
from cli.release_common import EnvironmentName, Json, now, project, put
from cli.release_preview import judged
from cli.root import ROOT
from release import environments, facts, history, log, releases
from release.gate import EXIT_WAITING, Gate, State, Step
from release.gates import gates as judge
from spec.environments import Environments
from spec.errors import ReleaseError

Which = Annotated[str, typer.Argument(metavar="[RELEASE]", help="By default the one that was promoted last.")]
Preview = Annotated[bool, typer.Option("--preview", help="Preview the stacks for the gate `risk`.")]

SIGNS = {State.PASSED: "✓", State.OVERRIDDEN: "✓", State.WAITING: "…", State.FAILED: "✗", State.UNKNOWN: "?"}


def gates(environment: EnvironmentName, release: Which = "", preview: Preview = False, as_json: Json = False) -> None:
    """Show every gate, and what is missing. Exit code: 0 all are open, 7 not."""
    repository, known = project()
    environments.environment(known, environment)
    promotion = history.promotion(log.read(ROOT, environment))
    if not release and promotion is None:
        raise ReleaseError(f"environment {environment}", "nothing was promoted to it", "name a release")
    id_ = releases.load(ROOT, release or (promotion.release if promotion else "")).id
    is_promoted = promotion is not None and promotion.release == id_
    risk: str | None = promotion.risk if promotion and is_promoted and promotion.plans else None
    if preview:
        risk = judged(repository, known.environments[environment].all_stacks, id_).previewed.risk
    found = judge(_facts(known, environment, id_, risk, is_promoted))
    if as_json:
        data = [{**each.model_dump(mode="json"), "open": not each.blocks(Step.APPLY)} for each in found]
        put({"environment": environment, "release": id_, "promoted": is_promoted, "gates": data})
    else:
        _show(environment, id_, found)
    raise typer.Exit(EXIT_WAITING if any(each.blocks(Step.APPLY) for each in found) else 0)


def _facts(known: Environments, environment: str, release: str, risk: str | None, is_promoted: bool) -> facts.Facts:
    """Return what is known: of a release that isn't promoted as if it were about to be."""
    found = facts.gathered(ROOT, known, environment, release, now(), risk)
    return found if is_promoted else found.promoting("promote")


def _show(environment: str, release: str, found: tuple[Gate, ...]) -> None:
    typer.echo(f"{release} for {environment}")
    table = Table("", "gate", "state", "found", "missing", box=None, pad_edge=False)
    for each in found:
        table.add_row(SIGNS[each.state], each.name, str(each.state), each.found, each.fix)
    console().print(table, markup=False)
