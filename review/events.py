"""The engine's event log, line by line, as typed events.

Source of the shapes: pulumi/pulumi, sdk/go/common/apitype/events.go. Unknown fields and unknown events are let through;
a log that ends too early says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

Op = str
SKIPPED_OUTPUTS = ('"op":"same"', '"op":"create"', '"op":"update"', '"op":"delete"')
INTERNAL_OPS = {"remove-pending-replace", "discard", "discard-replaced"}


class Event(BaseModel):
    """Anything in the log: fields this program does not know are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True)


class State(Event):
    """A resource before or after a step."""

    urn: str = ""
    id: str = ""
    parent: str = ""
    provider: str = ""
    custom: bool = False
    delete: bool = False
    protect: bool = False
    taint: bool = False
    external: bool = False
    retain_on_delete: bool = False
    inputs: dict[str, Any] | None = None
    outputs: dict[str, Any] | None = None
    init_errors: list[str] | None = None
    hide_diffs: list[Any] | None = None


class PropertyDiff(Event):
    """How one property differs; `input_diff`: old inputs against new ones, else old *outputs* against new inputs."""

    diff_kind: str = "update"
    input_diff: bool = False


class Step(Event):
    """One operation on one resource. `detailed_diff` None: the provider gave none; {}: it gave an empty one."""

    op: Op
    urn: str
    type: str
    logical: bool = False
    provider: str = ""
    keys: list[str] | None = None
    diffs: list[str] | None = None
    detailed_diff: dict[str, PropertyDiff] | None = None
    old: State | None = None
    new: State | None = None


class Facts(TypedDict, total=False):
    """The outputs that are kept of a resource to which nothing happens."""

    id: Any
    imageId: Any
    repoDigest: Any
    swarmId: Any
    reference: Any
    moid: Any
    uuid: Any
    host: Any


class _SameState(State):
    outputs: Facts | None = None  # type: ignore[assignment]


class _Same(Step):
    """A step that changes nothing but options: of its outputs, only facts are kept."""

    old: _SameState | None = None
    new: _SameState | None = None


class _Body(Event):
    metadata: Step


class _SameBody(Event):
    metadata: _Same


class _PreLine(Event):
    """A whole line; read straight from its text, for a log may have thousands of them."""

    resource_pre_event: _Body


class _SameLine(Event):
    resource_pre_event: _SameBody


class DiagnosticEvent(Event):
    """A message for the user."""

    message: str = ""
    severity: str = "info"
    urn: str = ""
    prefix: str = ""
    ephemeral: bool = False


class PolicyEvent(Event):
    """A policy that a resource violates."""

    resource_urn: str = ""
    message: str = ""
    policy_name: str = ""
    policy_pack_name: str = ""
    policy_pack_version: str = ""
    enforcement_level: str = "warning"
    severity: str = ""


class PolicySummaryEvent(Event):
    """Which policies a resource passed and failed."""

    resource_urn: str = ""
    policy_pack_name: str = ""
    passed: list[str] | None = None
    failed: list[str] | None = None


class SummaryEvent(Event):
    """The engine's own count of what it did or would do."""

    maybe_corrupt: bool = False
    duration_seconds: int = 0
    resource_changes: dict[str, int] | None = None
    policy_packs: dict[str, str] | None = Field(default=None, alias="PolicyPacks")
    is_preview: bool = True
    result: str = ""


class Lines(Event):
    """How much of the log could be read."""

    damaged: int = 0
    unknown: list[str] = []
    cut_off: bool = False


@dataclass
class EventLog:
    """A whole log, sorted by kind, each kind in the order of the log."""

    steps: list[Step] = field(default_factory=list)
    outputs: list[Step] = field(default_factory=list)
    failed: list[Step] = field(default_factory=list)
    diagnostics: list[DiagnosticEvent] = field(default_factory=list)
    policies: list[PolicyEvent] = field(default_factory=list)
    policy_summaries: list[PolicySummaryEvent] = field(default_factory=list)
    summary: SummaryEvent | None = None
    error: str = ""
    lines: Lines = field(default_factory=Lines)


