"""What the web and the worker keep in the cache: a visit counter, a queue of jobs and their results."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

QUEUE, RECENT, VISITS = "shop:queue", "shop:recent", "shop:visits"
RECENT_JOBS = 10
JOB_SECONDS = 3600
"""How long a job and its result are kept."""


@dataclass(frozen=True)
class Job:
    """A text whose words are to be counted, and the result once a worker has it."""

    id: str
    text: str
    words: int | None = None
    worker: str = ""


class Redis(Protocol):
    """The few Redis commands the shop uses."""

    def incr(self, name: str) -> int: ...  # noqa: D102
    def get(self, name: str) -> str | None: ...  # noqa: D102
    def setex(self, name: str, time: int, value: str) -> object: ...  # noqa: D102
    def lpush(self, name: str, value: str) -> int: ...  # noqa: D102
    def ltrim(self, name: str, start: int, end: int) -> object: ...  # noqa: D102
    def lrange(self, name: str, start: int, end: int) -> list[str]: ...  # noqa: D102
    def brpop(self, keys: str, timeout: int) -> tuple[str, str] | None: ...  # noqa: D102


class Store:
    """The shop's data, in a Redis that all replicas share."""

    def __init__(self, redis: Redis, away: type[Exception] = OSError) -> None:
        self._redis = redis
        self.away = away
        """What every method raises while the cache does not answer."""

    def visit(self) -> int:
        """Count a visit and return how many there were."""
        return self._redis.incr(VISITS)

    def submit(self, text: str) -> Job:
        """Queue a job."""
        job = Job(uuid.uuid4().hex[:8], text)
        self._save(job)
        self._redis.lpush(QUEUE, job.id)
        self._redis.lpush(RECENT, job.id)
        self._redis.ltrim(RECENT, 0, RECENT_JOBS - 1)
        return job

    def take(self, seconds: int) -> Job | None:
        """Wait up to `seconds` for a job and take it off the queue; each job goes to one worker."""
        item = self._redis.brpop(QUEUE, seconds)
        return self.job(item[1]) if item else None

    def finish(self, job: Job, words: int, worker: str) -> Job:
        """Store a job's result."""
        return self._save(Job(job.id, job.text, words, worker))

    def job(self, identity: str) -> Job | None:
        """Return a job, or None when there is none."""
        value = self._redis.get(f"shop:job:{identity}")
        return Job(**json.loads(value)) if value else None

    def recent(self) -> list[Job]:
        """Return the last jobs, the newest first."""
        found = (self.job(identity) for identity in self._redis.lrange(RECENT, 0, -1))
        return [job for job in found if job]

    def _save(self, job: Job) -> Job:
        self._redis.setex(f"shop:job:{job.id}", JOB_SECONDS, json.dumps(asdict(job)))
        return job


def connect() -> Store:
    """Connect to the cache named by CACHE_HOST, with the password in the file that CACHE_PASSWORD_FILE names."""
    import redis  # type: ignore[import-not-found]  # comes with the image, not with this project

    host = os.environ.get("CACHE_HOST", "cache")
    password = Path(os.environ.get("CACHE_PASSWORD_FILE", "/run/secrets/cache-password")).read_text().strip()
    return Store(
        redis.Redis(host, password=password, decode_responses=True, socket_timeout=10, socket_connect_timeout=3),
        redis.RedisError,
    )
