"""How far a source was read, so that reading it again after a lost connection neither loses nor repeats anything."""

from __future__ import annotations

from collections import Counter, deque

SECOND = 10**9
OVERLAP = 2 * SECOND
"""How far back reading goes on: a container's two streams are written side by side, so times may run back a little."""

Mark = tuple[int, str]


class Cursor:
    """Remembers what was read of the last OVERLAP, counted: two lines may be alike, their times included.

    The engine sends whatever is not older than a whole second (`since`, "docker logs" in Docker's reference), so
    reading goes on from a little before the latest line, and what was read then is left out.
    """

    def __init__(self) -> None:
        self._latest: int | None = None
        self._recent: deque[Mark] = deque()
        self._expected: Counter[Mark] = Counter()

    def resume(self) -> int | None:
        """Return the second since 1970 to read on from; None when nothing was read yet. What was read is expected."""
        self._expected = Counter(self._recent)
        return None if self._latest is None else self._from(self._latest)

    def is_new(self, at: int, what: str) -> bool:
        """Take one more entry; tell whether it wasn't read before."""
        mark = (at, what)
        if self._expected[mark] > 0:
            self._expected[mark] -= 1
            return False
        self._recent.append(mark)
        self._latest = max(at, self._latest or 0)
        while self._recent[0][0] < self._from(self._latest) * SECOND:
            self._recent.popleft()
        return True

    @staticmethod
    def _from(latest: int) -> int:
        return max(latest - OVERLAP, 0) // SECOND
