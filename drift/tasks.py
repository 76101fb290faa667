"""Tasks of services, as they run now: too few, failing again and again, or moved by the Swarm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from drift.finding import Finding, Harm

Entry = Mapping[str, Any]
BROKEN = ("failed", "rejected")
FAILING_SINCE = timedelta(hours=1)
FAILING_TIMES = 3
MOVED_SINCE = timedelta(days=1)


def task_drift(
    services: Sequence[Entry], tasks: Sequence[Entry], nodes: Sequence[Entry], ours: set[str], now: datetime
) -> Iterator[Finding]:
    """Yield what is worth telling of the tasks of `ours` (service ids). `now`: the moment the lists were taken."""
    hosts = {node["ID"]: str(node.get("Description", {}).get("Hostname", node["ID"])) for node in nodes}
    by_service: dict[str, list[Entry]] = defaultdict(list)
    for task in sorted(tasks, key=lambda each: str(each["CreatedAt"])):
        by_service[task["ServiceID"]].append(task)
    for service in services:
        if service["ID"] in ours:
            yield from _of_service(service, by_service[service["ID"]], hosts, now)


def _of_service(service: Entry, tasks: list[Entry], hosts: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    name = str(service["Spec"]["Name"])
    wanted = [task for task in tasks if task["DesiredState"] in ("running", "ready")]
    running = [task for task in wanted if task["Status"]["State"] == "running"]
    failed = _failed(tasks, wanted, now)
    needed = _needed(service, wanted)
    if len(running) < needed:
        yield _short(name, len(running), needed, [*wanted, *failed])
    if len(failed) >= FAILING_TIMES:
        yield _failing(name, failed)
    yield from _moved(name, running, tasks, hosts, now)


def _failed(tasks: list[Entry], wanted: list[Entry], now: datetime) -> list[Entry]:
    """Return what failed lately of the spec that is wanted now: what failed before an update is no news."""
    present = [each.get("Spec") for each in wanted]
    broken = [task for task in tasks if task["Status"]["State"] in BROKEN and task.get("Spec") in present]
    return [task for task in broken if _since(task, now) <= FAILING_SINCE]


def _needed(service: Entry, wanted: list[Entry]) -> int:
    """Return how many tasks should run: of a global service as many as the Swarm asks for."""
    replicated = service["Spec"].get("Mode", {}).get("Replicated")
    return int(replicated.get("Replicas") or 0) if replicated else len(wanted)


def _since(task: Entry, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(f"{str(task['Status']['Timestamp'])[:19]}+00:00")


def _reason(task: Entry) -> str:
    return str(task["Status"].get("Err") or task["Status"].get("Message") or task["Status"]["State"])


def _short(name: str, running: int, needed: int, tasks: list[Entry]) -> Finding:
    waiting = [_reason(task) for task in tasks if task["Status"]["State"] != "running"]
    return Finding(
        kind="service-short",
        harm=Harm.HARMFUL,
        subject=name,
        what=f"{running} of {needed} tasks run" + (f": {waiting[-1]}" if waiting else ""),
        against="the replicas of the service",
        up="nothing by itself: the Swarm tries on, and the service is as declared",
        fix="see `docker service ps --no-trunc` on a manager; a node that is drained or down is told as well",
    )


def _failing(name: str, failed: list[Entry]) -> Finding:
    return Finding(
        kind="tasks-failing",
        harm=Harm.HARMFUL,
        subject=name,
        what=f"{len(failed)} tasks failed: {_reason(failed[-1])}",
        against="the last hour",
        up="nothing by itself: the Swarm starts each again, and the service is as declared",
        fix=f"read its log: `docker service logs {name}` on a manager",
    )


def _moved(
    name: str, running: list[Entry], tasks: list[Entry], hosts: Mapping[str, str], now: datetime
) -> Iterator[Finding]:
    for task in running:
        earlier = _predecessor(task, tasks)
        if earlier is None or _since(task, now) > MOVED_SINCE:
            continue
        old, new = (hosts.get(str(each.get("NodeID")), "a node that is gone") for each in (earlier, task))
        why = f" after: {_reason(earlier)}" if earlier["Status"]["State"] in BROKEN else ""
        yield Finding(
            kind="task-moved",
            harm=Harm.HARMLESS,
            subject=name,
            what=f"task {task['Slot']} {'was started again on' if old == new else 'runs on'} {new}{why}",
            against=f"{old}, where the Swarm had it before",
            up="nothing: the Swarm places tasks",
            fix="nothing; to spread tasks again: `docker service update --force` on a manager",
        )


def _predecessor(task: Entry, tasks: list[Entry]) -> Entry | None:
    """Return the latest earlier task of the same slot that ran the same spec: not one that an update replaced."""
    if not task.get("Slot"):
        return None
    earlier = [
        each
        for each in tasks
        if each.get("Slot") == task["Slot"]
        and each["CreatedAt"] < task["CreatedAt"]
        and each.get("Spec") == task.get("Spec")
        and each.get("NodeID")
    ]
    return earlier[-1] if earlier else None
