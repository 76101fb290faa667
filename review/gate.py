"""From risks to a verdict, and from a verdict to an exit code that a pipeline can act on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import IntEnum

from review.model import ChangeModel
from review.risk import Risk, Severity


class Verdict(IntEnum):
    """The outcome of a review. Its value is the exit code; see `exit_code` for OK."""

    UNCHANGED = 0
    OK = 10
    ACK = 20
    BLOCKED = 30
    FAILED = 40

    @property
    def word(self) -> str:
        """The word a report uses."""
        return {0: "no change", 10: "ok", 20: "needs acknowledgement", 30: "blocked", 40: "preview failed"}[self]


def verdict(model: ChangeModel, risks: Iterable[Risk], acknowledged: Collection[str] = ()) -> Verdict:
    """Judge one stack. `acknowledged`: the identifiers of risks that somebody took upon himself."""
    if model.run.failed:
        return Verdict.FAILED
    worst = max((risk.severity for risk in risks if not is_acknowledged(risk, acknowledged)), default=Severity.NOTE)
    if worst is Severity.BLOCK or any(violation.blocks for violation in model.policies.violations):
        return Verdict.BLOCKED
    if worst is Severity.ACK:
        return Verdict.ACK
    return Verdict.OK if model.changed or model.outputs else Verdict.UNCHANGED


def is_acknowledged(risk: Risk, acknowledged: Collection[str]) -> bool:
    """Say whether a risk was acknowledged as it is now. What blocks can't be acknowledged, only overridden."""
    return risk.severity is not Severity.BLOCK and risk.id in acknowledged


def exit_code(verdicts: Iterable[Verdict], detailed: bool = False) -> int:
    """Return the exit code for several stacks: the worst one's. `detailed`: 10 instead of 0 when there are changes."""
    worst = max(verdicts, default=Verdict.UNCHANGED)
    return 0 if worst is Verdict.OK and not detailed else int(worst)
