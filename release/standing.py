"""How far an environment's last promotion is, by its log: what was approved, begun, done, and verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from spec.errors import ReleaseError, StaleError
from spec.promotion import Application, Promotion, Record, Verification

Step = Literal["apply", "resume", "done"]


@dataclass(frozen=True)
class Standing:
    """The last promotion, and what happened since."""

    promotion: Promotion
    since: tuple[Record, ...]

    def last(self, stack: str) -> Application | None:
        """Return the last thing that happened to a stack for this promotion."""
        return next((each for each in reversed(self._applications(stack))), None)

    def begun(self, stack: str) -> Application | None:
        """Return the first update of a stack for this promotion: it knows what was approved."""
        return next((each for each in self._applications(stack) if each.result == "begun"), None)

    def began(self, stack: str) -> datetime:
        """Return when the last update of a stack began; raises ValueError when none did."""
        return max(each.at for each in self._applications(stack) if each.result == "begun")

    def verification(self) -> Verification | None:
        """Return the last verification of this promotion."""
        return next((each for each in reversed(self.since) if isinstance(each, Verification)), None)

    def _applications(self, stack: str) -> list[Application]:
        return [each for each in self.since if isinstance(each, Application) and each.stack == stack]


def standing(environment: str, records: Sequence[Record]) -> Standing:
    """Return how far the last promotion of an environment is. Raises ReleaseError before the first."""
    found = latest(records)
    if found is None:
        fix = f"promote one: `longshore release promote RELEASE --to {environment}`"
        raise ReleaseError(f"environment {environment}", "no release was promoted to it yet", fix)
    return found


def latest(records: Sequence[Record]) -> Standing | None:
    """Return how far the last promotion is; None before the first."""
    for number in range(len(records) - 1, -1, -1):
        record = records[number]
        if isinstance(record, Promotion):
            return Standing(record, tuple(records[number + 1 :]))
    return None


def step(environment: str, stack: str, promotion: Promotion, last: Application | None, state: str) -> Step:
    """Return what is left to do for a stack whose state has this fingerprint.

    Raises StaleError when the state is neither the one that was approved nor one that this promotion left.
    """
    if last and last.result == "succeeded" and last.state == state:
        return "done"
    if promotion.states.get(stack) == state:
        return "apply"
    if last and last.result != "succeeded" and last.state in (None, state):
        return "resume"
    since = f"{last.at:%Y-%m-%d %H:%M} UTC, when it was last applied" if last else f"{promotion.at:%Y-%m-%d %H:%M} UTC"
    found = f"its state has changed since {since}" if stack in promotion.states else "was promoted without a preview"
    raise StaleError(
        f"stack {stack}", found,
        f"see what happened (`longshore release audit`), then approve a new preview: "
        f"`longshore release promote {promotion.release} --to {environment} --again`",
    )  # fmt: skip
