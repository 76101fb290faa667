"""Secrets and configs that no service uses, and that are no stack's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from drift.finding import Finding, Harm

Entry = Mapping[str, Any]
SECRET = "docker:index/secret:Secret"  # noqa: S105  a resource type
CONFIG = "docker:index/serviceConfig:ServiceConfig"
LISTS = {"secret": "Secrets", "config": "Configs"}


def orphan_drift(
    services: Sequence[Entry], objects: Mapping[str, Sequence[Entry]], ours: set[str]
) -> Iterator[Finding]:
    """Yield each of `objects` (by kind, secret or config) that no service's spec refers to.

    What the previous spec of a service refers to is needed by `docker service rollback` (moby/swarmkit#2509).
    """
    for kind, found in objects.items():
        used = {reference for service in services for reference in _references(service, kind)}
        for each in found:
            if each["ID"] not in used | ours:
                yield _orphan(kind, each)


def _references(service: Entry, kind: str) -> Iterator[str]:
    for spec in ("Spec", "PreviousSpec"):
        container = ((service.get(spec) or {}).get("TaskTemplate") or {}).get("ContainerSpec") or {}
        yield from (str(each[f"{kind.capitalize()}ID"]) for each in container.get(LISTS[kind]) or ())


def _orphan(kind: str, each: Entry) -> Finding:
    name = str(each["Spec"]["Name"])
    return Finding(
        kind=f"{kind}-orphan",
        harm=Harm.HARMFUL,
        subject=name,
        what=f"no service uses this {kind}, and this stack did not make it",
        against=f"the specs and previous specs of all services; made at {str(each.get('CreatedAt', ''))[:19]}Z",
        up="nothing: it isn't the stack's",
        fix=f"if no other stack declares it: `docker {kind} rm {name}` on a manager",
    )
