"""What a stream takes from one node: everything there is by now, or everything from now on."""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import requests
from docker.api import APIClient
from docker.errors import DockerException

from watch.entry import Entry

Put = Callable[[Entry], None]
Tell = Callable[[str], None]
BROKEN = (DockerException, requests.RequestException, OSError, ValueError, struct.error)
"""What reading from an engine that went away raises, one way or the other."""


class Answer(Protocol):
    """What an engine goes on sending: docker's CancellableStream, whose `close` any thread may call."""

    def __iter__(self) -> Iterator[Any]: ...

    def close(self) -> None:
        """End it: who reads it reads its end."""


class Open:
    """The answers of an engine that are being read, so that another thread can end them all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: list[Answer] = []
        self._ended = threading.Event()

    @contextmanager
    def reading(self, stream: Answer) -> Iterator[Answer]:
        """Give a stream that ends when `end` is called, even if that was before."""
        with self._lock:
            self._streams.append(stream)
            if self._ended.is_set():
                _close(stream)
        try:
            yield stream
        finally:
            with self._lock:
                self._streams.remove(stream)
            _close(stream)

    def end(self) -> None:
        """End every stream, present and to come: who reads one reads its end."""
        with self._lock:
            self._ended.set()
            for stream in self._streams:
                _close(stream)

    def pause(self, seconds: float) -> bool:
        """Wait, unless they end meanwhile; tell whether they have."""
        return self._ended.wait(seconds)


class Feed(Protocol):
    """One node's part of a stream. It remembers what was read: after a lost connection, it is read on from there."""

    def history(self, client: APIClient, put: Put) -> None:
        """Give what there is by now."""

    def follow(self, client: APIClient, put: Put, streams: Open) -> None:
        """Give what is new, until the connection or `streams` end."""


def _close(stream: Answer) -> None:
    try:
        stream.close()
    except (OSError, AttributeError):
        return  # it had ended by itself: there is no socket any more
