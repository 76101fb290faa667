"""Which properties differ, each by its own path, as `pulumi preview` shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pulumi.provider.experimental.provider import DiffResponse, PropertyDiff, PropertyDiffKind

from providers.swarm.properties import UNKNOWN, Bag

PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
REPLACING = {
    PropertyDiffKind.ADD: PropertyDiffKind.ADD_REPLACE,
    PropertyDiffKind.DELETE: PropertyDiffKind.DELETE_REPLACE,
    PropertyDiffKind.UPDATE: PropertyDiffKind.UPDATE_REPLACE,
}
Kinds = dict[str, PropertyDiffKind]


def path(parent: str, key: str) -> str:
    """Return the property path of `key` inside `parent`."""
    return f"{parent}.{key}" if PLAIN_KEY.fullmatch(key) else f'{parent}["{key}"]'


def differences(old: Bag, new: Bag, keys: Iterable[str], parent: str = "") -> Kinds:
    """Return path -> kind for each of `keys` that differs; maps (at `parent`) are compared entry by entry."""
    found: Kinds = {}
    for key in keys:
        before, after = old.get(key), new.get(key)
        place = path(parent, key) if parent else key
        if isinstance(before, dict) and isinstance(after, dict):
            found |= differences(before, after, sorted({*before, *after}), place)
        elif kind := _kind(before, after):
            found[place] = kind
    return found


def _kind(before: Any, after: Any) -> PropertyDiffKind | None:
    if after is UNKNOWN:
        return PropertyDiffKind.UPDATE
    if before == after:
        return None
    if before is None:
        return PropertyDiffKind.ADD
    return PropertyDiffKind.DELETE if after is None else PropertyDiffKind.UPDATE


def response(updates: Kinds, replaces: Kinds, delete_first: bool = True) -> DiffResponse:
    """Return the engine's answer; a replacement deletes first, as two nodes can't share one machine, or as told."""
    kinds = updates | {key: REPLACING[kind] for key, kind in replaces.items()}
    return DiffResponse(
        changes=bool(kinds),
        replaces=_properties(replaces),
        delete_before_replace=bool(replaces) and delete_first,
        diffs=_properties(kinds),
        detailed_diff={key: PropertyDiff(kind, input_diff=False) for key, kind in kinds.items()},
    )


def _properties(kinds: Kinds) -> list[str]:
    """Return the whole properties that the paths lie in: the engine lists these beside the paths."""
    return list(dict.fromkeys(re.split(r"[.\[]", place, maxsplit=1)[0] for place in kinds))
