"""A model without its values, for places that anybody can read: paths and risks stay, for they were judged before."""

from __future__ import annotations

from typing import Any

from review.marks import HIDDEN
from review.model import Change, ChangeModel, Resource
from review.paths import root
from review.reboot import HOT_FLAGS
from review.redact import Redactor, settle


def withheld(model: ChangeModel) -> ChangeModel:
    """Return a model that names what changes and shows no value but a machine's size, which tells if it reboots."""
    kept = {name: getattr(model, name) for name in ChangeModel.model_fields}  # a copy would share what is cached
    drift = [each.model_copy(update={"changes": _changes(each.changes)}) for each in model.drift]
    resources = tuple(_resource(each) for each in model.resources)
    return ChangeModel(
        **{
            **kept,
            "resources": resources,
            "outputs": _changes(model.outputs),
            "stack_file": _changes(model.stack_file),
            "drift": tuple(drift),
        },
    )


def _resource(resource: Resource) -> Resource:
    hide = {"before": _values(resource.before), "after": _values(resource.after), "facts": {}}
    return resource.model_copy(update={**hide, "changes": _changes(resource.changes)})


def _changes(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    return tuple(_change(each) for each in changes)


def _change(change: Change) -> Change:
    if root(change.path) in HOT_FLAGS:
        return change
    before, after = _values(change.before), _values(change.after)
    hidden = HIDDEN in (before, after)
    return change.model_copy(update={"before": before, "after": after, "concealed": change.concealed or hidden})


def _values(value: Any) -> Any:
    return settle(Redactor(values="none").value(value))
