"""Two environments, key by key: what only one of them has, what is of another type, and what merely differs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from review import paths
from review.diff import Leaf, leaves
from review.marks import SEALED
from review.model import Frozen
from review.redact import Redactor, settle

OF_THE_RELEASE = ("release",)
"""Keys that a promotion changes: what they say differs is shown as the difference of two releases."""


class Kind(StrEnum):
    """How two environments differ in a key."""

    LEFT = "only left"
    RIGHT = "only right"
    TYPE = "type"
    VALUE = "value"


class Difference(Frozen):
    """One key. `is_expected`: the environments say that it may differ; values are empty where they aren't shown."""

    path: str
    kind: Kind
    left: Any = None
    right: Any = None
    is_expected: bool = False


def differences(
    left: Mapping[str, Any], right: Mapping[str, Any], allowed: tuple[str, ...] = (), are_released: bool = False
) -> tuple[Difference, ...]:
    """Return what differs between two stack files' values (`spec.load.written`), the gravest first, redacted.

    Of a secret only that it is there counts: whether two are equal can't be known. `allowed`: patterns of keys that
    are expected to differ. `are_released`: images come from releases on both sides.
    """
    redactor = Redactor()
    one, other = (redactor.value(_sealed(_own(each))) for each in (left, right))
    found = [_difference(leaf, allowed) for leaf in leaves(one, other)]
    own = [each for each in found if not (are_released and matches(each.path, "services.*.image"))]
    return tuple(sorted(own, key=lambda each: (each.is_expected, list(Kind).index(each.kind), each.path)))


def matches(path: str, pattern: str) -> bool:
    """Say whether a key is the pattern's, or lies below it; `*` stands for one part."""
    parts, wanted = [str(each) for each in paths.parse(path)], pattern.split(".")
    return len(parts) >= len(wanted) and all(map(fnmatchcase, parts, wanted))


def _difference(leaf: Leaf, allowed: tuple[str, ...]) -> Difference:
    path, left, right = str(settle(leaf.path)), settle(leaf.before), settle(leaf.after)
    is_expected = any(matches(path, pattern) for pattern in allowed)
    if leaf.kind != "update":
        side = Kind.LEFT if leaf.kind == "delete" else Kind.RIGHT
        return Difference(path=path, kind=side, left=left, right=right, is_expected=is_expected)
    is_value = _type(left) == _type(right)
    kind = Kind.VALUE if is_value else Kind.TYPE
    return Difference(path=path, kind=kind, left=left, right=right, is_expected=is_expected and is_value)


def _own(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in OF_THE_RELEASE}


def _type(value: Any) -> str:
    """Return what a value is, as people say it; whole and broken numbers are one type."""
    if value == SEALED:
        return "secret"
    names = {bool: "yes or no", int: "number", float: "number", str: "text", list: "list", dict: "mapping"}
    return names.get(type(value), "nothing" if value is None else type(value).__name__)


def told(each: Difference) -> tuple[str, str]:
    """Return both sides as people read them: a type where that is what differs."""
    if each.kind is Kind.TYPE:
        return f"{_shown(each.left)} ({_type(each.left)})", f"{_shown(each.right)} ({_type(each.right)})"
    return _shown(each.left), _shown(each.right)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(map(str, list(value)[:6]))}{', …' * (len(value) > 6)}}}"
    return "" if value is None else str(value)


def _sealed(value: Any) -> Any:
    """Return a value with plain types, each secret as the same mark; nothing of it is kept."""
    if isinstance(value, Mapping):
        return SEALED if set(value) == {"secure"} else {str(key): _sealed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_sealed(each) for each in value]
    return value if isinstance(value, bool | int | float | str | None) else str(value)


def unexpected(found: tuple[Difference, ...]) -> Iterator[Difference]:
    """Yield what nobody said may differ."""
    return (each for each in found if not each.is_expected)
