"""Waiting: bounded by a deadline, and over at once when the user cancels."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from spec.errors import LongshoreError

T = TypeVar("T")


class StoppedError(LongshoreError):
    """The user cancelled the update while something was waited for."""


class Clock:
    """Time that passes, until somebody stops it."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> float:
        """Return a number of seconds that only grows."""
        return time.monotonic()

    def stop(self) -> None:
        """End every wait, present and to come."""
        self._stopped.set()

    def pause(self, seconds: float) -> None:
        """Sleep `seconds`. Raises StoppedError as soon as the clock is stopped."""
        if self._stopped.wait(seconds):
            raise StoppedError("swarm", "cancelled while waiting", "run `pulumi up` again to go on from here")

    def until(self, seconds: float, probe: Callable[[], T | None], every: float = 1.0) -> T | None:
        """Call `probe` until it returns something; None once `seconds` have passed. Raises StoppedError."""
        deadline = self.now() + seconds
        while True:
            found = probe()
            if found is not None or self.now() >= deadline:
                return found
            self.pause(every)

    @contextmanager
    def holding(self, lock: threading.Lock) -> Iterator[None]:
        """Hold `lock`. Raises StoppedError while waiting for it, as any other wait."""
        while not lock.acquire(timeout=0.2):
            self.pause(0)
        try:
            yield
        finally:
            lock.release()