def read(lines: Iterable[str]) -> EventLog:
    """Read a log's lines. Never raises: what can't be read is counted in `lines`, and a missing end is told there."""
    log, damaged, unknown, ended, refreshing = EventLog(), 0, set[str](), False, False
    for line in lines:
        head = line[:160]
        refreshing = refreshing or '"op":"refresh"' in head
        if not head.strip() or _is_uninteresting(head, line, refreshing):
            continue
        try:
            if '"resourcePreEvent"' in head:
                shape = _SameLine if '"op":"same"' in head else _PreLine
                _add_step(log.steps, shape.model_validate_json(line).resource_pre_event.metadata)
                continue
            kind, body = _envelope(json.loads(line))
            known = _take(log, kind, body)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            damaged += 1
            continue
        ended = ended or kind in ("summaryEvent", "cancelEvent", "errorEvent")
        if not known:
            unknown.add(kind)
    log.lines = Lines(damaged=damaged, unknown=sorted(unknown), cut_off=not ended)
    return log


def _is_uninteresting(head: str, line: str, refreshing: bool) -> bool:
    """Leave unparsed what is never used: debug messages, and outputs but those of a refresh and of the stack itself.

    What a refresh found comes as an update or a delete, after a step that says `refresh`.
    """
    if '"diagnosticEvent"' in head:
        return line.rstrip().endswith('"severity":"debug"}}')
    if '"resOutputsEvent"' not in head or ":Stack::" in line[:400]:
        return False
    return any(op in head for op in (SKIPPED_OUTPUTS[:2] if refreshing else SKIPPED_OUTPUTS))


def _add_step(steps: list[Step], step: Step) -> None:
    if not is_internal(step):
        steps.append(step)


def _envelope(event: dict[str, Any]) -> tuple[str, Any]:
    for kind, body in event.items():
        if kind.endswith("Event"):
            return kind, body
    raise KeyError("no event in the envelope")


def _take(log: EventLog, kind: str, body: Any) -> bool:
    """Add an event to its list. Return False when its kind is not known."""
    if kind in _STEPS:
        _add_step(getattr(log, _STEPS[kind]), Step.model_validate(body["metadata"]))
    elif kind in _LISTS:
        attribute, model = _LISTS[kind]
        getattr(log, attribute).append(model.model_validate(body))
    elif kind == "summaryEvent":
        log.summary = SummaryEvent.model_validate(body)
    elif kind == "errorEvent":
        log.error = str(body.get("error") or body.get("message") or "the engine reported an error")
    else:
        return kind in _IGNORED
    return True


def is_internal(step: Step) -> bool:
    """Say whether the engine hides a step from its own display: the log has no flag for it.

    Default providers are told by type and name (sdk/go/common/providers/reference.go, IsDefaultProvider).
    """
    if step.op in INTERNAL_OPS or step.op.startswith("parameterize"):
        return True
    return step.type.startswith("pulumi:providers:") and step.urn.rpartition("::")[2].startswith("default")


_StepList = Literal["steps", "outputs", "failed"]
_STEPS: dict[str, _StepList] = {
    "resourcePreEvent": "steps",
    "resOutputsEvent": "outputs",
    "resOpFailedEvent": "failed",
}
_LISTS: dict[str, tuple[str, type[Event]]] = {
    "diagnosticEvent": ("diagnostics", DiagnosticEvent),
    "policyEvent": ("policies", PolicyEvent),
    "policyAnalyzeSummaryEvent": ("policy_summaries", PolicySummaryEvent),
    "policyAnalyzeStackSummaryEvent": ("policy_summaries", PolicySummaryEvent),
}
_IGNORED = {
    "cancelEvent",
    "stdoutEvent",
    "preludeEvent",
    "policyRemediationEvent",
    "policyLoadEvent",
    "policyRemediateSummaryEvent",
    "startDebuggingEvent",
    "progressEvent",
}
