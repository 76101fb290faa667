"""Tasks: too few, failing again and again, or just somewhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift.finding import Finding, Harm
from drift.tasks import FAILING_TIMES, task_drift
from tests.unit.drift.made import NOW, seen_node, seen_service, seen_task

NODES = [seen_node("w1"), seen_node("w2")]


def found(service: Any, *tasks: Any, ours: bool = True, later: timedelta = timedelta()) -> list[Finding]:
    ids = {service["ID"]} if ours else set()
    return list(task_drift([service], tasks, NODES, ids, NOW + later))


def kinds(*tasks: Any, replicas: int | None = 1) -> list[str]:
    return [each.kind for each in found(seen_service("web", replicas), *tasks)]


def test_all_tasks_running_is_no_finding() -> None:
    assert kinds(seen_task("web", slot=1), seen_task("web", slot=2, node="w2"), replicas=2) == []


def test_too_few_tasks_harm_and_the_swarms_own_reason_is_told() -> None:
    waiting = seen_task("web", "pending", node=None, slot=2, err="no suitable node (1 node not available)")
    [short] = found(seen_service("web"), seen_task("web"), waiting)
    assert (short.kind, short.harm, short.subject) == ("service-short", Harm.HARMFUL, "web")
    assert short.what == "1 of 2 tasks run: no suitable node (1 node not available)"


def test_no_task_at_all_is_told_without_a_reason() -> None:
    [short] = found(seen_service("web"))
    assert short.what == "0 of 2 tasks run"


def test_a_service_scaled_to_nothing_lacks_nothing() -> None:
    assert kinds(replicas=0) == []


def test_a_global_service_needs_what_the_swarm_asks_for() -> None:
    running = seen_task("web", slot=None)
    assert kinds(running, replicas=None) == []
    assert kinds(running, seen_task("web", "starting", slot=None, node="w2"), replicas=None) == ["service-short"]


def failures(times: int, minutes_ago: float = 20) -> list[Any]:
    return [seen_task("web", "failed", "shutdown", minutes_ago=minutes_ago + n, err="exit (137)") for n in range(times)]


@pytest.mark.parametrize("times", range(6))
def test_tasks_that_fail_again_and_again_harm(times: int) -> None:
    failing = [
        each for each in found(seen_service("web", 1), *failures(times), seen_task("web")) if each.harm is Harm.HARMFUL
    ]
    assert [each.kind for each in failing] == ["tasks-failing"] * (times >= FAILING_TIMES)
    assert all(f"{times} tasks failed: exit (137)" in each.what for each in failing)


def test_failures_of_long_ago_and_of_another_spec_are_no_news() -> None:
    assert "tasks-failing" not in kinds(*failures(5, minutes_ago=120), seen_task("web"))
    assert "tasks-failing" not in kinds(*failures(5), seen_task("web", image="web:2"))


def test_a_task_on_another_node_than_before_is_harmless() -> None:
    before = seen_task("web", "shutdown", "shutdown", node="w2", minutes_ago=50)
    [moved] = found(seen_service("web", 1), before, seen_task("web", node="w1"))
    assert (moved.kind, moved.harm) == ("task-moved", Harm.HARMLESS)
    assert moved.what == "task 1 runs on w1"
    assert moved.against.startswith("w2")


def test_a_task_that_failed_once_and_runs_again_is_harmless_with_the_reason() -> None:
    [moved] = found(seen_service("web", 1), *failures(1), seen_task("web"))
    assert (moved.kind, moved.harm) == ("task-moved", Harm.HARMLESS)
    assert moved.what == "task 1 was started again on w1 after: exit (137)"


def test_a_task_that_an_update_replaced_has_not_moved() -> None:
    before = seen_task("web", "shutdown", "shutdown", node="w2", minutes_ago=50, image="web:0")
    assert kinds(before, seen_task("web", node="w1")) == []


def test_a_move_of_another_day_is_no_news() -> None:
    before = seen_task("web", "shutdown", "shutdown", node="w2", minutes_ago=50)
    assert found(seen_service("web", 1), before, seen_task("web"), later=timedelta(days=2)) == []


def test_a_node_that_is_gone_is_told_so() -> None:
    before = seen_task("web", "orphaned", "remove", node="w9", minutes_ago=50)
    [moved] = found(seen_service("web", 1), before, seen_task("web"))
    assert moved.against.startswith("a node that is gone")


def test_other_peoples_services_are_left_alone() -> None:
    assert found(seen_service("web"), ours=False) == []


@given(st.integers(0, 5), st.integers(0, 5))
def test_a_service_is_short_exactly_when_fewer_run_than_it_asks_for(running: int, replicas: int) -> None:
    tasks = [seen_task("web", slot=slot + 1) for slot in range(running)]
    assert kinds(*tasks, replicas=replicas) == ["service-short"] * (running < replicas)
