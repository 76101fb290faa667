"""Times and lines, as they are read and written."""

from __future__ import annotations

import pytest

from watch.entry import moment, stamp
from watch.lines import Lines, parse

AT = 1_700_000_000 * 10**9


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2023-11-14T22:13:20Z", AT),
        ("2023-11-14T22:13:20.5Z", AT + 5 * 10**8),
        ("2023-11-14T23:13:20.000000001+01:00", AT + 1),
        ("yesterday", None),
        ("2023-11-14T22:13:20", None),
    ],
)
def test_a_time_is_read_to_the_nanosecond(text: str, at: int | None) -> None:
    assert moment(text) == at


def test_a_time_is_shown_as_exactly_as_asked() -> None:
    assert stamp(AT + 123_456_789) == "2023-11-14T22:13:20.123456789Z"
    assert stamp(AT + 123_456_789, 3) == "2023-11-14T22:13:20.123Z"


def test_what_has_no_time_is_no_line() -> None:
    assert parse(b"no time here") is None
    assert Lines().feed(b"nonsense\n") == []


def test_empty_lines_and_bytes_that_are_no_text_stay_lines() -> None:
    assert parse(b"2023-11-14T22:13:20Z ") == (AT, "")
    assert parse(b"2023-11-14T22:13:20Z \xff!") == (AT, "�!")
