"""What a rule found, and how grave it is."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

from pydantic import Field

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


class Thresholds(Frozen):
    """From when on many are too many."""

    deleted: int = Field(default=5, ge=0, description="MASS-DELETE: more deleted resources than this,")
    deleted_share: float = Field(default=0.2, ge=0, le=1, description="and more than this share of the stack.")
    fleet_share: float = Field(default=0.5, gt=0, le=1, description="VM-FLEET-REPLACED: this share of a pool or more.")


class Surroundings(Frozen):
    """What is known about the stack and not in its event log. `classes`: a project's own, by rule and kind."""

    environment: str = "prod"
    today: date = date.min
    thresholds: Thresholds = Thresholds()
    classes: dict[str, dict[str, Severity]] = {}
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
