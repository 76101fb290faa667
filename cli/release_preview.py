"""The real preview of what a promotion would change, judged as a review: each stack as if it named that release."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import typer

from cli import pulumi
from cli.release_cut import PARTS
from cli.root import ROOT
from release.lock import file_of
from release.promote import Previewed
from release.repository import Repository
from release.state import fingerprint
from review import acks, settings
from review.gate import is_acknowledged
from review.judge import Bench, judge
from review.model import ChangeModel
from review.offline import stack_file
from review.preview import Place, preview
from review.redact import Redactor
from review.report.content import Review, StackReview
from review.risk import Severity
from review.run import models
from spec.edit import edited
from spec.errors import ReleaseError
from spec.lock import LOCK

AT_ONCE = 2


@dataclass(frozen=True)
class Judged:
    """What was previewed, and the review of it."""

    previewed: Previewed
    review: Review


def judged(repository: Repository, stacks: Sequence[str], release: str) -> Judged:
    """Preview stacks as if they named a release. Raises ReleaseError for a preview that fails."""
    own = settings.parse(_text(settings.FILE))
    packs = tuple(str(ROOT / pack) for pack in own.policy_packs)
    states = {stack: fingerprint(pulumi.deployment(stack)) for stack in stacks}
    with tempfile.TemporaryDirectory(prefix="longshore-release-") as folder:

        def one(stack: str) -> ChangeModel:
            file = _locked(stack, release, Path(folder))
            return preview(stack, Place(ROOT, pulumi.environment_of(stack), file), packs).model(Redactor())

        found = models(stacks, one, lambda text: typer.echo(text, err=True), AT_ONCE)
    for stack, model in found.items():
        if model.run.failed:
            raise ReleaseError(f"stack {stack}", f"its preview with {release} fails: {model.run.error}", "mend that")
    bench = Bench(own, acks.parse(_text(own.acknowledgements), own.acknowledgements), datetime.now(UTC).date())
    reviews = tuple(judge(stack, _with_file(model, stack, release), None, bench) for stack, model in found.items())
    plans = {stack: model.fingerprint() for stack, model in found.items()}
    previewed = Previewed(plans, states, worst(reviews), _acknowledged(reviews))
    return Judged(previewed, _review(repository, reviews))


def worst(reviews: Sequence[StackReview]) -> str:
    """Return the gravest risk that nobody acknowledged, as a gate names it; a binding policy's violation blocks."""
    if any(violation.blocks for each in reviews for violation in each.model.policies.violations):
        return Severity.BLOCK.name.lower()
    risks = [risk for each in reviews for risk in each.risks if not is_acknowledged(risk, each.acknowledged)]
    return max((risk.severity for risk in risks), default=Severity.NOTE).name.lower() if risks else ""


def _acknowledged(reviews: Sequence[StackReview]) -> tuple[str, ...]:
    found = {risk.id for each in reviews for risk in each.risks if is_acknowledged(risk, each.acknowledged)}
    return tuple(sorted(found))


def _locked(stack: str, release: str, folder: Path) -> Path:
    """Write a stack's file as the promotion would leave it, outside of the project, and return its path."""
    file = folder / Path(file_of(stack)).name
    file.write_text(_changed(stack, release))
    file.chmod(0o600)
    return file


def _changed(stack: str, release: str) -> str:
    def change(document: Any) -> None:
        document["config"][LOCK] = f"releases/{release}.yaml"

    return edited((ROOT / file_of(stack)).read_text(), change)


def _with_file(model: ChangeModel, stack: str, release: str) -> ChangeModel:
    before = (ROOT / file_of(stack)).read_text()
    changes = stack_file.differences(before, _changed(stack, release), Redactor())
    return model.model_copy(update={"stack_file": changes})


def _review(repository: Repository, reviews: tuple[StackReview, ...]) -> Review:
    project = next((each.model.run.project for each in reviews if each.model.run.project), "")
    versions = {name.removeprefix("pulumi-"): metadata.version(name) for name in PARTS}
    return Review(reviews, project=project, head=repository.head(), provenance=versions)


def _text(path: str) -> str | None:
    file = ROOT / path
    return file.read_text() if file.exists() else None
