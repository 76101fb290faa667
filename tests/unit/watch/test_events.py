"""One node's events: what is left out, what managers tell twice, and how one reads."""

from __future__ import annotations

import json

from tests.unit.watch.engine import T0, Engine, at, client_of, event
from watch.entry import Entry
from watch.events import REMEMBERED, EventFeed, Told, entry
from watch.feed import Open


def history(engine: Engine, *types: str, since: int = 0, told: Told | None = None) -> list[Entry]:
    found: list[Entry] = []
    EventFeed("m1", list(types), since, told or Told()).history(client_of(engine), found.append)
    return found


def test_health_checks_make_no_noise_and_types_are_the_engines_to_filter() -> None:
    engine = Engine()
    engine.tell(event("container", "exec_start: curl -u me:secret", "c1", at(1), name="web"))
    engine.tell(event("container", "die", "c1", at(2), name="web", exitCode="1"))
    engine.tell(event("network", "create", "n1", at(3), name="shop"))
    assert [each.text for each in history(engine)] == ["die web exitCode=1", "create shop"]
    assert [each.text for each in history(engine, "network")] == ["create shop"]
    assert [each.text for each in history(engine, since=T0 + 3)] == ["create shop"]


def test_an_event_of_the_swarm_counts_once_however_many_managers_tell_it() -> None:
    told = Told()
    first, again = (event("service", "update", "s1", at(5), "swarm", name="web") for _ in range(2))
    removed = [event("node", "remove", "n1", at(6 + late), "swarm", name="w-1") for late in (0, 0.5)]
    seen = [told.is_new(each) for each in (first, again, *removed)]
    assert seen == [True, False, True, False]
    assert told.is_new(event("service", "update", "s1", at(9), "swarm", name="web"))


def test_what_was_told_is_not_remembered_for_ever() -> None:
    told = Told()
    first = event("service", "update", "s1", at(0), "swarm")
    told.is_new(first)
    for number in range(REMEMBERED):
        told.is_new(event("service", "update", "s1", at(1 + number), "swarm"))
    assert told.is_new(first)


def test_the_same_event_of_two_engines_is_two_events() -> None:
    told, engine = Told(), Engine()
    engine.tell(event("network", "create", "n1", at(1), name="shop"))
    assert len(history(engine, told=told) + history(engine, told=told)) == 2


def test_reading_goes_on_from_the_last_event() -> None:
    engine, found, streams = Engine(), list[Entry](), Open()
    feed = EventFeed("m1", [], 0, Told())
    engine.tell(event("node", "update", "n1", at(1), "swarm", name="w-1"))
    feed.history(client_of(engine), found.append)
    engine.tell(event("node", "update", "n1", at(1.5), "swarm", name="w-1"))
    streams.end()
    feed.follow(client_of(engine), found.append, streams)
    assert [each.at for each in found] == [at(1), at(1.5)]


def test_an_event_reads_by_its_task_and_shows_what_changed() -> None:
    told = entry("m1", event("node", "update", "n1", at(1), "swarm", name="w-1", **{"state.new": "down"}))
    assert told.line() == "2023-11-14T22:13:21.000Z node@m1 | update w-1 state.new=down"
    task = event("container", "start", "c1", at(1), name="web.1.x", **{"com.docker.swarm.task.name": "web.1.x"})
    assert entry("m1", task).text == "start web.1.x"
    assert json.loads(entry("m1", task).document())["attributes"]["name"] == "web.1.x"
    assert entry("m1", event("daemon", "reload", "0123456789abcdef", at(1))).text == "reload 0123456789ab"
