"""All nodes in one stream: each read by a thread of its own, that connects again whenever its node goes away."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from docker.api import APIClient

from providers.swarm.clock import Clock, StoppedError
from providers.swarm.connection import Connection
from providers.swarm.ssh import UnreachableError
from spec.errors import LongshoreError
from watch.entry import Entry
from watch.feed import BROKEN, Feed, Open, Tell
from watch.merge import Merge

AT_ONCE = 16
ANSWER_SECONDS = 20
"""How long an engine may take for one answer: also the longest that ending a stream can take."""
AGAIN_SECONDS = 2.0
LOOK_SECONDS = 0.2
ENDED = "the connection ended"


class Engines(Protocol):
    """The part of the seam to the outside that is needed here."""

    def docker(self, connection: Connection, seconds: int = 30) -> AbstractContextManager[APIClient]:
        """Give the node's Docker Engine. Raises LongshoreError."""


@dataclass(frozen=True)
class Tap:
    """A node, and what is taken from it."""

    node: Connection
    feed: Feed


class Stream:
    """The entries of several nodes. `tell` hears, in the thread that reads the stream, of nodes lost and back."""

    def __init__(self, taps: list[Tap], outside: Engines, clock: Clock, tell: Tell, merge: Merge | None = None) -> None:
        self._taps = taps
        self._outside = outside
        self._clock = clock
        self._tell = tell
        self._merge = merge or Merge()
        self._came: queue.SimpleQueue[Entry | str] = queue.SimpleQueue()
        self._lost: set[str] = set()

    def history(self) -> list[Entry]:
        """Return what there is by now, in order of time. Raises LongshoreError when no node answers at all."""
        with ThreadPoolExecutor(min(AT_ONCE, len(self._taps) or 1)) as threads:
            failures = list(threads.map(self._history, self._taps))
        if self._taps and all(failures):
            raise next(each for each in failures if each)
        for tap, failure in zip(self._taps, failures, strict=True):
            if failure:
                self._lose(tap.node, failure.found)
        self._gather()
        return self._merge.rest()

    def follow(self) -> Generator[Entry, None, None]:
        """Yield what is new as it comes, until the iterator is closed; then every thread has ended."""
        streams = {tap.node.where: Open() for tap in self._taps}
        threads = [threading.Thread(target=self._attend, args=(tap, streams), daemon=True) for tap in self._taps]
        for thread in threads:
            thread.start()
        try:
            while True:
                self._gather(LOOK_SECONDS)
                yield from self._merge.due(self._clock.now())
        finally:
            self._clock.stop()
            for each in list(streams.values()):
                each.end()
            for thread in threads:
                thread.join()

    def _history(self, tap: Tap) -> LongshoreError | None:
        try:
            with self._outside.docker(tap.node, ANSWER_SECONDS) as client:
                tap.feed.history(client, self._came.put)
        except LongshoreError as failure:
            return failure
        except BROKEN:
            return UnreachableError(tap.node.where, ENDED)
        return None

    def _gather(self, seconds: float = 0.0) -> None:
        """Take what came, waiting up to `seconds` for the first, and no more than is there: more may always come."""
        try:
            self._take(self._came.get(timeout=seconds) if seconds else self._came.get_nowait())
            for _ in range(self._came.qsize()):
                self._take(self._came.get_nowait())
        except queue.Empty:
            return

    def _take(self, came: Entry | str) -> None:
        if isinstance(came, Entry):
            self._merge.put(came, self._clock.now())
        else:
            self._tell(came)

    def _attend(self, tap: Tap, streams: dict[str, Open]) -> None:
        """Read one node until the stream is stopped."""
        while True:
            streams[tap.node.where] = Open()
            try:
                self._clock.pause(0)
                reason = self._once(tap, streams[tap.node.where])
                self._clock.pause(0)
                self._lose(tap.node, reason)
                self._clock.pause(AGAIN_SECONDS)
            except StoppedError:
                return

    def _once(self, tap: Tap, streams: Open) -> str:
        """Read one node until its connection ends; return why."""
        try:
            with self._outside.docker(tap.node, ANSWER_SECONDS) as client:
                if tap.node.where in self._lost:
                    self._lost.discard(tap.node.where)
                    self._came.put(f"{tap.node.where} is back: its entries go on where they stopped")
                tap.feed.follow(client, self._came.put, streams)
        except StoppedError:
            raise
        except LongshoreError as failure:
            return failure.found
        except BROKEN:
            return ENDED
        return ENDED

    def _lose(self, node: Connection, reason: str) -> None:
        if node.where not in self._lost:
            self._lost.add(node.where)
            self._came.put(f"{node.where} is lost: {reason}; the others go on")
