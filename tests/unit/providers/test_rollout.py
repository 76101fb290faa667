"""A rollout as one look at the Swarm shows it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.swarm.rollout import GIVEN_UP, UNDER_WAY, judge, last_words, troubles

NEW: dict[str, Any] = {"ContainerSpec": {"Image": "web:2"}}
OLD: dict[str, Any] = {"ContainerSpec": {"Image": "web:1"}}


def service(wanted: int = 2, update: str = "", message: str = "") -> dict[str, Any]:
    template = NEW | {"Runtime": "container"}
    seen: dict[str, Any] = {"ID": "s1", "Spec": {"TaskTemplate": template}, "ServiceStatus": {"DesiredTasks": wanted}}
    return seen | ({"UpdateStatus": {"State": update, "Message": message}} if update else {})


def task(ident: str = "t1", state: str = "running", spec: dict[str, Any] = NEW, **more: Any) -> dict[str, Any]:
    status = {"State": state, "Err": more.pop("err", ""), "Timestamp": more.pop("at", "2026-01-01T00:00:00Z")}
    return {"ID": ident, "Spec": spec, "DesiredState": "running", "Status": status, "Slot": 1, "NodeID": "n1", **more}


def test_a_new_service_is_good_when_all_its_tasks_run() -> None:
    seen = judge(service(2), [task("t1"), task("t2")])
    assert (seen.state, seen.text) == ("good", "2 of 2 tasks run")


@pytest.mark.parametrize("state", ["new", "pending", "assigned", "preparing", "starting", "failed", "rejected"])
def test_a_task_that_does_not_run_yet_is_waited_for(state: str) -> None:
    assert judge(service(1), [task(state=state)]).state == "waiting"


def test_a_task_of_the_version_before_does_not_count() -> None:
    """Right after an update nothing is replaced yet: all tasks run, but not these ones were asked for."""
    seen = judge(service(2), [task("t1", spec=OLD), task("t2")])
    assert (seen.state, seen.text) == ("waiting", "1 of 2 tasks run")


def test_a_task_that_runs_where_it_may_is_left_alone_by_a_change_of_placement() -> None:
    elsewhere = NEW | {"Placement": {"Platforms": [{"OS": "linux"}]}}
    assert judge(service(1), [task(spec=elsewhere)]).state == "good"


def test_a_task_on_its_way_out_does_not_count() -> None:
    assert judge(service(1), [task() | {"DesiredState": "shutdown"}]).state == "waiting"


def test_no_tasks_wanted_is_good() -> None:
    assert judge(service(0), []).state == "good"


def test_an_update_is_done_when_swarm_says_so_and_not_before() -> None:
    assert judge(service(1, "updating"), [task()]).state == "waiting"
    assert judge(service(1, "completed"), [task()]).state == "done"
    assert judge(service(2, "completed"), [task()]).state == "waiting"


@pytest.mark.parametrize(("state", "words"), GIVEN_UP.items())
def test_what_swarm_gave_up_failed_whatever_runs(state: str, words: str) -> None:
    seen = judge(service(1, state, "task t9 died"), [task()])
    assert (seen.state, seen.text) == ("failed", f"{words} (task t9 died)")


@given(
    wanted=st.integers(0, 7),
    states=st.lists(st.sampled_from(["running", "starting", "failed", "shutdown"]), max_size=10),
    update=st.sampled_from(["", "completed", *UNDER_WAY, *GIVEN_UP]),
)
def test_never_good_with_too_few_tasks_and_failed_only_by_swarms_word(
    wanted: int, states: list[str], update: str
) -> None:
    seen = judge(service(wanted, update), [task(str(i), state) for i, state in enumerate(states)])
    assert (seen.state == "failed") == (update in GIVEN_UP)
    if seen.state in ("good", "done"):
        assert states.count("running") >= wanted


def test_the_latest_of_each_error_is_told_newest_first() -> None:
    tasks = [
        task("t1", "failed", err="exit (7)", at="2026-01-01T00:00:01Z"),
        task("t2", "failed", err="exit (7)", at="2026-01-01T00:00:03Z"),
        task("t3", "rejected", err="No such image", at="2026-01-01T00:00:02Z", Slot=2),
        task("t4"),
    ]
    found = troubles(tasks, "web", {"n1": "w-1"})
    assert [(each.id, each.name, each.error) for each in found] == [
        ("t2", "web.1 on w-1", "exit (7)"),
        ("t3", "web.2 on w-1", "No such image"),
    ]


def test_a_task_without_node_or_slot_is_told_too() -> None:
    pending = task("t1", "pending", err="no suitable node", NodeID="", Slot=0)
    assert troubles([pending], "agent", {})[0].name == "agent.t1"
    placed = task("t1", "failed", err="exit (1)", Slot=0)
    assert troubles([placed], "agent", {"n1": "w-1"})[0].name == "agent.w-1 on w-1"


def test_no_more_than_three_errors_are_told() -> None:
    tasks = [task(str(i), "failed", err=f"exit ({i})", at=f"2026-01-01T00:00:0{i}Z") for i in range(6)]
    assert [each.error for each in troubles(tasks, "web", {})] == ["exit (5)", "exit (4)", "exit (3)"]


def test_a_log_is_told_apart_by_task() -> None:
    log = [
        "com.docker.swarm.node.id=n1,com.docker.swarm.task.id=t1 one",
        "com.docker.swarm.node.id=n1,com.docker.swarm.task.id=t2 not mine, com.docker.swarm.task.id=t1",
        "com.docker.swarm.node.id=n1,com.docker.swarm.task.id=t1 two  spaces",
        "com.docker.swarm.node.id=n1,com.docker.swarm.task.id=t1 three",
    ]
    assert last_words(log, "t1", 2) == ["two  spaces", "three"]
