"""What an environment's log says, asked in questions. Pure: records in, answers out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from spec.promotion import Application, Approval, FreezeOff, FreezeOn, Override, Promotion, Record, Verification


@dataclass(frozen=True)
class Stay:
    """A time in which a release was verified in an environment; `end`: None while it lasts."""

    start: datetime
    end: datetime | None = None

    def length(self, now: datetime) -> timedelta:
        """Return how long it is, up to `now`."""
        return max((self.end or now) - self.start, timedelta())


def promotion(records: Sequence[Record]) -> Promotion | None:
    """Return the newest promotion: what should run."""
    return next((each for each in reversed(records) if isinstance(each, Promotion)), None)


def promoted(records: Sequence[Record]) -> str | None:
    """Return the id of the release that should run."""
    found = promotion(records)
    return found.release if found else None


def since_promotion(records: Sequence[Record]) -> list[Record]:
    """Return the newest promotion and what came after it; everything without one."""
    starts = [index for index, each in enumerate(records) if isinstance(each, Promotion)]
    return list(records[starts[-1] if starts else 0 :])


def approvers(records: Sequence[Record], release: str) -> tuple[str, ...]:
    """Return who agreed to the newest promotion, if it is of `release`; whoever made it doesn't count."""
    since = since_promotion(records)
    if not since or not isinstance(since[0], Promotion) or since[0].release != release:
        return ()
    names = [each.by for each in since if isinstance(each, Approval) and each.release == release]
    return tuple(dict.fromkeys(name for name in names if name != since[0].by))


def overrides(records: Sequence[Record], release: str) -> dict[str, Override]:
    """Return the overridden gates of the newest promotion, if it is of `release`, each with its newest override."""
    since = since_promotion(records)
    if promoted(records) != release:
        return {}
    found = [each for each in since if isinstance(each, Override) and each.release == release]
    return {gate: each for each in found for gate in each.gates}


def freeze(records: Sequence[Record], now: datetime) -> FreezeOn | None:
    """Return the freeze that is on at a moment, if one is."""
    last = next((each for each in reversed(records) if isinstance(each, FreezeOn | FreezeOff)), None)
    is_on = isinstance(last, FreezeOn) and (last.until is None or now < last.until)
    return last if is_on and isinstance(last, FreezeOn) else None


def verification(records: Sequence[Record], release: str) -> Verification | None:
    """Return the newest verification of a release."""
    found = (each for each in reversed(records) if isinstance(each, Verification) and each.release == release)
    return next(found, None)


def rolled_back(records: Sequence[Record], release: str) -> Promotion | None:
    """Return the rollback away from a release that came after its newest verification, if one did."""
    for each in reversed(records):
        if isinstance(each, Promotion) and each.kind == "rollback" and each.before == release:
            return each
        if isinstance(each, Verification) and each.release == release:
            return None
    return None


def verified_before(records: Sequence[Record], current: str) -> str | None:
    """Return the release whose verification went well last, other than `current`: what a rollback goes back to."""
    found = (each.release for each in reversed(records) if isinstance(each, Verification) and each.ok)
    return next((each for each in found if each != current), None)


def applied(records: Sequence[Record], release: str) -> bool:
    """Say whether an update to a release ever ended well here."""
    return any(isinstance(each, Application) and each.release == release and _went_well(each) for each in records)


def running(records: Sequence[Record]) -> str | None:
    """Return the release of the newest update that ended well: what runs, as far as the log knows."""
    found = (each.release for each in reversed(records) if isinstance(each, Application) and _went_well(each))
    return next(found, None)


def stays(records: Sequence[Record], release: str) -> list[Stay]:
    """Return the times in which a release was verified: until a check failed, or another release was applied."""
    return list(_stays(records, release))


def _stays(records: Sequence[Record], release: str) -> Iterator[Stay]:
    start: datetime | None = None
    for each in records:
        if isinstance(each, Verification) and each.release == release and each.ok:
            start = start or each.at
        elif start and _ends(each, release):
            yield Stay(start, each.at)
            start = None
    if start:
        yield Stay(start)


def _ends(record: Record, release: str) -> bool:
    """Say whether a record ends a stay: a failed verification, or any update to another release."""
    if isinstance(record, Verification):
        return not record.ok and record.release == release
    return isinstance(record, Application) and record.release != release


def _went_well(record: Application) -> bool:
    return record.result == "succeeded"
