"""`longshore release rollback` and `hotfix`: promotions that go back, or past the environments before."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.release_common import EnvironmentName, Json, Reason, Remote, gate_names, now, project, stated
from cli.release_preview import Judged, judged
from cli.release_promote import Direct, NoPreview, Outcome, Output, Past, To, finish
from cli.root import ROOT
from release import environments, history, lock, log, releases, reversibility
from release.promote import UPSTREAM, Wish, ready
from release.repository import Repository
from release.reversibility import Finding, Then
from spec.errors import ReleaseError
from spec.promotion import Promotion, Record

Target = Annotated[str, typer.Option("--to", metavar="RELEASE", help="By default the one verified there before.")]
Which = Annotated[str, typer.Argument(metavar="RELEASE", help="Its id, or a beginning of it.")]


def rollback(
    environment: EnvironmentName,
    reason: Reason,
    to: Target = "",
    override: Past = "",
    direct: Direct = False,
    no_preview: NoPreview = False,
    output: Output = None,
    push: Remote = "",
    as_json: Json = False,
) -> None:
    """Promote an older release, after looking at what it would not find as it left it."""
    repository, known = project()
    stacks = environments.environment(known, environment).all_stacks
    records = log.read(ROOT, environment)
    target = releases.load(ROOT, to or _before(environment, records))
    found = None if no_preview else judged(repository, stacks, target.id)
    findings = _findings(repository, environment, stacks, records, target.id, found)
    wish = Wish(environment, target.id, "rollback", stated(reason), gate_names(override), direct)
    plan = ready(repository, known, wish, now(), (reversibility.gate(findings),))
    for each in findings:
        typer.echo(f"{each.where}: {each.found}\n  -> {each.instead}", err=True)
    finish(repository, plan, Outcome(no_preview, output, push, as_json), found)


def hotfix(
    release: Which,
    to: To,
    reason: Reason,
    override: Past = "",
    direct: Direct = False,
    no_preview: NoPreview = False,
    output: Output = None,
    push: Remote = "",
    as_json: Json = False,
) -> None:
    """Promote past the environments before: not verified there, not soaked, and logged as an override."""
    repository, known = project()
    past = tuple(dict.fromkeys((*UPSTREAM, *gate_names(override))))
    plan = ready(repository, known, Wish(to, release, "hotfix", stated(reason), past, direct), now())
    finish(repository, plan, Outcome(no_preview, output, push, as_json))


def _before(environment: str, records: tuple[Record, ...]) -> str:
    """Return the release that was verified here last, before the one that should run now."""
    current = history.promoted(records)
    if current is None:
        raise ReleaseError(f"environment {environment}", "nothing was promoted to it", "there is nothing to go back to")
    found = history.verified_before(records, current)
    if found is None:
        fix = "name one that ran elsewhere: `--to RELEASE`"
        raise ReleaseError(f"environment {environment}", "no other release was ever verified here", fix)
    return found


def _findings(
    repository: Repository,
    environment: str,
    stacks: tuple[str, ...],
    records: tuple[Record, ...],
    target: str,
    found: Judged | None,
) -> tuple[Finding, ...]:
    current, ran = history.promoted(records), _ran(records, target)
    if current is None or ran is None:
        fix = f"promote it: `longshore release promote {target} --to {environment}`"
        raise ReleaseError(f"environment {environment}", f"{target} never ran here, so it is no way back", fix)
    then = tuple(_then(repository, stack, ran.commit) for stack in stacks)
    moved = reversibility.findings(releases.load(ROOT, target), releases.load(ROOT, current), then)
    reviews = found.review.stacks if found else ()
    return (*moved, *(each for one in reviews for each in reversibility.losses(one.risks, one.name)))


def _ran(records: tuple[Record, ...], release: str) -> Promotion | None:
    promotions = [each for each in records if isinstance(each, Promotion) and each.release == release]
    return promotions[-1] if promotions else None


def _then(repository: Repository, stack: str, commit: str) -> Then:
    path = lock.file_of(stack)
    before = repository.file(commit, path) if repository.has(commit) else None
    text = (ROOT / path).read_text()
    return Then(stack, lock.values(before or text, f"{path} of {commit[:12]}"), lock.values(text, path))
