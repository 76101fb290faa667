"""Judges models by a project's settings and acknowledgements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from review import acks
from review.acks import Ack
from review.ignore import ignore
from review.model import ChangeModel
from review.pending import pending
from review.report.content import StackReview
from review.settings import Settings


@dataclass(frozen=True)
class Bench:
    """By what changes are judged. `environment`: named by hand; `encryption`: keys of each stack file that change."""

    settings: Settings
    acks: tuple[Ack, ...] = ()
    today: date = date.min
    environment: str = ""
    encryption: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def judge(stack: str, head: ChangeModel, base: ChangeModel | None, bench: Bench) -> StackReview:
    """Return the review of one stack. `base`: what an update of the base would do, when that was asked."""
    model = ignore(head, bench.settings.ignore, bench.today)
    around = bench.settings.surroundings(stack, bench.today, bench.environment)
    around = around.model_copy(update={"encryption_changed": bench.encryption.get(stack, ())})
    found = StackReview.of(model, around)
    remarks = (*bench.remarks, *acks.remarks(found.risks, bench.acks, stack, bench.today), *_of_base(base))
    return StackReview(
        model,
        found.risks,
        around.environment,
        acks.accepted(found.risks, bench.acks, stack, bench.today),
        pending(model, ignore(base, bench.settings.ignore, bench.today)) if base else frozenset(),
        remarks,
    )


def _of_base(base: ChangeModel | None) -> tuple[str, ...]:
    if base is None or not base.run.failed:
        return ()
    return (f"the preview of the base failed, so what is pending there is not known: {base.run.error}",)
