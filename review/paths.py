"""Property paths: `disks[0].size`, `extraConfig["guestinfo.userdata"]`, and `disks[data].size` for a keyed list.

Source of the syntax: pulumi/pulumi, sdk/go/common/resource/property_path.go.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_PART = re.compile(r'\[(?P<index>\d+)\]|\["(?P<quoted>(?:[^"\\]|\\.)*)"\]|\[(?P<key>[^\]]*)\]|(?P<name>[^.\[\]]+)|\.')
_PLAIN = re.compile(r"^[A-Za-z_$][\w$-]*$")
_INDEX = re.compile(r"\[[^\]]*\]")


@lru_cache(maxsize=4096)
def parse(path: str) -> tuple[str | int, ...]:
    """Split a path into names and indexes."""
    parts: list[str | int] = []
    for match in _PART.finditer(path):
        if match["index"] is not None:
            parts.append(int(match["index"]))
        elif match["quoted"] is not None:
            parts.append(re.sub(r"\\(.)", r"\1", match["quoted"]))
        elif (name := match["name"] or match["key"]) is not None:
            parts.append(name)
    return tuple(parts)


def child(path: str, name: str) -> str:
    """Return the path of a property of `path`."""
    if _PLAIN.match(name):
        return f"{path}.{name}" if path else name
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'{path}["{quoted}"]'


def item(path: str, key: object) -> str:
    """Return the path of a list's item, by index or by the value of its key."""
    return f"{path}[{key}]"


def root(path: str) -> str:
    """Return the top-level property."""
    parts = parse(path)
    return str(parts[0]) if parts else ""


@lru_cache(maxsize=4096)
def shape(path: str) -> str:
    """Return the path without indexes and keys: `disks[].size`. What rules compare."""
    return _INDEX.sub("[]", path)


def lookup(value: Any, path: str) -> Any:
    """Return what is at `path`, or None."""
    for part in parse(path):
        if isinstance(value, dict):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value
