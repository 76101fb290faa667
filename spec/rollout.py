"""How a service's tasks are changed, and started again."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from spec.base import Duration, Spec


class RolloutSpec(Spec):
    """How an update moves through a service's tasks. A failed one is rolled back and fails `pulumi up`."""

    parallelism: int = Field(default=1, ge=1)
    """Tasks changed at once."""
    delay: Duration = "0s"
    """Pause between batches."""
    monitor: Duration = "5s"
    """How long a new task is watched before it counts as good."""
    timeout: Duration | None = None
    """How long `pulumi up` waits for all tasks; reckoned from the other settings when left out."""
    order: Literal["start-first", "stop-first"] | None = None
    """`start-first` leaves no gap. `stop-first` when left out and host ports or `max_per_node` leave no other way."""
    on_failure: Literal["rollback", "pause", "continue"] = "rollback"
    """What Swarm does with an update that fails."""
    max_failure_ratio: float = Field(default=0.0, ge=0, le=1)
    """The share of tasks that may fail before the update counts as failed."""


class RestartSpec(Spec):
    """When Swarm starts a task again."""

    condition: Literal["any", "on-failure", "none"] = "any"
    delay: Duration = "2s"
    """Pause before the next start."""
    max_attempts: int | None = Field(default=None, ge=0)
    """Give up after this many starts within `window`; never when left out."""
    window: Duration = "0s"
    """The time that `max_attempts` counts in; all of it when 0."""
