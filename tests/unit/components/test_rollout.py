"""How an update goes, and how long it may take."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.rollout import LEAST_SECONDS, order, rollback_config, timeout_seconds, update_config
from spec.rollout import RolloutSpec
from spec.service import ServiceSpec

INGRESS_PORT = {"target": 80, "published": 80, "mode": "ingress"}
HOST_PORT = {"target": 80, "published": 80, "mode": "host"}


def spec(**declared: Any) -> ServiceSpec:
    return ServiceSpec.model_validate({"image": "registry.test/web:1.0", **declared})


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({}, "start-first"),
        ({"ports": [INGRESS_PORT]}, "start-first"),
        ({"ports": [INGRESS_PORT, HOST_PORT]}, "stop-first"),
        ({"max_per_node": 1}, "stop-first"),
        ({"rollout": {"order": "stop-first"}}, "stop-first"),
    ],
)
def test_the_new_task_starts_first_where_it_can(declared: dict[str, Any], expected: str) -> None:
    assert order(spec(**declared)) == expected
    assert update_config(spec(**declared))["order"] == expected


def test_an_update_is_rolled_back_and_a_rollback_can_only_stop() -> None:
    assert update_config(spec())["failure_action"] == "rollback"
    paused = spec(rollout={"on_failure": "pause", "max_failure_ratio": 0.25})
    assert (update_config(paused)["failure_action"], update_config(paused)["max_failure_ratio"]) == ("pause", "0.25")
    assert rollback_config(spec())["failure_action"] == "pause"


def test_a_ratio_of_nothing_is_written_as_docker_reports_it() -> None:
    assert update_config(spec(rollout={"max_failure_ratio": 0}))["max_failure_ratio"] == "0.0"


def test_a_declared_timeout_is_the_timeout() -> None:
    assert timeout_seconds(spec(rollout={"timeout": "90s"}), 100) == 90


def test_a_slow_start_in_many_batches_is_waited_for() -> None:
    slow = spec(healthcheck={"test": ["CMD", "true"], "start_period": "60s", "interval": "10s"})
    assert timeout_seconds(slow, 4) == 120 + 4 * (60 + 10 + 10 + 5)
    at_once = slow.model_copy(update={"rollout": RolloutSpec(parallelism=4)})
    assert timeout_seconds(at_once, 4) == 120 + 60 + 10 + 10 + 5


@given(tasks=st.integers(0, 500), parallelism=st.integers(1, 50), start=st.integers(0, 600), monitor=st.integers(0, 60))
def test_more_tasks_or_slower_ones_are_never_waited_for_less(
    tasks: int, parallelism: int, start: int, monitor: int
) -> None:
    def reckoned(count: int, extra: int = 0) -> int:
        check = {"test": ["CMD", "true"], "start_period": f"{start + extra}s"}
        return timeout_seconds(
            spec(healthcheck=check, rollout={"parallelism": parallelism, "monitor": f"{monitor}s"}), count
        )

    assert LEAST_SECONDS <= reckoned(tasks) <= reckoned(tasks + 1)
    assert reckoned(tasks) <= reckoned(tasks, extra=30)
