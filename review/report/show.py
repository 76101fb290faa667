"""A value as a reader wants it: with its unit, its parts, and never too long."""

from __future__ import annotations

import json
import re
from typing import Any

from review.images import parse
from review.paths import shape

LONGEST = 240
UNITS = {
    "memory": "MiB",
    "memoryReservation": "MiB",
    "memoryLimit": "MiB",
    "disks[].size": "GiB",
    "size": "GiB",
    "memoryBytes": "bytes",
    "nanoCpus": "cpus",
    "shutdownWaitTimeout": "min",
    "migrateWaitTimeout": "min",
    "waitForGuestNetTimeout": "min",
    "timeoutSeconds": "s",
    "drainSeconds": "s",
}
"""The unit of a number, by its path or its last name."""
_LAST = re.compile(r"([A-Za-z]\w*)(?:\[\])?$")


def show(path: str, value: Any) -> str:
    """Return a value on one line, at most LONGEST characters."""
    if value is None:
        return "(none)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return quantity(value, unit(path))
    if isinstance(value, str):
        return cap(image(value) if is_image(path) else value or '""')
    return cap(json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=str))


def unit(path: str) -> str:
    """Return the unit of the number at a path, or nothing."""
    form = shape(path)
    last = _LAST.search(form)
    return UNITS.get(form) or UNITS.get(last[1] if last else "", "")


def quantity(value: float, unit_: str) -> str:
    """Return a number with its unit; bytes and billionths of a processor in the unit people think in."""
    if unit_ == "bytes":
        return _bytes(value)
    if unit_ == "cpus":
        return f"{value / 1e9:g} cpus"
    number = str(value) if isinstance(value, int) else f"{value:.12g}"
    return f"{number} {unit_}".rstrip()


def image(reference: str) -> str:
    """Return an image reference with a digest short enough to compare by eye."""
    parts = parse(reference)
    if parts is None or not parts.digest:
        return reference
    kind, _, digest = parts.digest.partition(":")
    return f"{parts.repo}{':' if parts.tag else ''}{parts.tag}@{kind}:{digest[:12]}…"


def is_image(path: str) -> bool:
    """Say whether the value at a path is an image reference."""
    return path == "image" or path.endswith(".image")


def image_parts(before: Any, after: Any) -> str:
    """Return which parts of an image reference differ, as a remark."""
    old, new = parse(before), parse(after)
    if old is None or new is None:
        return ""
    differ = [name for name, one, two in zip(("repository", "tag", "digest"), old, new, strict=True) if one != two]
    return ", ".join(differ)


def cap(text: str, longest: int = LONGEST) -> str:
    """Return a text on one line, cut at `longest` with a note of its length."""
    line = text.replace("\r", "").replace("\n", "⏎")
    return line if len(line) <= longest else f"{line[:longest]}… ({len(line)} characters)"


def _bytes(value: float) -> str:
    for name, size in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if value >= size:
            return f"{value / size:.4g} {name}"
    return f"{value:g} bytes"
