"""Generations of a secret or config: which are needed, and which are spare. Pure functions over what the Swarm lists.

Swarm's secrets and configs never change; another content is another object, a generation. `docker service rollback`
needs what a service's previous spec refers to, which Swarm itself lets go (moby/swarmkit#2509).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Entry = Mapping[str, Any]
STACK_LABEL = "longshore.stack"
NAME_LABEL = "longshore.name"
LISTS = {"secret": "Secrets", "config": "Configs"}
"""Kinds, and where a container's spec lists what it mounts of each."""
LONGEST_NAME = 64
"""Characters of a secret's or config's name (moby/swarmkit, manager/controlapi/secret.go)."""


def labels(stack: str, name: str) -> dict[str, str]:
    """Return what tells the generations of one secret or config from all others."""
    return {STACK_LABEL: stack, NAME_LABEL: name}


def family(entry: Entry) -> tuple[str, str]:
    """Return the stack and the name that an object's labels tell; empty for one of somebody else."""
    told = entry["Spec"].get("Labels") or {}
    return str(told.get(STACK_LABEL, "")), str(told.get(NAME_LABEL, ""))


def stored_name(name: str, suffix: str) -> str:
    """Return a generation's name: the declared one, cut to what Swarm allows, and a suffix."""
    return f"{name[: LONGEST_NAME - len(suffix) - 1].rstrip('-')}-{suffix}"


def references(services: Iterable[Entry], kind: str) -> set[str]:
    """Return the id of every secret or config that a service needs, now or for a rollback."""
    return {
        reference for service in services for spec in ("Spec", "PreviousSpec") for reference in _of(service, spec, kind)
    }


def in_use(services: Iterable[Entry], kind: str) -> set[str]:
    """Return the id of every secret or config that a service mounts now."""
    return {reference for service in services for reference in _of(service, "Spec", kind)}


def _of(service: Entry, spec: str, kind: str) -> Iterator[str]:
    container = ((service.get(spec) or {}).get("TaskTemplate") or {}).get("ContainerSpec") or {}
    yield from (str(each[f"{kind.capitalize()}ID"]) for each in container.get(LISTS[kind]) or ())


def newest_first(found: Iterable[Entry]) -> list[str]:
    """Return ids, the newest first: by Raft's index, as managers' clocks may differ."""
    return [str(each["ID"]) for each in sorted(found, key=lambda each: int(each["Version"]["Index"]), reverse=True)]


def spare(found: Iterable[Entry], keep: int, used: set[str]) -> list[str]:
    """Return the ids of the generations that may go: not among the `keep` newest, and not `used`."""
    return [each for each in newest_first(found)[keep:] if each not in used]
