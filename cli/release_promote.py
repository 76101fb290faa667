"""`longshore release promote`: one line of each stack file, with what it changes, on a branch of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.release_common import Json, Remote, gate_names, now, project, put, stated
from cli.release_preview import Judged, judged
from cli.report import Format, put_all, rendered
from cli.root import ROOT
from release import branch, contents, history, log
from release.gate import Step
from release.promote import Made, Previewed, Ready, Wish, make, ready
from release.repository import Repository
from review.publish.notes import GitNotes
from review.publish.publish import publish
from review.publish.wait import Clock
from review.redact import Redactor
from review.report.dialect import DIALECTS
from spec.errors import ReleaseError

Which = Annotated[str, typer.Argument(metavar="[RELEASE]", help="Its id, or a beginning of it; or give --from.")]
Upstream = Annotated[str, typer.Option("--from", metavar="ENVIRONMENT", help="The release that runs there.")]
To = Annotated[str, typer.Option("--to", metavar="ENVIRONMENT", help="Where to.")]
Past = Annotated[str, typer.Option("--override", metavar="GATE,…", help="Go past these gates; needs --reason.")]
Why = Annotated[str, typer.Option("--reason", help="Why; it is logged.")]
Direct = Annotated[bool, typer.Option("--direct", help="Commit on the checked-out branch, not on promote/ENVIRONMENT.")]
Again = Annotated[bool, typer.Option("--again", help="Though it is promoted already: approve a new preview of it.")]
NoPreview = Annotated[bool, typer.Option("--no-preview", help="Don't preview: then apply needs a promotion that did.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write every form of the review there, too.")]


def promote(
    to: To,
    release: Which = "",
    upstream: Upstream = "",
    override: Past = "",
    reason: Why = "",
    direct: Direct = False,
    again: Again = False,
    no_preview: NoPreview = False,
    output: Output = None,
    push: Remote = "",
    as_json: Json = False,
) -> None:
    """Check the gates, preview the target, and commit the promotion on branch promote/ENVIRONMENT."""
    repository, known = project()
    past = gate_names(override)
    wish = Wish(to, release or running(upstream), "promote", stated(reason) if past else reason, past, direct, again)
    plan = ready(repository, known, wish, now())
    finish(repository, plan, Outcome(no_preview, output, push, as_json))


@dataclass(frozen=True)
class Outcome:
    """What is to become of a promotion that may be made."""

    no_preview: bool
    output: Path | None
    push: str
    as_json: bool


def finish(repository: Repository, plan: Ready, outcome: Outcome, found: Judged | None = None) -> None:
    """Preview and commit a promotion, attach its review to the commit, push it, and tell about it.

    `found`: the preview, where there is one already.
    """
    if found is None and not outcome.no_preview:
        found = judged(repository, plan.environment.all_stacks, plan.release.id)
    plan = plan.with_risk(found.previewed.risk) if found else plan
    made = make(repository, plan, found.previewed if found else Previewed(), now())
    if found:
        notes = GitNotes(ROOT, made.commit, Clock())
        publish(found.review, notes, DIALECTS["plain"], Redactor().verify, f"promote/{plan.wish.environment}")
        if outcome.output is not None:
            put_all(found.review, Redactor(), outcome.output)
    if outcome.push:
        branch.published(repository, made.branch, made.commit, outcome.push)
    if outcome.as_json:
        put(_data(plan, made, found))
    else:
        _tell(plan, made, found)


def running(environment: str) -> str:
    """Return the release that runs in an environment, by its log. Raises ReleaseError when none is known."""
    if not environment:
        raise ReleaseError("release", "none is named", "name it, or say where it runs: --from ENVIRONMENT")
    found = history.running(log.read(ROOT, environment))
    if found is None:
        raise ReleaseError(f"environment {environment}", "no release was applied to it", "name the release")
    return found


def _data(plan: Ready, made: Made, found: Judged | None) -> dict[str, Any]:
    steps = contents.differences(plan.before, plan.release)
    return {
        "environment": plan.wish.environment,
        "branch": made.branch,
        "commit": made.commit,
        "record": made.record.model_dump(mode="json", exclude={"previous"}),
        "differences": [each.model_dump() for each in steps],
        "gates": [each.model_dump(mode="json") for each in plan.gates],
        "review": json.loads(rendered(found.review, Format.JSON)) if found else None,
    }


def _tell(plan: Ready, made: Made, found: Judged | None) -> None:
    if found:
        typer.echo(Redactor().verify(rendered(found.review, Format.TERMINAL)), nl=False)
    typer.echo(f"{plan.before.id if plan.before else 'nothing'} -> {plan.release.id} in {plan.wish.environment}")
    for line in contents.lines(contents.differences(plan.before, plan.release)):
        typer.echo(f"  {line}")
    for gate in plan.gates:
        if gate.blocks(Step.APPLY) and gate.name not in plan.wish.past:
            typer.echo(f"  still {gate.state}: {gate.name}: {gate.found}; {gate.fix}")
    typer.echo(f"{made.branch}: {made.commit[:12]}")
    if plan.wish.direct:
        typer.echo(f"then: longshore release apply {plan.wish.environment}")
    else:
        typer.echo(f"then: merge {made.branch}, and longshore release apply {plan.wish.environment}")
