"""Windows and freezes, at any moment, in any zone, across clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from spec.hours import DAYS, Freeze, Window

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Apia"]
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
CLOCKS = st.times().map(lambda each: each.strftime("%H:%M"))
WINDOWS = st.builds(
    Window,
    days=st.lists(st.sampled_from(DAYS), min_size=1, unique=True).map(tuple),
    start=CLOCKS,
    end=CLOCKS,
    zone=ZONES,
)


@given(WINDOWS, MOMENTS)
def test_it_is_open_when_it_opens_and_not_before(window: Window, now: datetime) -> None:
    opens = window.opens(now)
    assert opens >= now
    assert window.is_open(opens)
    if opens > now:
        assert not window.is_open(now)
        assert not window.is_open(opens - timedelta(microseconds=1))
        assert opens - now <= timedelta(days=8)


@given(WINDOWS, MOMENTS)
def test_a_moment_is_the_same_whoever_asks(window: Window, now: datetime) -> None:
    there = now.astimezone(ZoneInfo("Asia/Tokyo"))
    assert window.is_open(there) == window.is_open(now)
    assert window.opens(there) == window.opens(now)


@given(WINDOWS, MOMENTS)
def test_an_open_window_shows_the_hours_it_was_written_with(window: Window, now: datetime) -> None:
    local = now.astimezone(ZoneInfo(window.zone))
    clock, day = local.strftime("%H:%M"), DAYS[local.weekday()]
    before = DAYS[(local.weekday() - 1) % 7]
    if window.end > window.start:
        expected = day in window.days and window.start <= clock < window.end
    else:
        expected = (day in window.days and clock >= window.start) or (before in window.days and clock < window.end)
    if not _clocks_change_near(now, window.zone):
        assert window.is_open(now) == expected


@given(st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1)), st.integers(1, 10**6), ZONES, MOMENTS)
def test_a_freeze_is_on_between_its_ends(start: datetime, minutes: int, zone: str, now: datetime) -> None:
    freeze = Freeze(start=start, end=start + timedelta(minutes=minutes), zone=zone, reason="r")
    first, last = freeze.span()
    assert freeze.is_on(now) == (first <= now < last)
    assert freeze.is_on(first) == (first < last)
    assert not freeze.is_on(last)


def test_a_night_window_belongs_to_the_day_it_opens_on() -> None:
    night = Window(days=("fri",), start="22:00", end="04:00", zone="Europe/Berlin")
    assert night.is_open(datetime(2026, 11, 28, 2, 59, tzinfo=UTC))  # Saturday, 03:59 there
    assert not night.is_open(datetime(2026, 11, 28, 3, 0, tzinfo=UTC))
    assert not night.is_open(datetime(2026, 11, 27, 2, 0, tzinfo=UTC))
    assert night.opens(datetime(2026, 11, 25, 0, 0, tzinfo=UTC)) == datetime(2026, 11, 27, 21, 0, tzinfo=UTC)


def _clocks_change_near(now: datetime, zone: str) -> bool:
    there = ZoneInfo(zone)
    offsets = {(now + timedelta(hours=hours)).astimezone(there).utcoffset() for hours in range(-30, 31, 2)}
    return len(offsets) > 1
