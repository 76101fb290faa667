"""The live table: nodes, services with their rollouts, and tasks, from the Swarm's own lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from watch.entry import moment

Thing = Mapping[str, Any]
OVER = ("complete", "shutdown", "failed", "rejected", "remove", "orphaned")
"""Task states that nothing follows ("Swarm task states", Docker's manual)."""
RED = ("failed", "rejected", "down", "unknown", "paused", "rollback_paused")
YELLOW = ("updating", "rollback_started", "rollback_completed", "pending", "preparing", "starting", "drain", "pause")
FAILED_SHOWN = 5
"""How many of the tasks that failed last are shown."""


@dataclass(frozen=True)
class Lists:
    """What a manager says."""

    nodes: Sequence[Thing]
    services: Sequence[Thing]
    tasks: Sequence[Thing]


def board(lists: Lists, now: datetime, note: str = "") -> Group:
    """Return the tables, under a line that says when they were true, and what is wrong meanwhile."""
    head = Text(f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC  {note}".rstrip(), style="yellow" if note else "dim")
    return Group(head, _nodes(lists), _services(lists), _tasks(lists, now))


def _nodes(lists: Lists) -> Table:
    table = _table("Nodes", "node", "role", "state", "availability", "tasks")
    running = [task["NodeID"] for task in lists.tasks if _state(task) == "running"]
    for node in sorted(lists.nodes, key=_hostname):
        manager = node.get("ManagerStatus", {})
        role = node["Spec"]["Role"] + (" (leader)" if manager.get("Leader") else "")
        state, availability = node["Status"]["State"], node["Spec"]["Availability"]
        table.add_row(_hostname(node), role, _coloured(state), _coloured(availability), str(running.count(node["ID"])))
    return table


def _services(lists: Lists) -> Table:
    table = _table("Services", "service", "image", "tasks", "rollout")
    for service in sorted(lists.services, key=_name):
        counts, image = service["ServiceStatus"], service["Spec"]["TaskTemplate"]["ContainerSpec"]["Image"]
        running, wanted = counts["RunningTasks"], counts["DesiredTasks"]
        tasks = Text(f"{running}/{wanted}", style="" if running == wanted else "yellow")
        table.add_row(_name(service), image.split("@")[0], tasks, _rollout(service))
    return table


def _rollout(service: Thing) -> Text:
    """Return what the Swarm says of the latest update; nothing of one that is done."""
    status = service.get("UpdateStatus") or {}
    state = status.get("State", "")
    if state in ("", "completed"):
        return Text("")
    return Text.assemble(_coloured(state), f": {status.get('Message', '')}")


def _tasks(lists: Lists, now: datetime) -> Table:
    """One row for each task that is wanted, then the ones that failed last."""
    table = _table("Tasks", "task", "node", "state", "since", "error")
    names = {service["ID"]: _name(service) for service in lists.services}
    hosts = {node["ID"]: _hostname(node) for node in lists.nodes}
    for task in _shown(lists.tasks, names):
        node = hosts.get(task.get("NodeID", ""), "")
        name = f"{names[task['ServiceID']]}.{task.get('Slot') or node}"
        error = Text(task["Status"].get("Err", ""), style="red")
        table.add_row(name, node, _coloured(_state(task)), _age(task["Status"]["Timestamp"], now), error)
    return table


def _shown(tasks: Sequence[Thing], names: Mapping[str, str]) -> list[Thing]:
    ours = [task for task in tasks if task["ServiceID"] in names]
    present = [task for task in ours if _state(task) not in OVER]
    failed = [task for task in ours if _state(task) in ("failed", "rejected")]
    latest = sorted(failed, key=lambda task: str(task["Status"]["Timestamp"]), reverse=True)[:FAILED_SHOWN]
    return sorted(present, key=lambda task: (names[task["ServiceID"]], task.get("Slot", 0), task["ID"])) + latest


def _age(timestamp: str, now: datetime) -> str:
    """Return how long ago that was, in its largest unit."""
    at = moment(timestamp)
    seconds = max(0, int(now.timestamp()) - (at or 0) // 10**9)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _state(task: Thing) -> str:
    return str(task["Status"]["State"])


def _name(service: Thing) -> str:
    return str(service["Spec"]["Name"])


def _hostname(node: Thing) -> str:
    return str(node["Description"]["Hostname"])


def _coloured(state: str) -> Text:
    return Text(state, style="red" if state in RED else "yellow" if state in YELLOW else "green")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
