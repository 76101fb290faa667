"""Several streams as one, ordered by time as far as a short wait allows."""

from __future__ import annotations

import heapq
from collections import deque

from watch.entry import Entry

WINDOW = 1.0
"""Seconds that an entry waits for older ones from other nodes."""


class Merge:
    """Holds each entry for a while and gives out what nothing older can be expected for.

    What comes from one source is never reordered, even where its times run back. What comes later than the window
    (of a node that was away) is given out when it comes: late, but not lost.
    """

    def __init__(self, window: float = WINDOW) -> None:
        self._window = window
        self._held: list[tuple[int, int, Entry]] = []
        self._arrivals: deque[tuple[float, int]] = deque()
        self._latest: dict[str, int] = {}
        self._count = 0

    def put(self, entry: Entry, now: float) -> None:
        """Take an entry that came at `now`, in seconds of any clock that only grows."""
        key = max(entry.at, self._latest.get(entry.source, 0))
        self._latest[entry.source] = key
        self._count += 1
        heapq.heappush(self._held, (key, self._count, entry))
        self._arrivals.append((now, key))

    def due(self, now: float) -> list[Entry]:
        """Return, in order, what has waited long enough by `now`, and whatever is older than that."""
        limit = -1
        while self._arrivals and self._arrivals[0][0] + self._window <= now:
            limit = max(limit, self._arrivals.popleft()[1])
        return self._until(limit)

    def rest(self) -> list[Entry]:
        """Return, in order, everything that is held."""
        self._arrivals.clear()
        return self._until(None)

    def _until(self, limit: int | None) -> list[Entry]:
        found = []
        while self._held and (limit is None or self._held[0][0] <= limit):
            found.append(heapq.heappop(self._held)[2])
        return found
