from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from release.gate import Gate, State
from release.shown import age, coming, lag, verified
from release.status import (
    Distance,
    Lag,
    Next,
    Row,
    Verified,
    applied_state,
    candidate,
    distance,
    following,
    is_late,
    row,
    upstream,
)
from spec.promotion import FreezeOn, Record
from tests import releases
from tests.releases import NOON
from tests.unit.release.stories import CUT, FIRST, SECOND, life

KNOWN = releases.declared()
NOW = NOON + timedelta(hours=50)


def logs(**found: Sequence[Record]) -> dict[str, Sequence[Record]]:
    return {"dev": (), "staging": (), "prod": ()} | found


def of(name: str, **found: Sequence[Record]) -> Row:
    return row(name, KNOWN, logs(**found), CUT, NOW)


def test_an_environment_that_never_ran_anything_says_so() -> None:
    found = of("prod")
    assert (found.promoted, found.running, found.since, found.age) == (None, None, None, None)
    assert (found.verified, found.distance.lag, found.images) == (Verified.NOT_YET, Lag.UNKNOWN, {})
    assert [age(found), verified(found), lag(found.distance), coming(found.next)] == ["-", "-", "-", "nothing to do"]


def test_a_verified_release_has_an_age_and_images() -> None:
    found = of("dev", dev=life(SECOND, "dev", 48))
    assert (found.running, found.verified, found.distance.lag) == (SECOND.id, Verified.YES, Lag.IN_SYNC)
    assert found.images == {"web": SECOND.images["web"].pinned}
    assert (age(found), verified(found), lag(found.distance)) == ("1h 55m", "yes", "in sync")


@pytest.mark.parametrize(("ok", "told"), [(False, "no: http web /"), (None, "not yet")])
def test_what_was_not_found_good_is_told(ok: bool | None, told: str) -> None:
    assert verified(of("dev", dev=life(SECOND, "dev", 48, ok))) == told


def test_a_verification_before_the_update_does_not_count() -> None:
    again = life(SECOND, "dev", 49, ok=None)
    assert of("dev", dev=[*life(SECOND, "dev", 48), *again]).verified is Verified.NOT_YET


def test_an_update_that_failed_leaves_what_runs() -> None:
    failed = life(SECOND, "dev", 48, ok=None, result="failed")
    found = of("dev", dev=[*life(FIRST, "dev", 1), *failed])
    assert (found.running, found.promoted) == (FIRST.id, SECOND.id)
    assert applied_state(failed, "dev") == "a" * 64
    assert applied_state(failed, "other") is None


def test_the_first_environment_lags_behind_what_was_cut_the_others_behind_those_before() -> None:
    found = logs(dev=life(FIRST, "dev", 1), staging=life(FIRST, "staging", 2))
    assert upstream("dev", KNOWN, found, CUT) == SECOND.id
    assert upstream("staging", KNOWN, found, CUT) == FIRST.id
    assert upstream("dev", KNOWN, found, ()) is None
    assert row("staging", KNOWN, found, CUT, NOW).distance.lag is Lag.IN_SYNC


def test_a_lag_is_told_in_releases_commits_and_time() -> None:
    behind = distance(FIRST.id, SECOND.id, CUT)
    assert (behind.lag, behind.releases, behind.commits, behind.seconds) == (Lag.BEHIND, 1, 2, 172800)
    assert lag(behind) == "behind by 1 release, 2 commits, 2d"
    assert distance(SECOND.id, FIRST.id, CUT).lag is Lag.AHEAD
    assert distance(None, FIRST.id, CUT) == distance("2020.01.01-1-00000000", FIRST.id, CUT) == Distance()


def test_only_who_is_behind_for_longer_is_late() -> None:
    late = of("staging", dev=life(SECOND, "dev", 48), staging=life(FIRST, "staging", 2))
    assert is_late(late, timedelta(days=1))
    assert not is_late(late, timedelta(days=2))
    assert not is_late(of("staging", dev=life(FIRST, "dev", 1), staging=life(SECOND, "staging", 48)), timedelta())


def test_what_comes_next_is_what_was_promoted_else_what_those_before_run() -> None:
    found = logs(dev=life(SECOND, "dev", 48), staging=life(FIRST, "staging", 2))
    assert candidate("staging", KNOWN, found, CUT) == SECOND.id
    assert candidate("dev", KNOWN, found, CUT) is None
    assert candidate("prod", KNOWN, found, CUT) == FIRST.id
    begun = logs(dev=life(FIRST, "dev", 48, ok=None, result="failed"))
    assert candidate("dev", KNOWN, begun, CUT) == FIRST.id
    assert candidate("prod", KNOWN, logs(), CUT) is None


def test_the_first_shut_gate_is_what_it_waits_for() -> None:
    until = NOW + timedelta(hours=1)
    shut = Gate(name="soak", state=State.WAITING, found="1h of 2h in dev", until=until)
    found = [Gate(name="risk", state=State.UNKNOWN, found="nothing was previewed"), shut]
    told = coming(following("r", None, found))
    assert told == "r: soak: 1h of 2h in dev, until 2026-11-27 15:00 UTC"
    assert following("r", None, found[:1]) == Next(release="r", found="can be promoted")
    assert coming(following("r", "r", ())) == "r: can be applied"


def test_a_freeze_is_told() -> None:
    stop = FreezeOn(at=NOON, by="Ann", reason="the fair")
    assert of("prod", prod=[stop]).frozen == "the fair"
