"""A model without its values, for places that anybody can read: paths and risks stay, for they were judged before."""

from __future__ import annotations

from typing import Any

from review.marks import HIDDEN
from review.model import Change, ChangeModel, Drift, Resource
from review.paths import root
from review.reboot import HOT_FLAGS
from review.redact import Redactor, settle


def withheld(model: ChangeModel) -> ChangeModel:
    """Return a model that names what changes and shows no value but a machine's size, which tells if it reboots."""
    return model.model_copy(update={name: _field(getattr(model, name)) for name in ChangeModel.model_fields})


def _field(value: Any) -> Any:
    return tuple(_item(each) for each in value) if isinstance(value, tuple) else value


def _item(value: Any) -> Any:
    if isinstance(value, Change):
        return _change(value)
    if isinstance(value, Resource):
        return _resource(value)
    return value.model_copy(update={"changes": _field(value.changes)}) if isinstance(value, Drift) else value


def _resource(resource: Resource) -> Resource:
    hide = {"before": _values(resource.before), "after": _values(resource.after), "facts": {}}
    return resource.model_copy(update={**hide, "changes": _field(resource.changes)})


def _change(change: Change) -> Change:
    if root(change.path) in HOT_FLAGS:
        return change
    before, after = _values(change.before), _values(change.after)
    hidden = HIDDEN in (before, after)
    return change.model_copy(update={"before": before, "after": after, "concealed": change.concealed or hidden})


def _values(value: Any) -> Any:
    return settle(Redactor(values="none").value(value))
