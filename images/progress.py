"""What a long copy tells: one line that changes in a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

QUIET_SECONDS = 10.0
"""How long a pipe or a CI log hears nothing of one and the same part."""


class Progress:
    """Takes news as `where: what`; news about another place is always told."""

    def __init__(self, stream: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._now = now
        self._place = ""
        self._told = 0.0
        self._line = ""

    def __call__(self, text: str) -> None:
        """Tell it, or leave it out."""
        place = text.rpartition(":")[0]
        if self._stream.isatty():
            same = place == self._place and self._line
            self._stream.write(f"\r{text:<{len(self._line)}}" if same else f"{chr(10) * bool(self._line)}{text}")
            self._line = text
        elif place != self._place or self._now() - self._told >= QUIET_SECONDS:
            self._stream.write(f"{text}\n")
            self._told = self._now()
        self._place = place
        self._stream.flush()
