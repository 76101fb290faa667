"""Compose files over one another, and a service over the one it extends (compose-spec, 13-merge)."""

from __future__ import annotations

from typing import Any

from spec.compose.source import Document, Key, Place

REPLACED = {"command", "entrypoint", "test"}
"""Lists that a later file replaces as a whole."""
MAPPED = {"environment", "labels", "sysctls", "extra_hosts", "driver_opts", "options", "annotations"}
"""Keys that may be written as a list of `NAME=value`, and are merged by name."""
NAMED = {"networks", "depends_on"}
"""Keys that may be written as a list of names, and are merged by name; inside a service only."""
IDENTITY: dict[str, tuple[str, ...]] = {"volumes": ("target",), "configs": ("source",), "secrets": ("source",)}


def merged(base: Document, over: Document) -> Document:
    """Return `over` laid over `base`."""
    lines = dict(base.lines)
    data = _maps(base.data, over.data, (), over, lines)
    return Document(data, lines)


def laid_over(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return one service laid over another."""
    return _maps(base, over, ("services", ""), Document(over), {})


def named(value: Any) -> Any:
    """Return a list of `NAME=value` or `NAME` as a mapping; a mapping as it is."""
    if not isinstance(value, list):
        return value
    parts = [str(each).partition("=") for each in value]
    return {name: (after if mark else None) for name, mark, after in parts}


def _maps(
    base: dict[str, Any], over: dict[str, Any], place: Place, source: Document, lines: dict[Place, str]
) -> dict[str, Any]:
    result = dict(base)
    for key, value in over.items():
        inner = (*place, key)
        lines.update({each: line for each, line in source.lines.items() if each[: len(inner)] == inner})
        result[key] = _values(key, base[key], value, inner, source, lines) if key in base else value
    return result


def _values(key: Key, base: Any, over: Any, place: Place, source: Document, lines: dict[Place, str]) -> Any:
    inside_service = len(place) > 2 and place[0] == "services"
    if key in MAPPED:
        base, over = named(base), named(over)
    elif key in NAMED and inside_service:
        base, over = _by_name(base), _by_name(over)
    if isinstance(base, dict) and isinstance(over, dict):
        return _maps(base, over, place, source, lines)
    if isinstance(base, list) and isinstance(over, list) and key not in REPLACED:
        return _lists(str(key), base, over)
    return over


def _by_name(value: Any) -> Any:
    return dict.fromkeys(value) if isinstance(value, list) else value


def _lists(key: str, base: list[Any], over: list[Any]) -> list[Any]:
    taken = [_identity(key, each) for each in over]
    return [each for each in base if _identity(key, each) not in taken] + over


def _identity(key: str, item: Any) -> str:
    if key in IDENTITY and isinstance(item, dict):
        return "|".join(str(item.get(part)) for part in IDENTITY[key])
    if key == "volumes" and isinstance(item, str):
        parts = item.split(":")
        return parts[1] if len(parts) > 1 else parts[0]
    return str(item)
