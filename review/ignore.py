"""Leaves out of a model what a project declared to be noise, and says how much that was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from review.model import Action, Change, ChangeModel, Resource
from review.paths import shape
from review.reboot import reboots
from review.settings import Ignore
from review.words import counted


def ignore(model: ChangeModel, rules: Iterable[Ignore], today: date) -> ChangeModel:
    """Return the model without the noise. What replaces, reboots, or conceals a value is never noise."""
    known = tuple(rules)
    valid = [rule for rule in known if today <= rule.until]
    resources = tuple(_quieted(resource, valid) for resource in model.resources)
    notes = tuple(_notes(model, resources, [rule for rule in known if rule not in valid]))
    if not notes:
        return model
    run = model.run.model_copy(update={"notes": (*model.run.notes, *notes)})
    kept = {name: getattr(model, name) for name in ChangeModel.model_fields}  # a copy would share what is cached
    return ChangeModel(**{**kept, "resources": resources, "run": run})


def _quieted(resource: Resource, rules: list[Ignore]) -> Resource:
    if resource.action is not Action.UPDATE or not resource.changes or reboots(resource):
        return resource
    kept = tuple(each for each in resource.changes if not _is_noise(each, resource.type, rules))
    if kept:
        return resource.model_copy(update={"changes": kept})
    return resource.model_copy(update={"action": Action.SAME, "changes": (), "before": None})


def _is_noise(change: Change, kind: str, rules: Iterable[Ignore]) -> bool:
    return not (change.replaces or change.concealed) and any(rule.meets(kind, shape(change.path)) for rule in rules)


def _notes(model: ChangeModel, quieted: tuple[Resource, ...], over: list[Ignore]) -> Iterator[str]:
    count = sum(len(old.changes) - len(new.changes) for old, new in zip(model.resources, quieted, strict=True))
    if count:
        yield f"ignored, by .review.yaml: {counted(count, 'difference')}"
    for rule in over:
        if _quiets_something(model, rule):
            yield f"`{rule.path}` of {rule.type} was ignored until {rule.until}; ask {rule.owner}"


def _quiets_something(model: ChangeModel, rule: Ignore) -> bool:
    return any(_quieted(each, [rule]) is not each and _quieted(each, [rule]) != each for each in model.changed)
