"""What a rule found, and how grave it is."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

from review.model import Frozen


class Severity(IntEnum):
    """What a risk asks of the reviewer."""

    NOTE = 0
    WARN = 1
    ACK = 2
    BLOCK = 3

    @property
    def word(self) -> str:
        """The word a report uses."""
        return ("note", "warning", "needs acknowledgement", "blocks")[self]


class Surroundings(Frozen):
    """What is known about the stack and not in its event log."""

    environment: str = "prod"
    today: date = date.min
    freeze: str = ""
    encryption_changed: tuple[str, ...] = ()
    release: str = ""
    release_digests: tuple[str, ...] | None = None
    consumers: dict[str, tuple[str, ...]] = {}


class Risk(Frozen):
    """One risk. What happens, why, and what to do instead; the fingerprint binds an acknowledgement to it."""

    rule: str
    severity: Severity
    what: str
    why: str = ""
    do: str = ""
    urns: tuple[str, ...] = ()
    fingerprint: str = ""

    @property
    def id(self) -> str:
        """What a reviewer acknowledges: it changes when the change does."""
        return f"{self.rule}-{self.fingerprint}"
