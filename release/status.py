"""What is where: each environment's release, its age, how far it lags, whether it works, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from release import history
from release.gate import Gate, State
from review.model import Frozen
from spec.environments import Environments
from spec.promotion import Application, Check, Record, Verification
from spec.release import Release


class Lag(StrEnum):
    """How an environment stands to the ones before it."""

    IN_SYNC = "in sync"
    BEHIND = "behind"
    AHEAD = "ahead"
    """It runs a newer release than those before it do: a hotfix."""
    UNKNOWN = "unknown"


class Verified(StrEnum):
    """What the last verification of the running release said."""

    YES = "yes"
    NO = "no"
    NOT_YET = "not yet"


class Distance(Frozen):
    """How far an environment is behind, or ahead of, the ones before it; of the first one: behind what was cut."""

    lag: Lag = Lag.UNKNOWN
    releases: int = 0
    commits: int = 0
    """As many as the changelogs of those releases name."""
    seconds: int = 0
    """Between the cutting of the two releases."""


class Next(Frozen):
    """The release that would come next, and what it waits for: the first gate that is shut, or nobody's command."""

    release: str
    gate: str = ""
    found: str
    until: datetime | None = None


class Row(Frozen):
    """One environment."""

    environment: str
    after: tuple[str, ...] = ()
    stacks: tuple[str, ...] = ()
    promoted: str | None = None
    """What should run, by the last promotion."""
    running: str | None = None
    """What runs, by the last update that ended well."""
    since: datetime | None = None
    """When that update ended."""
    age: int | None = None
    """Seconds since then."""
    verified: Verified = Verified.NOT_YET
    checks: tuple[Check, ...] = ()
    images: dict[str, str] = {}
    """Each service's image, by the running release."""
    distance: Distance = Distance()
    drift: str = "not looked"
    """What was found to differ from what the log says was applied."""
    frozen: str = ""
    """Why nothing goes there now."""
    gates: tuple[Gate, ...] = ()
    """Of the release that would come next."""
    next: Next | None = None


class Status(Frozen):
    """All of them, in the order that releases travel in."""

    at: datetime
    rows: tuple[Row, ...]


Logs = Mapping[str, Sequence[Record]]


def row(name: str, known: Environments, logs: Logs, cut: Sequence[Release], now: datetime) -> Row:
    """Return an environment's row as its log tells it, without gates and drift. `cut`: every release, oldest first."""
    declared, records = known.environments[name], logs[name]
    running, ended = history.running(records), _ended(records)
    last = history.verification(records[ended[0] :], running) if running and ended else None
    stopped = history.freeze(records, now)
    return Row(
        environment=name, after=declared.after, stacks=declared.all_stacks,
        promoted=history.promoted(records), running=running,
        since=ended[1].at if ended else None, age=_age(ended[1].at if ended else None, now),
        verified=_verified(last), checks=last.checks if last else (),
        images=_images(running, cut),
        distance=distance(running, upstream(name, known, logs, cut), cut),
        frozen=stopped.reason if stopped else "",
    )  # fmt: skip


def upstream(name: str, known: Environments, logs: Logs, cut: Sequence[Release]) -> str | None:
    """Return the newest release that the environments before this one run; what was cut last, before the first."""
    order, before = [each.id for each in cut], known.environments[name].after
    if not before:
        return order[-1] if order else None
    running = [found for each in before if (found := history.running(logs[each])) in order]
    return max((each for each in running if each), key=order.index, default=None)


def distance(here: str | None, there: str | None, cut: Sequence[Release]) -> Distance:
    """Return how far the release `here` is from the one `there`."""
    order = [each.id for each in cut]
    if here not in order or there not in order or here is None or there is None:
        return Distance()
    first, last = sorted((order.index(here), order.index(there)))
    between = cut[first + 1 : last + 1]
    lag = Lag.IN_SYNC if here == there else Lag.BEHIND if order.index(here) == first else Lag.AHEAD
    return Distance(
        lag=lag, releases=len(between), commits=sum(len(each.changelog) for each in between),
        seconds=int((cut[last].created - cut[first].created).total_seconds()),
    )  # fmt: skip


def candidate(name: str, known: Environments, logs: Logs, cut: Sequence[Release]) -> str | None:
    """Return the release that would come next: one that was promoted and isn't applied, else the one before it."""
    running, promoted = history.running(logs[name]), history.promoted(logs[name])
    if promoted != running:
        return promoted
    there = upstream(name, known, logs, cut)
    return there if distance(running, there, cut).lag is Lag.BEHIND or running is None else None


def following(release: str, promoted: str | None, found: Sequence[Gate]) -> Next:
    """Return what a release waits for: a gate that is shut (one that nobody looked at isn't), or a command."""
    shut = next((each for each in found if each.state in (State.WAITING, State.FAILED)), None)
    if shut is not None:
        return Next(release=release, gate=shut.name, found=shut.found, until=shut.until)
    return Next(release=release, found="can be applied" if promoted == release else "can be promoted")


def is_late(row: Row, limit: timedelta) -> bool:
    """Say whether an environment is behind by more than a time."""
    return row.distance.lag is Lag.BEHIND and row.distance.seconds > limit.total_seconds()


def applied_state(records: Sequence[Record], stack: str) -> str | None:
    """Return the fingerprint of a stack's state after the last update that the log knows; None before the first."""
    ended = [each for each in records if isinstance(each, Application) and each.stack == stack and each.state]
    return ended[-1].state if ended else None


def _ended(records: Sequence[Record]) -> tuple[int, Application] | None:
    """Return the last update that ended well, and where it is in the log."""
    for number in range(len(records) - 1, -1, -1):
        each = records[number]
        if isinstance(each, Application) and each.result == "succeeded":
            return number, each
    return None


def _verified(last: Verification | None) -> Verified:
    if last is None:
        return Verified.NOT_YET
    return Verified.YES if last.ok else Verified.NO


def _age(since: datetime | None, now: datetime) -> int | None:
    return int((now - since).total_seconds()) if since else None


def _images(running: str | None, cut: Sequence[Release]) -> dict[str, str]:
    release = next((each for each in cut if each.id == running), None)
    return {name: image.pinned for name, image in sorted(release.images.items())} if release else {}
