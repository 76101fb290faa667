"""One node's logs: what is asked of the engine, and what becomes of what it answers."""

from __future__ import annotations

import re
from typing import Any
from unittest.mock import Mock

import pytest
from docker.errors import APIError

from tests.unit.watch.engine import T0, Engine, client_of
from watch.entry import Entry
from watch.logs import LogFeed, Origin, Wanted


def history(engine: Engine, wanted: Wanted, told: list[str] | None = None) -> list[Entry]:
    found: list[Entry] = []
    LogFeed("n1", wanted, (told if told is not None else []).append).history(client_of(engine), found.append)
    return found


@pytest.fixture
def engine() -> Engine:
    made = Engine()
    made.add("0123456789abcdef", "web", "2")
    made.add("c2", "api", "node-id")
    for number in range(4):
        made.write("0123456789abcdef", number, f"GET /{number}")
    made.write("c2", 1, "ready")
    return made


def test_a_line_is_told_with_its_service_task_and_container(engine: Engine) -> None:
    found = history(engine, Wanted("web", tail=1))
    assert [each.line() for each in found] == ["2023-11-14T22:13:23.000Z web.2@n1 | GET /3"]
    assert found[0].document() == (
        '{"time": "2023-11-14T22:13:23.000000000Z", "node": "n1", "service": "web", "task": "web.2", '
        '"container": "0123456789ab", "line": "GET /3"}'
    )


def test_a_task_of_a_global_service_is_called_by_its_service(engine: Engine) -> None:
    assert [each.origin for each in history(engine, Wanted("api"))] == ["api"]


def test_a_container_without_labels_of_its_own_is_called_by_its_id() -> None:
    assert Origin.of("n1", "0123456789abcdef", {}).task == "0123456789ab"


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        (Wanted("web"), {"since": 0, "tail": 100}),
        (Wanted("web", since=T0 + 2, tail=None), {"since": T0 + 2, "tail": None}),
        (Wanted("web", since=T0, tail=1), {"since": T0, "tail": 1}),
    ],
)
def test_the_engine_is_asked_for_what_is_wanted(engine: Engine, wanted: Wanted, asked: dict[str, Any]) -> None:
    history(engine, wanted)
    assert engine.asked == [{"id": "0123456789abcdef", "follow": False, **asked}]


def test_a_task_that_was_silent_is_read_whole_afterwards() -> None:
    """More lines than `tail` may have come while its node was away: they are new, not history."""
    engine, found = Engine(), list[Entry]()
    engine.add("c1")
    feed = LogFeed("n1", Wanted(tail=1), Mock())
    feed.history(client_of(engine), found.append)
    for number in range(3):
        engine.write("c1", number, str(number))
    feed.history(client_of(engine), found.append)
    assert [each.text for each in found] == ["0", "1", "2"]


def test_only_lines_that_match_are_shown_and_all_are_remembered(engine: Engine) -> None:
    feed, found = LogFeed("n1", Wanted("web", grep=re.compile(r"/[02]$")), Mock()), list[Entry]()
    for _ in range(2):
        feed.history(client_of(engine), found.append)
    assert [each.text for each in found] == ["GET /0", "GET /2"]


def test_a_last_line_without_an_end_is_shown_when_it_was_not_cut_off(engine: Engine) -> None:
    engine.write("c2", 2, "bye", end="")
    assert [each.text for each in history(engine, Wanted("api"))] == ["ready", "bye"]
    engine.on = False
    assert [each.text for each in history(engine, Wanted("api"))] == ["ready"]


@pytest.mark.parametrize(("code", "count"), [(501, 1), (404, 0)])
def test_a_log_that_cannot_be_read_is_told_once(engine: Engine, code: int, count: int) -> None:
    told: list[str] = []
    refusal = APIError("no", response=Mock(status_code=code), explanation="driver syslog does not support reading")
    engine.containers["c2"].refusal = refusal
    feed = LogFeed("n1", Wanted("api"), told.append)
    for _ in range(2):
        feed.history(client_of(engine), Mock())
    assert told == ["api.node-id@n1: driver syslog does not support reading"] * count
