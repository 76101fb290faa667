"""Hours and spans as people write them: on a wall clock, in a time zone of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, NaiveDatetime, model_validator

from spec.base import Spec

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = timedelta(days=8)
"""How far ahead an opening is looked for: every weekly window opens within it."""


def _known(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone; write one such as Europe/Berlin or UTC") from None
    return zone


Zone = Annotated[str, AfterValidator(_known), Field(examples=["Europe/Berlin", "UTC"])]
"""An IANA time zone."""

WallTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["09:00"])]
"""Hours and minutes on the clock of a zone."""


class Window(Spec):
    """When an environment may be changed, each week. One that ends at or before its start ends on the next day."""

    days: tuple[Day, ...] = DAYS
    """The days on which it opens."""
    start: WallTime = "00:00"
    """When it opens."""
    end: WallTime = "00:00"
    """When it closes."""
    zone: Zone
    """Whose clock that is."""

    def spans(self, now: datetime) -> list[tuple[datetime, datetime]]:
        """Return its openings and closings around `now`, from the day before it to a week after, in UTC."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        days = [today + timedelta(days=each) for each in range(-1, WEEK.days)]
        return [self._span(each) for each in days if DAYS[each.weekday()] in self.days]

    def is_open(self, now: datetime) -> bool:
        """Say whether it is open at a moment."""
        return any(start <= now < end for start, end in self.spans(now))

    def opens(self, now: datetime) -> datetime:
        """Return when it is open next: `now` when it is."""
        if self.is_open(now):
            return now
        return min(start for start, _ in self.spans(now) if start > now)

    def _span(self, opened: date) -> tuple[datetime, datetime]:
        closed = opened if self.end > self.start else opened + timedelta(days=1)
        return _moment(opened, self.start, self.zone), _moment(closed, self.end, self.zone)


class Freeze(Spec):
    """A span in which nothing is changed, planned ahead."""

    start: NaiveDatetime
    """When it begins, on the zone's clock."""
    end: NaiveDatetime
    """When it is over."""
    zone: Zone
    """Whose clock that is."""
    reason: str = Field(min_length=1)
    """Why."""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end <= self.start:
            raise ValueError("should end after it starts")
        return self

    def span(self) -> tuple[datetime, datetime]:
        """Return its start and end, in UTC."""
        zone = ZoneInfo(self.zone)
        return self.start.replace(tzinfo=zone).astimezone(UTC), self.end.replace(tzinfo=zone).astimezone(UTC)

    def is_on(self, now: datetime) -> bool:
        """Say whether it is on at a moment."""
        start, end = self.span()
        return start <= now < end


def _moment(day: date, clock: str, zone: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)
