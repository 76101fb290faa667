"""What a report is about: stacks, their models and risks, and where all of it comes from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from review.gate import Verdict, is_acknowledged, verdict
from review.model import Action, ChangeModel, Resource, digest
from review.reboot import reboots
from review.risk import Risk, Severity, Surroundings
from review.rules import assess

LEVELS = ("low", "medium", "high", "critical")


@dataclass(frozen=True)
class StackReview:
    """One stack: what changes, and what is risky about it.

    `pending`: URNs that an update of the base would change just as well; `remarks`: what to know about
    acknowledgements and settings.
    """

    model: ChangeModel
    risks: tuple[Risk, ...]
    environment: str = ""
    acknowledged: Collection[str] = ()
    pending: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, model: ChangeModel, surroundings: Surroundings | None = None, acknowledged: Collection[str] = ()
    ) -> StackReview:
        """Assess a model."""
        around = surroundings or Surroundings(environment=model.run.stack)
        return cls(model, assess(model, around), around.environment, acknowledged)

    @property
    def name(self) -> str:
        """The stack's name."""
        return self.model.run.stack or "(unknown stack)"

    @cached_property
    def verdict(self) -> Verdict:
        """The stack's outcome."""
        return verdict(self.model, self.risks, self.acknowledged)

    @property
    def level(self) -> str:
        """How risky the change is, in a word."""
        if any(each.blocks for each in self.model.policies.violations):
            return LEVELS[-1]
        return LEVELS[max(risk.severity for risk in self.risks)] if self.risks else "none"

    @cached_property
    def open_risks(self) -> tuple[Risk, ...]:
        """The risks that a reviewer has to look at: all but notes and those acknowledged."""
        return tuple(
            risk
            for risk in self.risks
            if risk.severity > Severity.NOTE and not is_acknowledged(risk, self.acknowledged)
        )

    @cached_property
    def rebooting(self) -> tuple[Resource, ...]:
        """The machines that an update power-cycles."""
        return tuple(resource for resource in self.model.changed if reboots(resource))

    def is_pending(self, risk: Risk) -> bool:
        """Say whether a risk is on the base already: all that it names is pending there."""
        return bool(risk.urns) and self.pending.issuperset(risk.urns)

    def counts(self) -> tuple[int, int, int, int, int]:
        """Return how many are created, updated, rebooted, replaced and deleted."""
        count, down = self.model.counts, len(self.rebooting)
        made = count[Action.CREATE] + count[Action.IMPORT]
        return made, count[Action.UPDATE] - down, down, count[Action.REPLACE], count[Action.DELETE]


@dataclass(frozen=True)
class Review:
    """A report's whole content. `provenance`: what was reviewed by what, for the footer."""

    stacks: tuple[StackReview, ...]
    project: str = ""
    head: str = ""
    base: str = ""
    provenance: dict[str, str] = field(default_factory=dict)

    @cached_property
    def verdict(self) -> Verdict:
        """The worst stack's outcome."""
        return max((stack.verdict for stack in self.stacks), default=Verdict.UNCHANGED)

    def fingerprint(self) -> str:
        """Return the hash of everything that changes."""
        return digest([(stack.name, stack.model.fingerprint()) for stack in self.stacks])

    def headline(self) -> str:
        """Return the outcome as one sentence."""
        blockers = [stack.name for stack in self.stacks if stack.verdict is Verdict.BLOCKED]
        waiting = sum(risk.severity is Severity.ACK for stack in self.stacks for risk in stack.open_risks)
        failed = [stack.name for stack in self.stacks if stack.verdict is Verdict.FAILED]
        parts = [f"preview of {', '.join(failed[:3])} failed"] if failed else []
        if blockers:
            count = sum(_blocks(stack) for stack in self.stacks)
            parts.append(f"{count} blocker{'s' * (count != 1)} in {', '.join(blockers[:3])}")
        if waiting:
            parts.append(f"{waiting} need{'s' * (waiting == 1)} acknowledgement")
        if not parts:
            return "no change" if self.verdict is Verdict.UNCHANGED else "nothing that needs your attention"
        return " · ".join(parts)


def _blocks(stack: StackReview) -> int:
    risks = sum(risk.severity is Severity.BLOCK for risk in stack.risks)
    return risks + sum(violation.blocks for violation in stack.model.policies.violations)
