"""The columns of the status, as people read them."""

from __future__ import annotations

from datetime import timedelta

from release.status import Distance, Lag, Next, Row
from release.words import moment, span
from review.words import counted

NONE = "-"
"""Where there is nothing to say."""


def age(row: Row) -> str:
    """Return how long a release has been running, as people say it."""
    return span(timedelta(seconds=row.age)) if row.age is not None else NONE


def lag(found: Distance) -> str:
    """Return how far an environment lags, as people say it."""
    if found.lag in (Lag.UNKNOWN, Lag.IN_SYNC):
        return {Lag.UNKNOWN: NONE, Lag.IN_SYNC: "in sync"}[found.lag]
    parts = [counted(found.releases, "release"), *[counted(found.commits, "commit")] * bool(found.commits)]
    return f"{found.lag} by {', '.join([*parts, span(timedelta(seconds=found.seconds))])}"


def verified(row: Row) -> str:
    """Return what the last verification said, with what failed."""
    failed = [each.name for each in row.checks if not each.ok]
    if not row.running:
        return NONE
    return f"{row.verified}: {', '.join(failed)}" if failed else row.verified.value


def coming(found: Next | None) -> str:
    """Return what comes next."""
    if found is None:
        return "nothing to do"
    until = f", until {moment(found.until)}" if found.until else ""
    return f"{found.release}: {f'{found.gate}: ' if found.gate else ''}{found.found}{until}"
