"""Waiting: until something is found, until time is up, or until somebody stops the clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from providers.swarm.clock import Clock, StoppedError
from tests.unit.providers.jumping import TestClock


def answers(*values: str | None) -> Iterator[str | None]:
    yield from values
    while True:
        yield None


def test_the_first_answer_ends_the_wait() -> None:
    clock, said = TestClock(), answers(None, None, "there", "late")
    assert clock.until(60, lambda: next(said)) == "there"
    assert next(said) == "late"
    assert clock.now() == 2


def test_an_answer_that_is_false_is_one() -> None:
    clock = TestClock()
    assert clock.until(60, lambda: 0) == 0
    assert clock.now() == 0


@pytest.mark.parametrize("seconds", [0, 5])
def test_it_asks_at_least_once_and_not_long_past_its_time(seconds: float) -> None:
    clock, asked = TestClock(), []
    assert clock.until(seconds, lambda: asked.append(clock.now()), every=2) is None
    assert asked[0] == 0
    assert seconds <= asked[-1] < seconds + 2


def test_what_a_probe_raises_is_not_swallowed() -> None:
    def probe() -> None:
        raise LookupError("m1")

    with pytest.raises(LookupError, match="m1"):
        TestClock().until(60, probe)


def test_a_stopped_clock_still_looks_once_and_waits_no_more() -> None:
    clock = TestClock()
    clock.stop()
    assert clock.until(60, lambda: "there") == "there"
    with pytest.raises(StoppedError, match="run `pulumi up` again"):
        clock.until(60, lambda: None)


def test_stopping_wakes_one_who_sleeps() -> None:
    clock, woken = Clock(), threading.Event()

    def sleep() -> None:
        with pytest.raises(StoppedError):
            clock.pause(600)
        woken.set()

    sleeper = threading.Thread(target=sleep)
    sleeper.start()
    clock.stop()
    sleeper.join(10)
    assert woken.is_set()


def test_time_only_grows() -> None:
    clock = Clock()
    before = clock.now()
    clock.pause(0.001)
    assert clock.now() > before


def test_a_lock_is_free_again_after_a_failure() -> None:
    clock, lock = Clock(), threading.Lock()
    with pytest.raises(ZeroDivisionError), clock.holding(lock):
        raise ZeroDivisionError
    with clock.holding(lock):
        assert lock.locked()
    assert not lock.locked()


def test_of_two_that_want_a_lock_one_waits_for_the_other() -> None:
    clock, lock, order = Clock(), threading.Lock(), []
    first_in = threading.Event()

    def second() -> None:
        first_in.wait(10)
        with clock.holding(lock):
            order.append("second")

    other = threading.Thread(target=second)
    other.start()
    with clock.holding(lock):
        first_in.set()
        other.join(0.3)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]
