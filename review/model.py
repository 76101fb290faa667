"""The change model: what a preview would do, redacted, in a versioned form that other tools may read.

Its JSON schema is committed as review/schema.json. Nothing in it needs a secret, so it may be written to disk.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """A value: equal by content, never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Action(StrEnum):
    """What happens to a resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    IMPORT = "import"
    READ = "read"
    SAME = "same"


class Change(Frozen):
    """One leaf that differs. `replaces`: this is why the resource is replaced; `concealed`: the value is not shown."""

    path: str
    kind: Literal["add", "delete", "update"]
    before: Any = None
    after: Any = None
    replaces: bool = False
    concealed: bool = False
    computed: bool = False


class Options(Frozen):
    """Resource options that matter to a risk, before or after."""

    protect: bool = False
    retain: bool = False
    taint: bool = False


class Resource(Frozen):
    """One resource of the stack. `before` and `after` are its redacted inputs; None: it does not exist there."""

    urn: str
    type: str
    name: str
    action: Action
    id: str = ""
    parent: str = ""
    provider: str = ""
    order: Literal["create-first", "delete-first", ""] = ""
    reasons: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    facts: dict[str, Any] = Field(default={}, description="Redacted outputs that rules compare, such as an image's id.")
    options_before: Options = Options()
    options_after: Options = Options()
    external: bool = False
    pending_delete: bool = False
    init_errors: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = Field(default=(), description="URNs, when the state was read as well.")
    created: str = Field(default="", description="When the state says it was created, in RFC 3339.")

    @property
    def is_changed(self) -> bool:
        """Say whether anything happens to it at all."""
        return self.action not in (Action.SAME, Action.READ)

    @property
    def goes(self) -> bool:
        """Say whether the thing that exists now is destroyed."""
        return self.action in (Action.REPLACE, Action.DELETE)

    def fingerprint(self) -> str:
        """Return eight hex digits that change when this resource's change does."""
        shape = (self.urn, self.action, self.order, self.reasons, [change.model_dump() for change in self.changes])
        return digest(shape)[:8]


class Drift(Frozen):
    """What somebody changed outside of Pulumi."""

    urn: str
    type: str
    name: str
    kind: Literal["update", "delete"]
    changes: tuple[Change, ...] = ()


class Diagnostic(Frozen):
    """A message of the engine, a provider or the program."""

    severity: Literal["info", "warning", "error"]
    message: str
    urn: str = ""


class Violation(Frozen):
    """A policy that a resource does not meet."""

    policy: str
    pack: str
    enforcement: str
    severity: str
    message: str
    urn: str = ""

    @property
    def blocks(self) -> bool:
        """Say whether the engine would refuse the update."""
        return self.enforcement == "mandatory"


class Policies(Frozen):
    """The result of every policy pack."""

    passed: int = 0
    failed: int = 0
    violations: tuple[Violation, ...] = ()


class Run(Frozen):
    """How the preview went. `partial`: flags that left resources out; `notes`: what to know about the log itself."""

    stack: str = ""
    project: str = ""
    failed: bool = False
    error: str = ""
    cut_off: bool = False
    damaged: int = Field(default=0, description="Lines of the event log that could not be read.")
    offline: bool = Field(default=False, description="Not compared with real state: base and head were rehearsed.")
    partial: tuple[str, ...] = ()
    sequential: bool = False
    maybe_corrupt: bool = False
    seconds: int = 0
    notes: tuple[str, ...] = ()
    counts: dict[str, int] = {}


class ChangeModel(Frozen):
    """Everything a report says comes from here."""

    version: Literal["longshore.review/1"] = "longshore.review/1"
    run: Run = Run()
    resources: tuple[Resource, ...] = ()
    outputs: tuple[Change, ...] = Field(default=(), description="What differs in the stack's own outputs.")
    stack_file: tuple[Change, ...] = Field(default=(), description="What differs in the stack file, base against head.")
    drift: tuple[Drift, ...] = ()
    policies: Policies = Policies()
    diagnostics: tuple[Diagnostic, ...] = ()

    @cached_property
    def changed(self) -> tuple[Resource, ...]:
        """The resources to which something happens."""
        return tuple(resource for resource in self.resources if resource.is_changed)

    @cached_property
    def by_urn(self) -> dict[str, Resource]:
        """Resources by URN; a left-over of an earlier replacement is not among them."""
        return {resource.urn: resource for resource in self.resources if not resource.pending_delete}

    @cached_property
    def counts(self) -> Counter[Action]:
        """How many resources each action happens to."""
        return Counter(resource.action for resource in self.resources)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy a model, but not what was worked out of it: the copy may have other resources."""
        copied = super().model_copy(update=update, deep=deep)
        for name in ("changed", "by_urn", "counts"):
            copied.__dict__.pop(name, None)
        return copied

    def fingerprint(self) -> str:
        """Return the hash of all that changes: an approval is bound to it."""
        return digest(sorted(each.fingerprint() for each in self.resources if each.is_changed or each.changes))


def digest(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON, in hex."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
