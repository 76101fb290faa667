"""Quantities and durations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.base import whole_seconds


@pytest.mark.parametrize(
    ("duration", "seconds"), [("10s", 10), ("1m30s", 90), ("2h", 7200), ("1ms", 1), ("1500ms", 2), ("0s", 0)]
)
def test_a_duration_in_seconds_is_rounded_up(duration: str, seconds: int) -> None:
    assert whole_seconds(duration) == seconds


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_the_parts_of_a_duration_add_up(hours: int, minutes: int, seconds: int) -> None:
    assert whole_seconds(f"{hours}h{minutes}m{seconds}s") == (hours * 60 + minutes) * 60 + seconds
