"""Between the engine's PropertyValues and plain Python values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pulumi.provider.experimental.property_value import Computed, PropertyValue
from pulumi.runtime import rpc

Bag = dict[str, Any]


class Unknown:
    """A value that is only known once the update runs."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


def plain(value: PropertyValue) -> Any:
    """Return the Python value inside `value`; whole numbers come back as int, what isn't known yet as UNKNOWN."""
    inner: Any = value.value
    # The SDK's unmarshalling leaves the wire's marker for "unknown" as it is: a text.
    if inner == rpc.UNKNOWN or isinstance(inner, Computed):
        return UNKNOWN
    if isinstance(inner, Mapping):
        return bag(inner)
    if isinstance(inner, Sequence) and not isinstance(inner, str):
        return [plain(item) for item in inner]
    if isinstance(inner, float) and inner.is_integer():
        return int(inner)
    return inner


def bag(values: Mapping[str, PropertyValue]) -> Bag:
    """Return `values` as plain Python, leaving out what is null."""
    unwrapped = {key: plain(value) for key, value in values.items()}
    return {key: value for key, value in unwrapped.items() if value is not None}


def wrap(value: Any) -> PropertyValue:
    """Return `value` as the engine wants it; UNKNOWN becomes the wire's marker."""
    if value is UNKNOWN:
        return PropertyValue(rpc.UNKNOWN)
    if isinstance(value, int) and not isinstance(value, bool):
        return PropertyValue(float(value))
    if isinstance(value, Mapping):
        return PropertyValue(wrapped(value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return PropertyValue([wrap(item) for item in value])
    return PropertyValue(value)


def wrapped(values: Mapping[str, Any]) -> dict[str, PropertyValue]:
    """Return a bag of plain values as the engine wants it, leaving out what is None."""
    return {key: wrap(value) for key, value in values.items() if value is not None}
