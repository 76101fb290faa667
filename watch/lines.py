"""The lines of a container's log, from what the engine sends."""

from __future__ import annotations

import re

from watch.entry import moment

PIECE = re.compile(rb"\d{4}-\d\d-\d\dT\S{1,24} ")
Line = tuple[int, str]
"""Its time in nanoseconds since 1970, and its text without the line end."""


class Lines:
    """Puts lines together again: the engine cuts a long one (16 KiB and more) and puts a time before each piece."""

    def __init__(self) -> None:
        self._begun = b""

    def feed(self, data: bytes) -> list[Line]:
        """Take what came next; return the lines that are whole now."""
        if self._begun and (piece := PIECE.match(data)):
            data = data[piece.end() :]
        *whole, self._begun = (self._begun + data).split(b"\n")
        return [line for each in whole if (line := parse(each)) is not None]

    def rest(self) -> list[Line]:
        """Return the last line of a log that ended without a line end."""
        begun, self._begun = self._begun, b""
        line = parse(begun)
        return [] if line is None else [line]


def parse(raw: bytes) -> Line | None:
    """Return one line, told from its time; None when there is no time before it."""
    head, _, text = raw.decode(errors="replace").partition(" ")
    at = moment(head)
    return None if at is None else (at, text)
