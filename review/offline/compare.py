"""Two rehearsals as one change model: what the program would do differently, never compared with what exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from review.build import StateFacts, from_log
from review.events import EventLog, State, Step, SummaryEvent
from review.model import ChangeModel
from review.offline.rehearsal import Registration, Rehearsal
from review.paths import parse
from review.redact import Redactor

IMMUTABLE = {
    "docker:index/network:Network",
    "docker:index/secret:Secret",
    "docker:index/serviceConfig:ServiceConfig",
    "docker:index/volume:Volume",
}
"""Types whose every change replaces them (pulumi-docker, schema.json: all their inputs are replaceOnChanges)."""
CONTENT = {"swarm:index:Secret", "swarm:index:Config"}
"""Types that are replaced when their content changes (providers/swarm/stored.py)."""


def compare(stack: str, base: Rehearsal, head: Rehearsal, redactor: Redactor) -> ChangeModel:
    """Return the model of what differs. A failed rehearsal is a failed preview, with its error."""
    failed = next(((name, each.error) for name, each in (("head", head), ("base", base)) if each.error), None)
    log = EventLog(steps=[] if failed else list(_steps(base, head)), summary=SummaryEvent(result="succeeded"))
    facts = StateFacts({each.urn: each.dependencies for each in (*base.resources, *head.resources)}, {})
    model = from_log(log, redactor, facts)
    error = redactor.text(f"rehearsal of the {failed[0]}: {failed[1]}").strip() if failed else ""
    run = {
        "stack": stack,
        "project": head.project or base.project,
        "offline": True,
        "failed": bool(failed),
        "error": error,
    }
    return model.model_copy(update={"run": model.run.model_copy(update=run)})


def _steps(base: Rehearsal, head: Rehearsal) -> Iterator[Step]:
    old = {each.urn: each for each in base.resources}
    new = {each.urn: each for each in head.resources}
    for urn in {**old, **new}:
        yield from _step(old.get(urn), new.get(urn))


def _step(old: Registration | None, new: Registration | None) -> Iterator[Step]:
    if old is None or new is None:
        yield from _one("create" if new else "delete", old, new)
        return
    inputs = _kept(old, new)
    if old.trigger != new.trigger or _another(old, inputs):
        order = ("create-replacement", "replace", "delete-replaced")
        for op in reversed(order) if new.delete_before_replace else order:
            yield from _one(op, old, new, list(inputs if old.trigger == new.trigger else ()), op == "replace")
    else:
        yield from _one("same" if inputs == old.inputs else "update", old, new)


def _another(old: Registration, inputs: dict[str, object]) -> bool:
    """Tell whether a change can't be made in place."""
    if old.type in CONTENT:
        return any(inputs.get(key) != old.inputs.get(key) for key in ("data", "template"))
    return old.type in IMMUTABLE and inputs != old.inputs


def _one(
    op: str, old: Registration | None, new: Registration | None, keys: list[str] | None = None, logical: bool = True
) -> Iterator[Step]:
    alive = new or old
    if alive is not None:
        differing = [key for key in keys or () if old and new and old.inputs.get(key) != new.inputs.get(key)]
        before = _state(old, old.inputs) if old else None
        after = _state(new, _kept(old, new) if old else new.inputs) if new else None
        yield Step(op=op, urn=alive.urn, type=alive.type, logical=logical, keys=differing, old=before, new=after)


def _kept(old: Registration, new: Registration) -> dict[str, object]:
    """Return the new inputs as the engine would take them: what is to be ignored stays as it was."""
    kept: Any = new.inputs
    for path in new.ignore_changes:
        kept = _with_old(kept, old.inputs, parse(path))
    return dict(kept)


def _with_old(value: Any, old: Any, path: tuple[str | int, ...]) -> Any:
    """Return `value` with what is at `path` as in `old`. Items of lists are left alone: their places may differ."""
    if not path or not isinstance(value, dict):
        return old if not path else value
    key, before = str(path[0]), old if isinstance(old, dict) else {}
    if len(path) == 1 and key not in before:
        return {each: one for each, one in value.items() if each != key}
    if len(path) > 1 and key not in value:
        return value
    return {**value, key: _with_old(value.get(key), before.get(key), path[1:])}


def _state(each: Registration, inputs: dict[str, object]) -> State:
    return State(
        urn=each.urn,
        parent=each.parent,
        custom=each.custom,
        protect=each.protect,
        retain_on_delete=each.retain_on_delete,
        inputs=inputs,
    )
