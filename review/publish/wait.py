"""How long to wait before an answer is asked for again. Pure judgement over status and headers."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

TRIES = 5
"""Requests in all, the first one included."""
LONGEST = 120.0
"""Seconds that a platform may ask to wait; beyond, it is a failure, not a pause."""
FIRST = 1.0
"""Seconds before the second try; doubled for each one after it."""


@dataclass(frozen=True)
class Clock:
    """The time, and waiting: replaced in tests."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


def is_limited(status: int, headers: Mapping[str, str], text: str) -> bool:
    """Say whether a platform refuses because it was asked too often.

    GitHub answers 403 or 429, GitLab 429:
    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    spent = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers or "rate limit" in text.lower()
    return status == 429 or (status == 403 and spent)


def pause(tried: int, status: int, headers: Mapping[str, str], text: str, clock: Clock) -> float | None:
    """Return the seconds to wait before the next try; None: don't try again. `status` 0: no answer came at all.

    What the platform asks for is kept, and a little chance is added: what was stopped together shall not come back so.
    """
    limited = is_limited(status, headers, text)
    if tried >= TRIES or not (limited or status in (0, 408) or status >= 500):
        return None
    asked = _asked(headers, limited, clock.now())
    if asked is not None:
        return asked + clock.chance() if asked <= LONGEST else None
    return FIRST * float(2 ** (tried - 1)) * (0.5 + clock.chance())


def _asked(headers: Mapping[str, str], limited: bool, now: float) -> float | None:
    """Return the seconds that the platform names, by Retry-After or by the time at which its limit ends."""
    for name in ("retry-after", "x-ratelimit-reset", "ratelimit-reset"):
        value = headers.get(name, "")
        if value.isdecimal() and (limited or name == "retry-after"):
            return float(value) if name == "retry-after" else max(0.0, float(value) - now)
    return None
