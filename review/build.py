"""From events to the change model: steps folded by resource, values redacted, differences worked out."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from review.differences import Inputs, bared, changes
from review.drift import drift, stack_outputs
from review.events import EventLog, PolicyEvent, State, Step, read
from review.model import Action, ChangeModel, Diagnostic, Options, Policies, Resource, Run, Violation
from review.redact import Redactor, conceal, settle

FACTS = ("id", "imageId", "repoDigest", "swarmId", "reference", "moid", "uuid", "host")
"""Outputs that rules compare with other resources' inputs."""
KEPT = {"labels", "taskSpec", "endpointSpec", "mode", "ports", "volumes", "tags", "networksAdvanced", "disks"}
"""Inputs that are no scalar and kept of a resource that stays."""
ACTIONS = {
    "create": Action.CREATE,
    "update": Action.UPDATE,
    "replace": Action.REPLACE,
    "delete": Action.DELETE,
    "import": Action.IMPORT,
    "import-replacement": Action.REPLACE,
    "read": Action.READ,
    "read-replacement": Action.READ,
    "same": Action.SAME,
}


GRAVITY = [
    Action.DELETE,
    Action.REPLACE,
    Action.IMPORT,
    Action.CREATE,
    Action.UPDATE,
    Action.READ,
    Action.SAME,
]


@dataclass(frozen=True)
class StateFacts:
    """What only a state export tells: it is read when given."""

    dependencies: Mapping[str, tuple[str, ...]]
    created: Mapping[str, str]

    @classmethod
    def of(cls, export: Mapping[str, Any]) -> StateFacts:
        """Take the facts from `pulumi stack export`."""
        resources = export.get("deployment", export).get("resources", [])
        needs = {each["urn"]: tuple(each.get("dependencies") or ()) for each in resources}
        return cls(needs, {each["urn"]: str(each.get("created", "")) for each in resources})


NO_STATE = StateFacts({}, {})


def from_lines(
    lines: Iterable[str], redactor: Redactor | None = None, state: StateFacts = NO_STATE, partial: tuple[str, ...] = ()
) -> ChangeModel:
    """Build the model of one event log. `partial`: the flags that left resources out of the preview."""
    with _uncollected():
        return from_log(read(lines), redactor or Redactor(), state, partial)


