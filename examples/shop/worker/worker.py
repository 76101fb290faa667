"""The shop's worker: counts the words of one job after the other."""

from __future__ import annotations

import signal
import socket
import threading
import time
from pathlib import Path

from store import Job, Store, connect

ALIVE = Path("/tmp/alive")  # noqa: S108
"""Touched before every round; the health check looks at its age."""


def count(text: str) -> int:
    """Return the number of words in a text."""
    return len(text.split())


def work(store: Store, worker: str, wait_seconds: int = 2) -> Job | None:
    """Do the next job, if one comes in time, and return it with its result."""
    job = store.take(wait_seconds)
    return store.finish(job, count(job.text), worker) if job else None


def run(store: Store, stop: threading.Event) -> None:
    """Work until told to stop; a job that was begun is finished. A cache that is away is tried again."""
    while not stop.is_set():
        ALIVE.touch()
        try:
            job = work(store, socket.gethostname())
        except store.away as error:
            print(f"the cache does not answer: {error}", flush=True)
            time.sleep(1)
            continue
        if job:
            print(f"job {job.id}: {job.words} words", flush=True)


if __name__ == "__main__":
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    run(connect(), stopping)
