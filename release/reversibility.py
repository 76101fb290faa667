"""What a rollback can't bring back: data, disks and secrets that have moved on since. Pure: what was and is, in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from release.gate import Gate, State, Step
from review.model import Frozen
from review.risk import Risk
from spec.release import Release, ReleaseImage

DATABASES = frozenset(
    (
        *("cassandra", "clickhouse", "couchdb", "elasticsearch", "etcd", "influxdb", "mariadb", "mongo", "mongodb"),
        *("mysql", "neo4j", "opensearch", "percona", "postgis", "postgres", "postgresql", "rabbitmq", "redis"),
        *("timescaledb", "valkey"),
    )
)
"""Names of images whose newer major version changes its files so that an older one can't read them."""
LOSSES = frozenset({"VOLUME-REPLACED", "DISK-DESTROYED", "DISK-SHRINK", "STATEFUL-NODE-REPLACED", "HWVERSION-UP"})
"""The risks of a rollback's own preview (`longshore review rules`) after which there is no way back."""
_MAJOR = re.compile(r"^v?(\d+)(?:\.(\d+))?")
NAME = "reversibility"


class Finding(Frozen):
    """One thing that an older release would not find as it left it, and what to do instead."""

    where: str
    found: str
    instead: str
    grave: bool = True
    """Whether it stands in the way; else it is only told."""


@dataclass(frozen=True)
class Then:
    """A stack's file when the older release was promoted, and now: what `release.lock.values` returns."""

    stack: str
    before: Mapping[str, Any]
    now: Mapping[str, Any]


def findings(target: Release, current: Release, stacks: tuple[Then, ...]) -> tuple[Finding, ...]:
    """Return everything that stands against going from `current` back to `target`."""
    found = [*_databases(target, current)]
    for each in stacks:
        found += [*_hardware(each), *_disks(each), *_volumes(each), *_secrets(each)]
    return tuple(found)


def losses(risks: Iterable[Risk], stack: str) -> tuple[Finding, ...]:
    """Return what the rollback itself would destroy, by its own preview."""
    told = "let the machine or volume be as it is: change what asks for it in the stack file, then roll back"
    lost = (each for each in risks if each.rule in LOSSES)
    return tuple(Finding(where=f"{stack}: {each.rule}", found=each.what, instead=each.do or told) for each in lost)


def gate(found: tuple[Finding, ...]) -> Gate:
    """Return the gate that asks whether a rollback is possible."""
    grave = [each for each in found if each.grave]
    told = "; ".join(f"{each.where}: {each.found}" for each in grave or found) or "nothing has moved on"
    if not grave:
        return Gate(name=NAME, state=State.PASSED, found=told, step=Step.PROMOTE)
    instead = "; ".join(dict.fromkeys(each.instead for each in grave))
    return Gate(name=NAME, state=State.FAILED, found=told, fix=instead, step=Step.PROMOTE)


def _databases(target: Release, current: Release) -> Iterator[Finding]:
    for name, now in current.images.items():
        old = target.images.get(name)
        if old is None or not _is_database(now) or old.digest == now.digest:
            continue
        before, after = major(old.tag), major(now.tag)
        if before is None or after is None or before < after:
            found = f"its database went from {_version(old)} to {_version(now)}, which may have rewritten its files"
            instead = "restore the backup from before that update beside it, or go forward with a mended release"
            yield Finding(where=f"services.{name}", found=found, instead=instead)


def major(tag: str | None) -> tuple[int, ...] | None:
    """Return a tag's major version; of versions below 10 the minor one counts too: `9.6` and `9.5` are two.

    PostgreSQL counted so before 10 (postgresql.org, "Versioning Policy"), and MySQL, MariaDB and Redis do still.
    """
    found = _MAJOR.match(tag or "")
    if found is None:
        return None
    first = int(found[1])
    return (first,) if first >= 10 else (first, int(found[2] or 0))


def _is_database(image: ReleaseImage) -> bool:
    return image.repository.rpartition("/")[2] in DATABASES


def _version(image: ReleaseImage) -> str:
    return image.tag or image.digest[:15]


def _hardware(stack: Then) -> Iterator[Finding]:
    """A machine is never given an older hardware version (vSphere, "Virtual Machine Compatibility")."""
    templates = [_section(each, "target").get("template") for each in (stack.before, stack.now)]
    for name, pool, old in _pools(stack):
        before, now = old.get("template", templates[0]), pool.get("template", templates[1])
        if before != now and _generation(pool) != _generation(old):
            found = "its machines were cloned anew from another template, whose hardware version is never lowered"
            instead = "run the older release on them; for the older template raise the generation once more"
            yield Finding(where=f"{stack.stack}: cluster.pools.{name}", found=found, instead=instead, grave=False)


def _disks(stack: Then) -> Iterator[Finding]:
    for name, pool, old in _pools(stack):
        if old.get("data_disk") and not pool.get("data_disk"):
            found = "the data disks that release had are gone"
            instead = "declare them again and restore their data from a backup, then roll back"
            yield Finding(where=f"{stack.stack}: cluster.pools.{name}.data_disk", found=found, instead=instead)
        elif not pool.get("data_disk") and _generation(pool) != _generation(old) and _has_local_volumes(stack.now):
            found = "its machines were replaced since that release ran, and local volumes went with them"
            instead = "restore the volumes' data from a backup, then roll back"
            yield Finding(where=f"{stack.stack}: cluster.pools.{name}.generation", found=found, instead=instead)


def _volumes(stack: Then) -> Iterator[Finding]:
    for name, service in _section(stack.now, "services").items():
        old = _section(stack.before, "services").get(name)
        if not isinstance(service, Mapping) or not isinstance(old, Mapping):
            continue
        before, now = _mounts(old), _mounts(service)
        for target in sorted(before.keys() & now.keys()):
            if before[target] != now[target]:
                found = f"{target} is another volume than when that release ran: {before[target]}, now {now[target]}"
                instead = "copy the newer data into the old volume, or leave the new one mounted"
                yield Finding(where=f"{stack.stack}: services.{name}.mounts", found=found, instead=instead)


def _secrets(stack: Then) -> Iterator[Finding]:
    before, now = _section(stack.before, "secrets"), _section(stack.now, "secrets")
    for name in sorted(before):
        where = f"{stack.stack}: secrets.{name}"
        if name not in now:
            found = "is gone, with every generation of it, and that release ran with it"
            yield Finding(
                where=where, found=found, instead="declare it again: `pulumi config set --secret`, then roll back"
            )
        elif before[name] != now[name]:
            found = "has been set anew since; the older generation is gone, and that release gets the new one"
            yield Finding(where=where, found=found, instead="see that the older release can do with it", grave=False)


def _pools(stack: Then) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    old = _section(_section(stack.before, "cluster"), "pools")
    for name, pool in _section(_section(stack.now, "cluster"), "pools").items():
        if isinstance(pool, Mapping) and isinstance(old.get(name), Mapping):
            yield name, pool, old[name]


def _generation(pool: Mapping[str, Any]) -> tuple[Any, Any]:
    return pool.get("generation", 1), pool.get("generations") or {}


def _mounts(service: Mapping[str, Any]) -> dict[str, str]:
    told = service.get("mounts")
    listed = told if isinstance(told, list) else []
    volumes = [each for each in listed if isinstance(each, Mapping) and each.get("kind") == "volume"]
    return {str(each.get("target")): str(each.get("source")) for each in volumes}


def _has_local_volumes(values: Mapping[str, Any]) -> bool:
    services = _section(values, "services").values()
    return any(_mounts(each) for each in services if isinstance(each, Mapping))


def _section(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}
