"""One difference from what was deployed, in sentences, and the report that holds them all."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, computed_field

HARMFUL_EXIT = 9
"""The exit code of `longshore drift` when something harms."""


class Harm(StrEnum):
    """Whether a difference needs anybody."""

    HARMFUL = "harmful"
    HARMLESS = "harmless"


class Finding(BaseModel):
    """One difference. `against`: what it was compared with; `up`: what an update would do about it."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    kind: str
    """What sort of difference it is, such as `node-availability`; listed in docs/drift.md."""
    harm: Harm
    """Whether it harms."""
    subject: str
    """Whose it is: a node, a service, a secret, a rule, by name."""
    what: str
    """What was found."""
    against: str
    """What it was compared with, or since when it is so."""
    up: str
    """What `longshore up` would do about it."""
    fix: str
    """What to do."""


class Report(BaseModel):
    """All that was found on one stack."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    version: Literal[1] = 1
    """The version of this form; a new one when a field changes its meaning or goes."""
    stack: str
    """The stack's name."""
    findings: tuple[Finding, ...] = ()
    """What was found: harmful first, then by subject."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def harmful(self) -> int:
        """How many findings harm."""
        return sum(each.harm is Harm.HARMFUL for each in self.findings)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def harmless(self) -> int:
        """How many findings don't."""
        return len(self.findings) - self.harmful

    @property
    def exit_code(self) -> int:
        """Return 0, or HARMFUL_EXIT when something harms."""
        return HARMFUL_EXIT if self.harmful else 0


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings: harmful first, then by subject and kind; the same twice only once."""
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda each: (each.harm is Harm.HARMLESS, each.subject, each.kind, each.what)))
