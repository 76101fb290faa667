"""How much a report tells, and how it says what it leaves out."""

from __future__ import annotations

from enum import IntEnum


class Detail(IntEnum):
    """Levels of detail, each with less than the one before."""

    FULL = 0
    RISKY = 1
    PATHS = 2
    COMPONENTS = 3
    COUNTS = 4
    BARE = 5

    @property
    def omission(self) -> str:
        """What this level leaves out, for the footer."""
        return (
            "",
            "the property differences of changes without risk were left out",
            "all property differences were left out",
            "the lists of resources were left out, counts for each component stand for them",
            "the lists of resources were left out",
            "lists were left out and risks told once for each rule",
        )[self]
