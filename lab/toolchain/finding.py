"""One line of an examination: a part, whether it will do, and what to do if not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A part of the toolchain, or a thing its build needs, as found on this machine."""

    part: str
    ok: bool
    found: str
    fix: str = ""

    @property
    def detail(self) -> str:
        """What was found and, where that won't do, the way out."""
        return self.found if self.ok or not self.fix else f"{self.found}: {self.fix}"
