"""How long to wait, from status and headers alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.publish.wait import FIRST, LONGEST, TRIES, Clock, is_limited, pause

NOW = 1_000.0
CLOCK = Clock(now=lambda: NOW, sleep=lambda _: None, chance=lambda: 0.5)


@pytest.mark.parametrize("status", [200, 201, 204, 301, 400, 401, 403, 404, 409, 422])
def test_an_answer_that_would_be_the_same_again_is_not_asked_for_again(status: int) -> None:
    assert pause(1, status, {}, "", CLOCK) is None


@pytest.mark.parametrize("status", [0, 408, 429, 500, 502, 503, 504])
def test_waits_grow_and_end(status: int) -> None:
    waits = [pause(tried, status, {}, "", CLOCK) for tried in range(1, TRIES + 1)]
    assert waits == [*(FIRST * 2**n for n in range(TRIES - 1)), None]


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"retry-after": "7"}, 7.5),
        (503, {"retry-after": "7"}, 7.5),
        (403, {"retry-after": "60"}, 60.5),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030"}, 30.5),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "990"}, 0.5),
        (429, {"ratelimit-reset": "1010"}, 10.5),
        (429, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, FIRST),
        (500, {"x-ratelimit-reset": "1030"}, FIRST),
    ],
)
def test_the_time_that_a_platform_names_is_kept(status: int, headers: dict[str, str], wait: float) -> None:
    assert pause(1, status, headers, "", CLOCK) == wait


@pytest.mark.parametrize("headers", [{"retry-after": "3600"}, {"x-ratelimit-reset": str(int(NOW + LONGEST) + 1)}])
def test_too_long_a_pause_is_a_failure(headers: dict[str, str]) -> None:
    assert pause(1, 429, headers, "", CLOCK) is None


def test_a_secondary_limit_is_known_by_its_words() -> None:
    assert is_limited(403, {}, "You have exceeded a secondary rate limit.")
    assert not is_limited(403, {"x-ratelimit-remaining": "12"}, "Resource not accessible by integration")


@given(
    st.integers(1, 20),
    st.integers(0, 599),
    st.dictionaries(
        st.sampled_from(["retry-after", "x-ratelimit-reset", "x-ratelimit-remaining"]), st.text(max_size=6)
    ),
    st.floats(0, 1, exclude_max=True),
)
def test_no_header_makes_it_wait_for_ever_or_backwards(
    tried: int, status: int, headers: dict[str, str], chance: float
) -> None:
    wait = pause(tried, status, headers, "", Clock(lambda: NOW, lambda _: None, lambda: chance))
    assert wait is None or 0 <= wait <= LONGEST + 1
