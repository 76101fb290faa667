"""The live table: what a manager's lists look like, and what stands out."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from watch.board import FAILED_SHOWN, Lists, board

NOW = datetime(2026, 11, 25, 8, 0, 0, tzinfo=UTC)


def node(ident: str, name: str, role: str = "worker", state: str = "ready") -> dict[str, Any]:
    leader = {"ManagerStatus": {"Leader": True}} if role == "manager" else {}
    return {"ID": ident, "Spec": {"Role": role, "Availability": "active"}, "Description": {"Hostname": name},
            "Status": {"State": state}, **leader}  # fmt: skip


def task(ident: str, service: str, slot: int, state: str, ago: str = "07:59:30", **more: Any) -> dict[str, Any]:
    status = {"State": state, "Timestamp": f"2026-11-25T{ago}.123456789Z", "Err": more.pop("error", "")}
    return {"ID": ident, "ServiceID": service, "Slot": slot, "NodeID": "n2", "Status": status, **more}


def service(ident: str, name: str, running: int, update: dict[str, str] | None = None) -> dict[str, Any]:
    spec = {"Name": name, "TaskTemplate": {"ContainerSpec": {"Image": f"r.test/{name}:1@sha256:a"}}}
    counts = {"RunningTasks": running, "DesiredTasks": 2}
    return {"ID": ident, "Spec": spec, "ServiceStatus": counts, **({"UpdateStatus": update} if update else {})}


def drawn(lists: Lists, note: str = "") -> list[str]:
    out = io.StringIO()
    Console(file=out, width=160).print(board(lists, NOW, note))
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


NODES = [node("n2", "w-1"), node("n1", "m-1", "manager"), node("n3", "w-2", state="down")]


def test_nodes_are_shown_with_what_runs_on_them() -> None:
    lines = drawn(Lists(NODES, [], [task("t1", "s1", 1, "running"), task("t2", "s1", 2, "shutdown")]))
    assert "m-1 manager (leader) ready active 0" in lines
    assert "w-1 worker ready active 1" in lines
    assert "w-2 worker down active 0" in lines


def test_a_rollout_is_shown_while_it_is_not_done() -> None:
    going = {"State": "updating", "Message": "update in progress"}
    done = {"State": "completed", "Message": "update completed"}
    lines = drawn(Lists(NODES, [service("s1", "web", 1, going), service("s2", "api", 2, done)], []))
    assert "web r.test/web:1 1/2 updating: update in progress" in lines
    assert "api r.test/api:1 2/2" in lines


def test_tasks_are_shown_with_their_age_and_why_they_failed() -> None:
    tasks = [
        task("t1", "s1", 2, "running", "06:00:00"),
        task("t2", "s1", 1, "preparing"),
        task("t3", "s1", 1, "failed", "07:58:00", error="task: non-zero exit (1)"),
        task("t4", "s1", 1, "shutdown"),
        task("t5", "gone", 1, "running"),
    ]
    lines = drawn(Lists(NODES, [service("s1", "web", 1)], tasks))
    assert lines[-4:-1] == [
        "web.1 w-1 preparing 30 s",
        "web.2 w-1 running 2 h",
        "web.1 w-1 failed 2 min task: non-zero exit (1)",
    ]


def test_only_the_latest_failures_are_shown() -> None:
    failed = [task(f"t{n}", "s1", n, "failed", f"07:{n:02}:00") for n in range(20)]
    lines = drawn(Lists(NODES, [service("s1", "web", 1)], failed))
    assert [line.split()[0] for line in lines if " failed " in line] == [f"web.{19 - n}" for n in range(FAILED_SHOWN)]


def test_a_task_of_a_global_service_is_named_after_its_node() -> None:
    lines = drawn(Lists(NODES, [service("s1", "agent", 2)], [task("t1", "s1", 0, "running")]))
    assert "agent.w-1 w-1 running 30 s" in lines


def test_trouble_is_said_at_the_top() -> None:
    assert drawn(Lists([], [], []), "asking again: m-1: no route")[0] == (
        "2026-11-25 08:00:00 UTC asking again: m-1: no route"
    )
