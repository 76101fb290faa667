"""A change as lines of a diff: documents are taken apart, long texts compared line by line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from review.diff import leaves
from review.marks import COMPUTED, HIDDEN, SEALED
from review.model import Change
from review.report.show import cap, image_parts, is_image, show

Sign = Literal["+", "-", "~", " "]
MOST = 40
"""Lines that one change may take."""
DEEPEST = 3
"""Documents within documents that are taken apart."""


class Line(NamedTuple):
    """A line of a diff."""

    sign: Sign
    text: str


def lines(change: Change) -> list[Line]:
    """Return a change as lines, at most MOST and one that says what is left out."""
    found = list(_concealed(change) if change.concealed else _between(change.path, change.before, change.after, 0))
    if change.replaces and found:
        found[0] = Line(found[0].sign, f"{found[0].text}  (replaces)")
    return found if len(found) <= MOST else [*found[:MOST], Line(" ", f"… {len(found) - MOST} more lines")]


def _concealed(change: Change) -> Iterator[Line]:
    """Say that a hidden value changes, and whether it becomes secret or ceases to be."""
    before, after = change.before, change.after
    if before is None:
        yield Line("+", f"{change.path}: {after}")
    elif after is None:
        yield Line("-", f"{change.path}: {before}")
    elif before == after:
        yield Line("~", f"{change.path}: {'«secret, changed»' if after == SEALED else '«hidden, changed»'}")
    elif after == COMPUTED or before == COMPUTED:
        yield Line("~", f"{change.path}: {before} → {after}")
    else:
        note = "«was plain, is secret now»" if after == SEALED else "«was secret, is plain now»"
        yield Line("~", f"{change.path}: {note if SEALED in (before, after) else HIDDEN}")


def _between(path: str, before: Any, after: Any, depth: int) -> Iterator[Line]:
    if before == after is not None:
        yield Line("~", f"{path}: (a part that is not shown changes)")
        return
    documents = _documents(path, before, after) if depth < DEEPEST else None
    if documents:
        for leaf in leaves(*documents):
            yield from _between(f"{path} → {leaf.path}", leaf.before, leaf.after, depth + 1)
    elif _is_long(before) or _is_long(after):
        yield Line(" ", f"{path}:")
        yield from _text(before, after)
    else:
        yield from _plain(path, before, after)


def _plain(path: str, before: Any, after: Any) -> Iterator[Line]:
    parts = image_parts(before, after) if is_image(path) else ""
    if before is not None:
        yield Line("-", f"{path}: {show(path, before)}")
    if after is not None:
        yield Line("+", f"{path}: {show(path, after)}" + (f"  ({parts})" if parts else ""))
    if before is None and after is None:
        yield Line("~", f"{path}: (changed)")


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and value.count("\n") > 2


def _text(before: Any, after: Any) -> Iterator[Line]:
    """Compare texts line by line, two lines of context."""
    old, new = (side.splitlines() if isinstance(side, str) else [] for side in (before, after))
    if old == new:
        yield Line("~", "  (only line ends differ)")
    for line in list(difflib.unified_diff(old, new, n=2, lineterm=""))[2:]:
        if line.startswith("@@"):
            yield Line(" ", "  …")
        else:
            sign: Sign = "+" if line[0] == "+" else "-" if line[0] == "-" else " "
            yield Line(sign, f"  {cap(line[1:])}")


def _documents(path: str, before: Any, after: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return both sides as documents when both are one: JSON, YAML, or lines of NAME=value."""
    if not isinstance(before, str) or not isinstance(after, str) or before == after:
        return None
    old = _document(path, before)
    new = _document(path, after) if old is not None else None
    if old is None or new is None or next(leaves(old, new), None) is None:
        return None
    return old, new


def _document(path: str, text: str) -> dict[str, Any] | None:
    stripped = text.strip()
    if stripped.startswith(("{", "[")):
        return _json(stripped)
    if "\n" not in stripped:
        return None
    rows = [row for row in stripped.splitlines() if row.strip() and not row.startswith("#")]
    if all("=" in row and row.partition("=")[0].isidentifier() for row in rows):
        return dict(row.split("=", 1) for row in rows)
    return _yaml(text) if stripped.startswith(("#cloud-config", "---")) or "guestinfo." in path else None


def _json(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else {"": value} if isinstance(value, list) else None


def _yaml(text: str) -> dict[str, Any] | None:
    """Read YAML without anchors or anything else that could grow, as what JSON could say as well."""
    if "&" in text and "*" in text:
        return None
    try:
        value = json.loads(json.dumps(YAML(typ="safe").load(text), default=_plainly))
    except (YAMLError, ValueError, TypeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _plainly(value: Any) -> Any:
    """Return a date, bytes or a set of YAML in JSON's terms."""
    return sorted(map(str, value)) if isinstance(value, set) else str(value)
