"""What a stream is made of: lines of logs and events of engines, each with its time by the clock of its node."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)")
"""RFC 3339 with up to nine decimals, as the engine writes the time before a line of a log."""


@dataclass(frozen=True)
class Entry:
    """One line or event. What comes from one `source` keeps the order it came in."""

    at: int
    """Nanoseconds since 1970, by the clock of the node."""
    node: str
    source: str
    origin: str
    """What it is about, for people: a task such as `web.1`, or an event's kind."""
    text: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    """More of it, for machines."""

    def line(self) -> str:
        """Return it as text: time to the millisecond, origin, node, text."""
        return f"{stamp(self.at, 3)} {self.origin}@{self.node} | {self.text}"

    def document(self) -> str:
        """Return it as a line of JSON: `time` to the nanosecond, `node`, and its facts."""
        return json.dumps({"time": stamp(self.at), "node": self.node, **self.facts}, ensure_ascii=False)


def stamp(at: int, decimals: int = 9) -> str:
    """Return a time in nanoseconds since 1970 as RFC 3339 in UTC, with so many decimals (at least one)."""
    seconds, rest = divmod(at, 10**9)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{f'{rest:09}'[:decimals]}Z"


def moment(text: str) -> int | None:
    """Return the nanoseconds since 1970 of a time that the engine wrote; None when it is none."""
    found = STAMP.fullmatch(text)
    if not found:
        return None
    seconds = int(datetime.fromisoformat(f"{found[1]}{found[3]}").timestamp())
    return seconds * 10**9 + int((found[2] or "").ljust(9, "0"))
