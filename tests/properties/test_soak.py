"""Soak, over any log and at any moment: time alone opens the gate exactly when it says, and never shuts it."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from release import history
from release.facts import Facts
from release.gate import State
from release.upstream import soak
from spec.promotion import Record
from tests.releases import NOON, applied, declared, release, verified

RELEASES = [release(number).id for number in (1, 2)]
EVENTS = st.tuples(st.sampled_from(["apply", "good", "bad"]), st.sampled_from(RELEASES), st.integers(1, 300))


@st.composite
def logs(draw: st.DrawFn) -> list[Record]:
    now, records = NOON, list[Record]()
    for kind, id_, minutes in draw(st.lists(EVENTS, max_size=12)):
        now += timedelta(minutes=minutes)
        records.append(applied(id_, now) if kind == "apply" else verified(id_, now, kind == "good"))
    return records


def asked(records: list[Record], minutes: int) -> Facts:
    return Facts(declared(), "staging", RELEASES[0], {"dev": records}, NOON + timedelta(minutes=minutes))


@given(logs(), st.integers(4000, 8000), st.integers(1, 5000))
def test_time_never_shuts_the_gate(records: list[Record], minutes: int, more: int) -> None:
    if soak(asked(records, minutes)).state is State.PASSED:
        assert soak(asked(records, minutes + more)).state is State.PASSED


@given(logs(), st.integers(3600, 8000))
def test_it_opens_when_it_says_and_not_before(records: list[Record], minutes: int) -> None:
    gate = soak(asked(records, minutes))
    if gate.until is not None:
        wait = int((gate.until - NOON).total_seconds() // 60)
        assert wait > minutes
        assert soak(asked(records, wait)).state is State.PASSED
        assert soak(asked(records, wait - 1)).state is not State.PASSED


@given(logs(), st.integers(3600, 8000))
def test_without_a_stay_that_lasts_waiting_does_not_help(records: list[Record], minutes: int) -> None:
    gate = soak(asked(records, minutes))
    stays = history.stays(records, RELEASES[0])
    if gate.state is State.FAILED:
        assert not stays or stays[-1].end is not None
    if gate.state is State.PASSED:
        assert any(each.length(asked(records, minutes).now) >= timedelta(hours=2) for each in stays)


@given(logs())
def test_stays_follow_each_other_and_only_the_last_may_last(records: list[Record]) -> None:
    stays = history.stays(records, RELEASES[0])
    ends = [each.end for each in stays]
    assert all(end is not None for end in ends[:-1])
    assert all(one.end is not None and one.end <= two.start for one, two in pairwise(stays))
