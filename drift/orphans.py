"""Secrets and configs that no service uses, and that are no stack's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from drift.finding import Finding, Harm
from providers.swarm.generations import family, references

Entry = Mapping[str, Any]
SECRET = "swarm:index:Secret"  # noqa: S105  a resource type
CONFIG = "swarm:index:Config"
SHELF = "swarm:index:Shelf"


def orphan_drift(
    services: Sequence[Entry],
    objects: Mapping[str, Sequence[Entry]],
    ours: set[str],
    stacks: Set[str] = frozenset(),
) -> Iterator[Finding]:
    """Yield each of `objects` (by kind, secret or config) that no service's spec refers to.

    What the previous spec of a service refers to is needed by `docker service rollback` (moby/swarmkit#2509).
    `stacks`: whose generations a Shelf looks after, which tells by itself what it has too many of.
    """
    for kind, found in objects.items():
        known = references(services, kind) | ours
        for each in found:
            if each["ID"] not in known and family(each)[0] not in stacks:
                yield _orphan(kind, each)


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
