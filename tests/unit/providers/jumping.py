"""A clock for tests."""

from __future__ import annotations

from providers.swarm.clock import Clock


class TestClock(Clock):
    """Time that jumps instead of passing."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def pause(self, seconds: float) -> None:
        super().pause(0)
        self.time += max(seconds, 0.1)
