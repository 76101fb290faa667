"""Why a value of a compose file can't be honoured, before anybody knows where it is written."""

from __future__ import annotations


class RefusalError(ValueError):
    """What was found, as its text, and what to write instead, as `fix`. Whoever knows the line tells it."""

    def __init__(self, found: str, fix: str) -> None:
        super().__init__(found)
        self.fix = fix
