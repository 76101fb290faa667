"""How far a service's rollout is, judged from what the Swarm tells: a pure function of one look at it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Seen = Mapping[str, Any]

GIVEN_UP = {
    "paused": "Swarm paused the update",
    "rollback_completed": "Swarm rolled the update back: the version before runs",
    "rollback_paused": "Swarm gave up rolling the update back",
}
"""UpdateStatus of an update that will go no further by itself (Engine API, Service)."""
UNDER_WAY = {"updating": "updating", "rollback_started": "being rolled back"}
SHOWN_TASKS = 3


@dataclass(frozen=True)
class Rollout:
    """One look at a rollout. `state`: `good` holds as soon as it lasts; `done` and `failed` are final."""

    state: Literal["waiting", "good", "done", "failed"]
    text: str


@dataclass(frozen=True)
class Trouble:
    """A task that failed or can't start: its id, how Swarm users name it, and the Swarm's own words."""

    id: str
    name: str
    error: str


def judge(service: Seen, tasks: Iterable[Seen], wanted_version: str | None = None) -> Rollout:
    """Judge a service, as /services?status=true shows it, and its tasks, as /tasks does.

    An update's end is told by Swarm itself, which watched the new tasks; a creation has nobody to tell it. A rollback
    to `wanted_version` is what is wanted.
    """
    update = service.get("UpdateStatus") or {}
    state = update.get("State", "")
    if state == "rollback_completed" and version(service["Spec"]["TaskTemplate"]) == wanted_version:
        state = ""
    if state in GIVEN_UP:
        message = update.get("Message", "")
        return Rollout("failed", f"{GIVEN_UP[state]}{f' ({message})' if message else ''}")
    wanted = service["ServiceStatus"]["DesiredTasks"]
    running = sum(_runs(task, service["Spec"]["TaskTemplate"]) for task in tasks)
    text = f"{running} of {wanted} tasks run{f', {UNDER_WAY[state]}' if state in UNDER_WAY else ''}"
    if state in UNDER_WAY or running < wanted:
        return Rollout("waiting", text)
    return Rollout("done" if state == "completed" else "good", text)


def troubles(tasks: Iterable[Seen], service: str, nodes: Mapping[str, str]) -> list[Trouble]:
    """Return the latest tasks that failed or can't start, one for each different error, newest first."""
    told = [task for task in tasks if task["Status"].get("Err")]
    newest = sorted(told, key=lambda task: str(task["Status"].get("Timestamp", "")), reverse=True)
    first = {task["Status"]["Err"]: task for task in reversed(newest)}
    chosen = [task for task in newest if first[task["Status"]["Err"]] is task]
    return [_trouble(task, service, nodes) for task in chosen[:SHOWN_TASKS]]


def last_words(log: Sequence[str], task: str, lines: int) -> list[str]:
    """Return a task's last lines from a service log with details, each `…com.docker.swarm.task.id=ID… text`."""
    marked = [line.partition(" ") for line in log if f"com.docker.swarm.task.id={task}" in line.partition(" ")[0]]
    return [text for _, _, text in marked][-lines:]


def _runs(task: Seen, template: Seen) -> bool:
    """Whether a task runs as the service is asked for now, not as an earlier version of it."""
    wanted = task["DesiredState"] == "running" and task["Status"]["State"] == "running"
    return bool(wanted and version(task["Spec"]) == version(template))


def version(template: Seen) -> str:
    """Return what tells two versions of a service's tasks apart.

    Not the runtime, which tasks don't name, nor the placement: Swarm leaves a task alone that runs where it may
    (swarmkit, orchestrator.IsTaskDirty).
    """
    told = {key: value for key, value in template.items() if key not in ("Runtime", "Placement")}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _trouble(task: Seen, service: str, nodes: Mapping[str, str]) -> Trouble:
    node = nodes.get(task.get("NodeID", ""))
    slot = task.get("Slot") or node or task["ID"]
    return Trouble(task["ID"], f"{service}.{slot}{f' on {node}' if node else ''}", task["Status"]["Err"])
