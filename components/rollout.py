"""How a service's rollout goes, and how long it may take: pure functions of its spec."""

from __future__ import annotations

import math
from typing import Any

from spec.base import whole_seconds
from spec.service import ServiceSpec

PULL_SECONDS = 120
"""What fetching an image may take on top."""
LEAST_SECONDS = 180


def order(spec: ServiceSpec) -> str:
    """Return whether the new task starts first; not where the old one still holds what the new one needs."""
    return spec.rollout.order or ("start-first" if spec.has_gapless_update else "stop-first")


def update_config(spec: ServiceSpec) -> dict[str, Any]:
    """Return how an update goes, and what happens to one that fails."""
    return _config(spec, spec.rollout.on_failure)


def rollback_config(spec: ServiceSpec) -> dict[str, Any]:
    """Return how a rollback goes: as the update, but one that fails too can only stop."""
    return _config(spec, "pause")


def timeout_seconds(spec: ServiceSpec, tasks: int) -> int:
    """Return how long to wait for `tasks` tasks: as declared, or what all batches take one after another.

    A batch takes its start period and one healthcheck, the stop of the task before, its watch and the pause.
    """
    if spec.rollout.timeout:
        return whole_seconds(spec.rollout.timeout)
    check = spec.healthcheck
    start = whole_seconds(check.start_period) + whole_seconds(check.interval) if check else 0
    settings = (spec.stop_grace, spec.rollout.monitor, spec.rollout.delay)
    batch = start + sum(whole_seconds(each) for each in settings)
    return max(LEAST_SECONDS, PULL_SECONDS + batch * math.ceil(tasks / spec.rollout.parallelism))


def _config(spec: ServiceSpec, on_failure: str) -> dict[str, Any]:
    return {
        "parallelism": spec.rollout.parallelism,
        "delay": spec.rollout.delay,
        "monitor": spec.rollout.monitor,
        "failure_action": on_failure,
        "max_failure_ratio": str(float(spec.rollout.max_failure_ratio)),
        "order": order(spec),
    }
