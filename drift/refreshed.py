"""What Pulumi's refresh found, resource by resource, read from its event log.

A refresh reports a resource twice: before it is asked (`resourcePreEvent`, op `refresh`), and afterwards
(`resOutputsEvent`), with op `same`, `update` or `delete`. `same` only says that the provider sees no difference that an
update would act on: a machine that vMotion moved is `same`, with another host among its outputs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from review.events import DiagnosticEvent, Step, is_internal

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Refreshed:
    """One resource: as it was declared and recorded at the last deployment, and as it is now (None: gone)."""

    urn: str
    type: str
    declared: Values
    before: Values
    after: Values | None
    paths: tuple[str, ...] = ()
    """Which inputs differ in the provider's own judgement."""

    @property
    def name(self) -> str:
        """Its logical name."""
        return self.urn.rpartition("::")[2]

    @property
    def known_as(self) -> str:
        """The name it was given, where it has one."""
        return str(self.declared.get("name") or self.name)


@dataclass
class Refresh:
    """A whole refresh."""

    resources: list[Refreshed] = field(default_factory=list)
    unanswered: dict[str, str] = field(default_factory=dict)
    """URN -> reason, of each resource that could not be asked."""
    errors: list[str] = field(default_factory=list)
    """Errors that belong to no resource."""

    def of(self, *types: str) -> list[Refreshed]:
        """Return the resources of these types."""
        return [each for each in self.resources if each.type in types]

    @property
    def stack_outputs(self) -> Values:
        """The stack's own recorded outputs."""
        return next((each.before for each in self.of("pulumi:pulumi:Stack")), {})


def read(lines: Iterable[str]) -> Refresh:
    """Read the event log of a refresh. A line that can't be read is left out: the log ends where a crash cut it."""
    refresh = Refresh()
    asked: dict[str, Step] = {}
    for line in lines:
        try:
            _take(json.loads(line), refresh, asked)
        except (ValueError, ValidationError, TypeError, KeyError):
            continue
    known = {each.urn for each in refresh.resources}
    # Of what could not be asked, the last known state is all there is.
    kept = [_refreshed(step, step.old.outputs) for urn, step in asked.items() if urn not in known and step.old]
    refresh.resources += kept
    return refresh


def _take(event: dict[str, Any], refresh: Refresh, asked: dict[str, Step]) -> None:
    if "diagnosticEvent" in event:
        _note(DiagnosticEvent.model_validate(event["diagnosticEvent"]), refresh)
    for kind in ("resourcePreEvent", "resOutputsEvent"):
        if kind in event:
            step = Step.model_validate(event[kind]["metadata"])
            if not is_internal(step) and kind == "resourcePreEvent":
                asked[step.urn] = step
            elif not is_internal(step) and step.old:
                refresh.resources.append(_refreshed(step, step.new.outputs if step.new else None))


def _refreshed(step: Step, after: dict[str, Any] | None) -> Refreshed:
    old = step.old
    paths = tuple(sorted(step.detailed_diff or step.diffs or ())) if step.op == "update" else ()
    return Refreshed(
        urn=step.urn,
        type=step.type,
        declared=(old.inputs if old else None) or {},
        before=(old.outputs if old else None) or {},
        after=after,
        paths=paths,
    )


def _note(event: DiagnosticEvent, refresh: Refresh) -> None:
    if event.severity != "error":
        return
    reason = event.message.strip()
    if event.urn and not event.urn.partition("::")[2].endswith("Stack"):
        refresh.unanswered.setdefault(event.urn, reason)
    else:
        refresh.errors.append(reason)
