"""Nodes that go away and come back under a stream: what is told, and that nothing is lost, repeated or left running."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import islice

import pytest

from providers.swarm.clock import Clock
from spec.errors import LongshoreError
from tests.unit.watch.engine import Engine, Nodes, node
from watch import stream as module
from watch.entry import Entry
from watch.logs import LogFeed, Wanted
from watch.merge import Merge
from watch.stream import Stream, Tap


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr("watch.logs.AGAIN_SECONDS", 0.01)


@pytest.fixture
def engines() -> dict[str, Engine]:
    found = {"one": Engine(), "two": Engine()}
    found["one"].add("c1", "web", "1")
    found["two"].add("c2", "web", "2")
    return found


def made(engines: dict[str, Engine], told: list[str], wanted: Wanted | None = None) -> tuple[Stream, Nodes]:
    outside = Nodes(**engines)
    taps = [Tap(node(name), LogFeed(name, wanted or Wanted(), told.append)) for name in engines]
    return Stream(taps, outside, Clock(), told.append, Merge(0.05)), outside


def take(entries: Iterator[Entry], count: int) -> list[str]:
    return [each.text for each in islice(entries, count)]


def test_history_is_one_list_in_order_of_time(engines: dict[str, Engine]) -> None:
    for seconds in (1, 4):
        engines["one"].write("c1", seconds, f"one at {seconds}")
        engines["two"].write("c2", seconds + 1, f"two at {seconds + 1}")
    stream, outside = made(engines, [])
    assert [each.text for each in stream.history()] == ["one at 1", "two at 2", "one at 4", "two at 5"]
    assert outside.open == 0


def test_a_stream_goes_on_where_history_ended_and_all_of_it_ends_when_it_is_closed(engines: dict[str, Engine]) -> None:
    engines["one"].write("c1", 1, "old")
    threads, told = threading.active_count(), list[str]()
    stream, outside = made(engines, told)
    assert [each.text for each in stream.history()] == ["old"]
    with closing(stream.follow()) as entries:
        engines["two"].write("c2", 2, "new")
        assert take(entries, 1) == ["new"]
        engines["one"].write("c1", 3, "newer")
        assert take(entries, 1) == ["newer"]
    assert (threading.active_count(), outside.open, told) == (threads, 0, [])


def test_a_lost_node_is_told_once_the_others_go_on_and_it_is_resumed(engines: dict[str, Engine]) -> None:
    told: list[str] = []
    stream, _ = made(engines, told)
    with closing(stream.follow()) as entries:
        engines["one"].write("c1", 1, "before")
        assert take(entries, 1) == ["before"]
        engines["one"].cut()
        engines["one"].write("c1", 2, "while away")
        for number in range(3):
            engines["two"].write("c2", 3 + number, f"other {number}")
        assert take(entries, 3) == ["other 0", "other 1", "other 2"]
        while not told:
            engines["two"].write("c2", 7, "more")
            take(entries, 1)
        engines["one"].on = True
        assert take(entries, 1) == ["while away"]
        engines["one"].write("c1", 8, "after")
        assert take(entries, 1) == ["after"]
    assert [line.split(":")[0] for line in told] == ["one is lost", "one is back"]


def test_a_task_that_starts_later_is_read_from_its_beginning(engines: dict[str, Engine]) -> None:
    stream, _ = made(engines, [], Wanted(tail=1))
    stream.history()
    with closing(stream.follow()) as entries:
        engines["one"].write("c1", 1, "first")
        assert take(entries, 1) == ["first"]
        engines["one"].add("c3", "api")
        for number in range(3):
            engines["one"].write("c3", 2 + number, f"api {number}")
        assert take(entries, 3) == ["api 0", "api 1", "api 2"]


def test_an_answer_that_ends_before_its_task_is_asked_for_again(engines: dict[str, Engine]) -> None:
    told: list[str] = []
    stream, _ = made(engines, told)
    with closing(stream.follow()) as entries:
        engines["one"].write("c1", 1, "before")
        assert take(entries, 1) == ["before"]
        engines["one"].rotate("c1")
        engines["one"].write("c1", 2, "after")
        assert take(entries, 1) == ["after"]
        engines["one"].stop("c1")
        engines["two"].write("c2", 3, "other")
        assert take(entries, 1) == ["other"]
    assert told == []


def test_a_node_that_is_away_at_the_start_is_told_and_joins_when_it_is_there(engines: dict[str, Engine]) -> None:
    engines["one"].write("c1", 1, "one")
    engines["two"].write("c2", 2, "two")
    engines["two"].on = False
    told: list[str] = []
    stream, _ = made(engines, told)
    assert [each.text for each in stream.history()] == ["one"]
    assert told == ["two is lost: no route to host; the others go on"]
    engines["two"].on = True
    with closing(stream.follow()) as entries:
        assert take(entries, 1) == ["two"]
    assert told[1:] == ["two is back: its entries go on where they stopped"]


def test_when_no_node_answers_that_is_an_error(engines: dict[str, Engine]) -> None:
    for engine in engines.values():
        engine.on = False
    stream, _ = made(engines, [])
    with pytest.raises(LongshoreError, match="no route to host"):
        stream.history()


def test_what_a_connection_breaks_with_is_no_traceback(
    engines: dict[str, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    stream, _ = made(engines, told)

    def broken(*_: object, **__: object) -> None:
        raise ConnectionResetError("reset by peer")

    monkeypatch.setattr("tests.unit.watch.engine.Client.containers", broken)
    with pytest.raises(LongshoreError, match="the connection ended"):
        stream.history()
