"""`stacks/promotions/<environment>.jsonl`: what happened to an environment, one record a line, none ever changed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from spec.base import Name, Spec
from spec.release import Commit, ReleaseId

Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")]


class Entry(Spec):
    """What every record says."""

    at: AwareDatetime
    """When."""
    by: str = Field(min_length=1)
    """Who."""
    previous: str = Field(default="", pattern=r"^([0-9a-f]{16})?$")
    """The first digits of the SHA-256 of the line before; empty on the first. Whoever appends doesn't set it."""


class Promotion(Entry):
    """A release was chosen for the environment: the lock of its stacks was edited in the same commit."""

    kind: Literal["promote", "rollback", "hotfix"] = "promote"
    release: ReleaseId
    """What should run."""
    before: ReleaseId | None = None
    """What should have run until then."""
    commit: Commit
    """The commit it was made on."""
    plans: dict[str, Fingerprint] = {}
    """Each stack's preview, as its model's fingerprint: what an approval is bound to."""
    states: dict[str, Fingerprint] = {}
    """Each stack's state that the preview started from, as a fingerprint."""
    risk: Literal["", "note", "warn", "ack", "block"] = ""
    """The gravest risk of the previews that isn't acknowledged; empty when none was previewed."""
    acknowledged: tuple[str, ...] = ()
    """Identifiers of the risks that were."""
    reason: str = ""
    """Why, of a rollback or hotfix."""


class Approval(Entry):
    """Somebody agreed."""

    kind: Literal["approve"] = "approve"
    release: ReleaseId
    """To what; to the promotion that comes last before this line."""
    reason: str = ""
    """Why, or what was looked at."""


class Application(Entry):
    """An update of a stack to the release began or ended."""

    kind: Literal["apply"] = "apply"
    release: ReleaseId
    stack: str
    """The stack."""
    result: Literal["begun", "succeeded", "failed", "interrupted"]
    """How it ended; `begun` before it starts, and for ever when nobody was left to tell."""
    plan: Fingerprint | None = None
    """The fingerprint of the model that was applied."""
    state: Fingerprint | None = None
    """The fingerprint of the state after it."""
    update: str = ""
    """What tells Pulumi's own history entry apart: its end time, in seconds of the epoch."""
    touches: tuple[str, ...] = ()
    """On `begun`: the URNs it may change, as approved; one that goes on after a failure changes no others."""
    detail: str = ""
    """What to know about it."""


class Check(Spec):
    """One check of a verification."""

    name: str
    """What was asked, such as `http web /health`."""
    ok: bool
    """Whether it held."""
    found: str = ""
    """What was found."""


class Verification(Entry):
    """The environment was checked after an update."""

    kind: Literal["verify"] = "verify"
    release: ReleaseId
    ok: bool
    """Whether every check held: only then the next environment is unlocked."""
    checks: tuple[Check, ...] = ()
    """What was checked."""


class FreezeOn(Entry):
    """Nothing is to be changed from now on."""

    kind: Literal["freeze"] = "freeze"
    reason: str = Field(min_length=1)
    """Why."""
    until: AwareDatetime | None = None
    """When it ends by itself."""


class FreezeOff(Entry):
    """The freeze is over."""

    kind: Literal["unfreeze"] = "unfreeze"
    reason: str = Field(min_length=1)
    """Why."""


class Override(Entry):
    """Somebody went past gates that were not passed."""

    kind: Literal["override"] = "override"
    release: ReleaseId
    gates: tuple[str, ...] = Field(min_length=1)
    """Which."""
    reason: str = Field(min_length=1)
    """Why."""


class OutOfBand(Entry):
    """An update that no promotion asked for was found and looked at: audit doesn't tell it again."""

    kind: Literal["accept"] = "accept"
    stack: str
    update: str
    """The update's end time, in seconds of the epoch, as in Pulumi's history."""
    reason: str = Field(min_length=1)
    """Why it is all right."""


Record = Annotated[
    Promotion | Approval | Application | Verification | FreezeOn | FreezeOff | Override | OutOfBand,
    Field(discriminator="kind"),
]
"""One line."""

RECORD: TypeAdapter[Record] = TypeAdapter(Record)


def environment_file(environment: Name) -> str:
    """Return an environment's file, relative to the project."""
    return f"stacks/promotions/{environment}.jsonl"
