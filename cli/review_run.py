"""`longshore review run`: previews of stacks, judged and reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from cli import pulumi
from cli.report import (
    Detailed,
    Environment,
    Form,
    Format,
    MaskEnv,
    Shown,
    Shows,
    every_of,
    limited,
    put,
    put_all,
    redactor_of,
)
from cli.root import ROOT
from review import acks, settings
from review.gate import exit_code
from review.git import Git
from review.ignore import ignore
from review.judge import Bench, judge
from review.report.content import Review, StackReview
from review.run import Both, Runner
from review.settings import Settings
from review.touched import stacks as stacks_of
from review.touched import touched
from spec.errors import ReviewError

Stacks = Annotated[list[str] | None, typer.Option("--stack", "-s", help="A stack; may be repeated. By default all.")]
TouchedBy = Annotated[str, typer.Option(metavar="BASE..HEAD", help="Only the stacks that this git range touches.")]
Drift = Annotated[bool, typer.Option("--drift", help="Also look for what was changed outside.")]
Base = Annotated[str, typer.Option(metavar="REV", help="Tell this change from what is pending there already.")]
Untrusted = Annotated[bool, typer.Option("--untrusted", help="No secrets, no state: rehearse base and head instead.")]
Folder = Annotated[Path | None, typer.Option("--output", "-o", help="Also write every form of the report there.")]
AtOnce = Annotated[int, typer.Option("--parallel", min=1, max=32, help="How many previews run side by side.")]

PARTS = ("longshore", "pulumi", "pulumi-vsphere", "pulumi-docker")
"""Packages whose versions a report tells."""


def run(
    stack: Stacks = None,
    touched_by: TouchedBy = "",
    drift: Drift = False,
    base: Base = "",
    untrusted: Untrusted = False,
    environment: Environment = "",
    form: Form = Format.TERMINAL,
    output: Folder = None,
    values: Shows = Shown.SAFE,
    mask_env: MaskEnv = None,
    parallel: AtOnce = 4,
    detailed: Detailed = False,
) -> None:
    """Preview stacks and report what an update would do, its risks first.

    Exit code: 0 fine, 20 needs acknowledgement, 30 blocked, 40 a preview failed, 50 a report would show a secret.
    """
    git, redactor = Git(ROOT), redactor_of(mask_env or [])
    if untrusted and not base:
        raise ReviewError("--untrusted", "compares two revisions, and there is one", "say which other: --base REV")
    stacks, own = _named(git, stack or [], touched_by), settings_of(git, base)
    packs = tuple(str(ROOT / pack) for pack in own.policy_packs)
    every = every_of(mask_env or [], values)
    runner = Runner(git, redactor, lambda text: typer.echo(text, err=True), parallel, packs, drift, every)
    if untrusted:
        found = runner.rehearsals(stacks, base)
    else:
        found = runner.previews({each: pulumi.environment_of(each) for each in stacks}, base)
    content = limited(_review(git, found, _bench(git, own, found, environment, base, untrusted), base), values)
    if output is not None:
        put_all(content, redactor, output)
    put(content, form, redactor)
    raise typer.Exit(exit_code((each.verdict for each in content.stacks), detailed))


def _named(git: Git, named: Sequence[str], touched_by: str) -> tuple[str, ...]:
    known = stacks_of(ROOT)
    if not touched_by:
        return tuple(dict.fromkeys(named)) or known
    return touched(git.touched(touched_by), named or known)


def settings_of(git: Git, base: str) -> Settings:
    """Return the base's settings where there is a base: a change does not lower the bar that it is judged by."""
    file = ROOT / settings.FILE
    text = git.file(base, settings.FILE) if base else file.read_text() if file.exists() else None
    return settings.parse(text, f"{settings.FILE} of {base}" if base else settings.FILE)


def _bench(git: Git, own: Settings, found: dict[str, Both], environment: str, base: str, untrusted: bool) -> Bench:
    """A pull request that is not trusted can't acknowledge its own risks: its base's acknowledgements count."""
    file = ROOT / own.acknowledgements
    text = git.file(base, own.acknowledgements) if untrusted else file.read_text() if file.exists() else None
    return Bench(
        own,
        acks.parse(text, own.acknowledgements),
        datetime.now(UTC).date(),
        environment,
        {stack: both.encryption for stack, both in found.items()},
        _remarks(git, base),
    )


def _remarks(git: Git, base: str) -> tuple[str, ...]:
    file = ROOT / settings.FILE
    if not base or git.file(base, settings.FILE) == (file.read_text() if file.exists() else None):
        return ()
    return (f"{settings.FILE} changes with this change; it was judged by the settings of the base.",)


def _review(git: Git, found: dict[str, Both], bench: Bench, base: str) -> Review:
    reviews = tuple(_judged(stack, both, bench) for stack, both in found.items())
    project = next((each.model.run.project for each in reviews if each.model.run.project), "")
    commit = git.commit(base) if base else ""
    return Review(reviews, project=project, head=git.head(), base=commit, provenance=_provenance(git))


def _judged(stack: str, both: Both, bench: Bench) -> StackReview:
    found = judge(stack, both.head, both.base, bench)
    if both.shown is None:
        return found
    return replace(found, model=ignore(both.shown, bench.settings.ignore, bench.today))


def _provenance(git: Git) -> dict[str, str]:
    versions = {name.removeprefix("pulumi-"): metadata.version(name) for name in PARTS}
    return versions | ({"uncommitted": "changes"} if git.is_dirty() else {})
