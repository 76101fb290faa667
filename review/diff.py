"""Two values, leaf by leaf. Lists of things that have a name are compared by that name, not by position."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from review.paths import child, item

KEYS = ("name", "label", "target", "id", "internal", "targetPort", "path", "source", "key")
"""What identifies an item of a list, the most telling first."""
_ABSENT = object()
_SCALARS = frozenset({str, int, float, bool, type(None)})


class Leaf(NamedTuple):
    """One leaf that differs."""

    path: str
    kind: Literal["add", "delete", "update"]
    before: Any
    after: Any


def leaves(before: Any, after: Any, path: str = "") -> Iterator[Leaf]:
    """Yield the leaves that differ. Keys that start with `__` are a provider's own notes and left out."""
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _dicts(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(before, after, path)
    elif not _is_same(before, after):
        yield Leaf(path, "update", before, after)


def _dicts(before: dict[str, Any], after: dict[str, Any], path: str) -> Iterator[Leaf]:
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name, _ABSENT), after.get(name, _ABSENT)
        if not name.startswith("__") and not _is_same_scalar(old, new):
            yield from _pair(old, new, child(path, name))


def _lists(before: list[Any], after: list[Any], path: str) -> Iterator[Leaf]:
    key = identity(before, after)
    if key is None and _assigned(before) and _assigned(after):
        yield from _dicts_of(before, after, path)
    elif key is None:
        if _scalars(before) and _scalars(after):
            yield from _sets(before, after, path)
        else:
            for index in range(max(len(before), len(after))):
                yield from _pair(_at(before, index), _at(after, index), item(path, index))
    else:
        yield from _keyed(before, after, key, path)


def _keyed(before: list[Any], after: list[Any], key: str, path: str) -> Iterator[Leaf]:
    old, new = ({str(each[key]): each for each in side} for side in (before, after))
    for name in [*old, *(name for name in new if name not in old)]:
        yield from _pair(old.get(name, _ABSENT), new.get(name, _ABSENT), item(path, name))


def _assigned(values: list[Any]) -> bool:
    """Say whether these are all `NAME=value`, each name once."""
    names = [each.partition("=")[0] for each in values if isinstance(each, str) and "=" in each]
    return len(names) == len(values) == len(set(names)) and all(name.isidentifier() for name in names)


def _dicts_of(before: list[str], after: list[str], path: str) -> Iterator[Leaf]:
    old, new = (dict(each.split("=", 1) for each in side) for side in (before, after))
    for name in [*old, *(name for name in new if name not in old)]:
        yield from _pair(old.get(name, _ABSENT), new.get(name, _ABSENT), item(path, name))


def _sets(before: list[Any], after: list[Any], path: str) -> Iterator[Leaf]:
    """Compare lists of scalars: one that only gained or lost items shows those alone."""
    if len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _pair(old, new, item(path, index))
        return
    for index in _unmatched(before, after):
        yield Leaf(item(path, index), "delete", before[index], None)
    for index in _unmatched(after, before):
        yield Leaf(item(path, index), "add", None, after[index])


def _unmatched(values: list[Any], others: list[Any]) -> Iterator[int]:
    """Yield the indexes of values that have no counterpart of their own among the others."""
    left = list(others)
    for index, each in enumerate(values):
        twin = next((n for n, other in enumerate(left) if _is_same(each, other)), None)
        if twin is None:
            yield index
        else:
            del left[twin]


def _pair(before: Any, after: Any, path: str) -> Iterator[Leaf]:
    if before is _ABSENT:
        if after is not None:
            yield Leaf(path, "add", None, after)
    elif after is _ABSENT:
        if before is not None:
            yield Leaf(path, "delete", before, None)
    else:
        yield from leaves(before, after, path)


def identity(before: list[Any], after: list[Any]) -> str | None:
    """Return the key that tells the items of two lists apart, or None."""
    every = [*before, *after]
    if not every or not all(isinstance(each, dict) for each in every):
        return None
    for key in KEYS:
        if all(isinstance(each.get(key), str | int) for each in every) and all(
            len({each[key] for each in side}) == len(side) for side in (before, after)
        ):
            return key
    return None


def _scalars(values: list[Any]) -> bool:
    return not any(isinstance(each, dict | list) for each in values)


def _at(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else _ABSENT


def _is_same_scalar(before: Any, after: Any) -> bool:
    """Say whether these are surely the same, before a path is made for them: most of a resource stays as it is."""
    return type(before) is type(after) and type(before) in _SCALARS and bool(before == after)


def _is_same(before: Any, after: Any) -> bool:
    """State files give `4.0` where a program says `4`; `True` is no number."""
    return bool(before == after) and isinstance(before, bool) == isinstance(after, bool)