def from_log(
    log: EventLog, redactor: Redactor, state: StateFacts = NO_STATE, partial: tuple[str, ...] = ()
) -> ChangeModel:
    """Build the model of a log that was read."""
    folded = _fold(log.steps)
    resources = [_resource(steps, redactor, state) for steps in folded.values() if not _is_other_half(steps)]
    return ChangeModel(
        run=_run(log, redactor, partial),
        resources=tuple(sorted(resources, key=lambda each: (each.urn, each.pending_delete))),
        outputs=stack_outputs(log, redactor),
        drift=tuple(drift(log, redactor)),
        policies=_policies(log, redactor),
        diagnostics=tuple(_diagnostics(log, redactor)),
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of cycles away: there are none here, and looking for them takes as long as the work."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _fold(steps: list[Step]) -> dict[tuple[str, bool], list[Step]]:
    """Gather a resource's steps in the order of the log; a left-over of an earlier replacement stands apart."""
    folded: dict[tuple[str, bool], list[Step]] = {}
    for step in steps:
        if step.op != "refresh":
            left_over = step.op == "delete" and step.old is not None and step.old.delete
            folded.setdefault((step.urn, left_over), []).append(step)
    return folded


def _is_other_half(steps: list[Step]) -> bool:
    """Say whether these steps only end a replacement that goes by another name now (an alias)."""
    return all(step.op in ("delete-replaced", "discard-replaced") and not step.logical for step in steps)


def _logical(steps: list[Step]) -> Step:
    """Return the step that says what the program means, the gravest if there are several.

    Of a replacement's three, `replace` alone is logical; a log that ends before it still shows the other two.
    """
    logical = [step for step in steps if step.logical]
    if logical:
        found = min(logical, key=lambda step: GRAVITY.index(ACTIONS.get(step.op, Action.UPDATE)))
        # Of a replacement that deletes first, only the step that creates says for which keys.
        keys = next((step.keys for step in steps if step.keys), None) if found.op == "replace" else None
        return found.model_copy(update={"keys": keys}) if keys else found
    replacement = next((step for step in steps if "replace" in step.op), None)
    return (replacement or steps[0]).model_copy(update={"op": "replace"} if replacement else {})


def _resource(steps: list[Step], redactor: Redactor, state: StateFacts) -> Resource:
    step = _logical(steps)
    old, new = step.old, step.new
    action = ACTIONS.get(step.op, Action.UPDATE)
    alive = new or old or State()
    if action is Action.IMPORT:  # what is imported may be updated at once, in a step of its own
        step = next((each for each in steps if each.op == "update"), step)
    before, after = _sides(step, action, redactor)
    return Resource(
        urn=step.urn,
        type=step.type,
        name=redactor.text(step.urn.rpartition("::")[2]).replace("`", "'"),
        action=action,
        id=redactor.text((old.id if old else "") or alive.id),
        parent=alive.parent,
        provider=step.provider or alive.provider,
        order=_order(steps) if action is Action.REPLACE else "",
        reasons=_reasons(step, action),
        changes=bared(step, redactor) if action is Action.SAME else changes(step, before, after, redactor),
        before=settle(before),
        after=settle(after),
        facts=_facts(old, redactor),
        options_before=_options(old),
        options_after=_options(new),
        external=alive.external,
        pending_delete=step.op == "delete" and bool(old and old.delete),
        init_errors=tuple(redactor.text(each) for each in (alive.init_errors or ())),
        dependencies=state.dependencies.get(step.urn, ()),
        created=state.created.get(step.urn, ""),
    )


def _sides(step: Step, action: Action, redactor: Redactor) -> tuple[Inputs, Inputs]:
    """Return the redacted inputs on both sides. An unchanged resource has one side, kept to what rules read."""
    if action in (Action.SAME, Action.READ):
        old, new = ((side and side.inputs) or {} for side in (step.old, step.new))
        kept = redactor.value(_kept(new))
        return None, kept if old == new else conceal(redactor.value(old), kept)[1]
    before = redactor.value(step.old.inputs or {}) if step.old else None
    after = redactor.value(step.new.inputs or {}) if step.new and action is not Action.DELETE else None
    return conceal(before, after) if before is not None and after is not None else (before, after)


def _kept(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return what rules read of a resource that stays: a stack may have thousands of them."""
    return {key: each for key, each in inputs.items() if key in KEPT or isinstance(each, str | int | float)}


def _order(steps: list[Step]) -> Literal["create-first", "delete-first", ""]:
    ops = [step.op for step in steps]
    created = next((index for index, op in enumerate(ops) if op in ("create-replacement", "import-replacement")), None)
    deleted = next((index for index, op in enumerate(ops) if op == "delete-replaced"), None)
    if created is None:
        return ""
    return "delete-first" if deleted is not None and deleted < created else "create-first"


def _reasons(step: Step, action: Action) -> tuple[str, ...]:
    """Return why it is replaced. A replacement trigger leaves no key at all."""
    if action is not Action.REPLACE:
        return ()
    return tuple(step.keys or ()) or ("replacementTrigger",)


def _facts(old: State | None, redactor: Redactor) -> dict[str, Any]:
    outputs = (old.outputs if old else None) or {}
    return {key: settle(redactor.value(outputs[key], key)) for key in FACTS if isinstance(outputs.get(key), str)}


def _options(state: State | None) -> Options:
    if state is None:
        return Options()
    return Options(protect=state.protect, retain=state.retain_on_delete, taint=state.taint)


def _run(log: EventLog, redactor: Redactor, partial: tuple[str, ...]) -> Run:
    first_error = next((each.message for each in log.diagnostics if each.severity == "error"), "")
    summary = log.summary
    failed = bool(log.failed or log.error or first_error or (summary and summary.result in ("failed", "canceled")))
    failed = failed and not _is_refused(log)
    stack, project = _names(log)
    return Run(
        stack=stack,
        project=project,
        failed=failed,
        error=redactor.text(log.error or first_error).strip() if failed else "",
        cut_off=log.lines.cut_off,
        damaged=log.lines.damaged,
        partial=partial,
        maybe_corrupt=bool(summary and summary.maybe_corrupt),
        seconds=summary.duration_seconds if summary else 0,
        notes=tuple(_notes(log)),
        counts=dict(summary.resource_changes or {}) if summary else {},
    )


def _is_refused(log: EventLog) -> bool:
    """Say whether a mandatory policy alone failed the preview: it is whole, and the policy blocks it."""
    refused = any(each.enforcement_level == "mandatory" for each in log.policies)
    errors = {each.message.strip() for each in log.diagnostics if each.severity == "error"}
    return refused and not (log.failed or log.error or log.lines.cut_off) and errors <= {"preview failed"}


def _names(log: EventLog) -> tuple[str, str]:
    """Return the stack and the project: `urn:pulumi:<stack>::<project>::...`."""
    for step in log.steps:
        parts = step.urn.split("::")
        if step.urn.startswith("urn:pulumi:") and len(parts) > 2:
            return parts[0].removeprefix("urn:pulumi:"), parts[1]
    return "", ""


def _notes(log: EventLog) -> Iterable[str]:
    if log.lines.cut_off:
        yield "the event log ends too early: what follows its end is missing here"
    if log.lines.damaged:
        yield f"{log.lines.damaged} line(s) of the event log could not be read"
    if log.lines.unknown:
        yield f"events this version does not know: {', '.join(log.lines.unknown)}"


def _policies(log: EventLog, redactor: Redactor) -> Policies:
    passed = sum(len(each.passed or ()) for each in log.policy_summaries)
    violations = tuple(sorted((_violation(each, redactor) for each in log.policies), key=lambda each: each.policy))
    failed = sum(len(each.failed or ()) for each in log.policy_summaries) or len(violations)
    return Policies(passed=passed, failed=failed, violations=violations)


def _violation(event: PolicyEvent, redactor: Redactor) -> Violation:
    return Violation(
        policy=redactor.text(event.policy_name),
        pack=redactor.text(f"{event.policy_pack_name} {event.policy_pack_version}".strip()),
        enforcement=redactor.text(event.enforcement_level),
        severity=redactor.text(event.severity),
        message=redactor.text(event.message).strip(),
        urn=event.resource_urn,
    )


def _diagnostics(log: EventLog, redactor: Redactor) -> Iterable[Diagnostic]:
    levels: dict[str, Literal["info", "warning", "error"]] = {"warning": "warning", "error": "error"}
    for each in log.diagnostics:
        if not each.ephemeral and each.severity != "debug" and each.message.strip():
            message = redactor.text(each.message).strip()
            yield Diagnostic(severity=levels.get(each.severity, "info"), message=message, urn=each.urn)
