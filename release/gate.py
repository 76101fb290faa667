"""One gate on a release's way: what it asks, how it stands, and what is missing."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from review.model import Frozen

EXIT_WAITING = 7
"""The exit code when a gate stands in the way: that of ReleaseError."""


class State(StrEnum):
    """How a gate stands."""

    PASSED = "passed"
    WAITING = "waiting"
    """Time or people will do."""
    FAILED = "failed"
    """Somebody has to change something."""
    UNKNOWN = "unknown"
    """It was not looked at; that is no pass."""
    OVERRIDDEN = "overridden"
    """Not passed, and somebody went past it, with a reason that is logged."""


class Step(StrEnum):
    """When a gate has to be passed."""

    PROMOTE = "promote"
    """Before a promotion is made, and still when it is applied."""
    APPLY = "apply"
    """When it is applied: a promotion may wait for it."""


class Gate(Frozen):
    """A gate. `found`: what there is; `fix`: what is missing; `until`: when time alone will open it."""

    name: str
    state: State
    found: str
    fix: str = ""
    until: datetime | None = None
    step: Step = Step.APPLY

    def blocks(self, step: Step) -> bool:
        """Say whether it stands in the way of a step."""
        is_open = self.state in (State.PASSED, State.OVERRIDDEN)
        return not is_open and (step is Step.APPLY or self.step is Step.PROMOTE)


def passed(name: str, found: str, step: Step = Step.APPLY) -> Gate:
    """Return a gate that is open."""
    return Gate(name=name, state=State.PASSED, found=found, step=step)


def waits(name: str, found: str, fix: str, until: datetime | None = None, step: Step = Step.APPLY) -> Gate:
    """Return a gate that time or people will open."""
    return Gate(name=name, state=State.WAITING, found=found, fix=fix, until=until, step=step)
