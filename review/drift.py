"""What the outputs events tell: drift found by refresh steps, and the stack's own outputs."""

from __future__ import annotations

from collections.abc import Iterable

from review.diff import leaves
from review.differences import covers
from review.events import EventLog, Step
from review.marks import HIDDEN, SEALED
from review.model import Change, Drift
from review.redact import Redactor, conceal, settle

NOTHING: tuple[object, ...] = (None, "", [], {})
"""What a provider reads back where nothing is: one nothing instead of another is no drift."""


def drift(log: EventLog, redactor: Redactor) -> Iterable[Drift]:
    """Yield what a refresh found. In a preview with a refresh, its outcome is in the outputs event, not in the step."""
    refreshed = {step.urn for step in log.steps if step.op == "refresh"}
    for step in log.outputs:
        if step.op == "refresh" or (step.urn in refreshed and step.op in ("update", "delete")):
            found = _found(step, redactor)
            refreshed.discard(step.urn)
            if found:
                yield found


def stack_outputs(log: EventLog, redactor: Redactor) -> tuple[Change, ...]:
    """Return what differs in the stack's outputs, of which other stacks may read."""
    steps = [step for step in log.outputs if step.type == "pulumi:pulumi:Stack" and step.new]
    if not steps:
        return ()
    before, after = ((side and side.outputs) or {} for side in (steps[-1].old, steps[-1].new))
    before, after = conceal(redactor.value(before), redactor.value(after))
    return tuple(_change(leaf.path, leaf.kind, leaf.before, leaf.after) for leaf in leaves(before, after))


def _found(step: Step, redactor: Redactor) -> Drift | None:
    name = step.urn.rpartition("::")[2]
    if step.new is None:
        return Drift(urn=step.urn, type=step.type, name=name, kind="delete")
    if step.old is None:
        return None
    before, after = conceal(redactor.value(step.old.outputs or {}), redactor.value(step.new.outputs or {}))
    found = [leaf for leaf in leaves(before, after) if leaf.before not in NOTHING or leaf.after not in NOTHING]
    named = [leaf for leaf in found if any(covers(path, leaf.path) for path in step.detailed_diff or ())]
    # What the program ignores is in the outputs, but not in the engine's own account of what differs.
    differs = tuple(_change(leaf.path, leaf.kind, leaf.before, leaf.after) for leaf in named or found)
    return Drift(urn=step.urn, type=step.type, name=name, kind="update", changes=differs) if differs else None


def _change(path: str, kind: str, before: object, after: object) -> Change:
    before, after = settle(before), settle(after)
    concealed = any(side in (SEALED, HIDDEN) for side in (before, after) if isinstance(side, str))
    return Change.model_validate(
        {"path": settle(path), "kind": kind, "before": before, "after": after, "concealed": concealed}
    )
