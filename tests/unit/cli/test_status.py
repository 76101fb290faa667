"""The tables: the Swarm's own view through the first manager that answers, and what is said of silence."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from rich.console import Console

from cli import status
from cli.answer import Place
from cli.console import console
from providers.swarm.clock import Clock
from spec.errors import EngineError
from tests.unit.providers.world import KEY


def node(ident: str, name: str, role: str = "worker", state: str = "ready") -> dict[str, Any]:
    return {
        "ID": ident,
        "Spec": {"Role": role, "Availability": "active"},
        "Description": {"Hostname": name, "Engine": {"EngineVersion": "20.10.24"}},
        "Status": {"State": state, "Addr": "10.0.0.9"},
        "ManagerStatus": {"Leader": role == "manager"},
    }


def task(service: str, node_id: str, state: str = "running") -> dict[str, Any]:
    return {"ServiceID": service, "NodeID": node_id, "Status": {"State": state}}


def service(ident: str, name: str, running: int, wanted: int, *ports: dict[str, Any]) -> dict[str, Any]:
    container = {"ContainerSpec": {"Image": f"{name}:1@sha256:a"}}
    return {
        "ID": ident,
        "Spec": {
            "Name": name,
            "Mode": {"Global": {}},
            "TaskTemplate": container,
        },
        "Endpoint": {"Ports": list(ports)} if ports else {},
        "ServiceStatus": {"RunningTasks": running, "DesiredTasks": wanted},
    }


WEB = {"PublishedPort": 80, "Protocol": "tcp"}


class Engine:
    """What a manager answers."""

    listed_nodes = [node("n1", "m-1", "manager"), node("n2", "w-1"), node("n3", "w-2", state="down")]
    listed_tasks = [task("s1", "n2"), task("s1", "n3", "starting"), task("s2", "n9")]
    listed_services = [service("s1", "web", 1, 2, WEB), service("s2", "agent", 1, 1, WEB), service("s3", "idle", 0, 0)]

    def nodes(self) -> list[dict[str, Any]]:
        return self.listed_nodes

    def tasks(self, filters: dict[str, str]) -> list[dict[str, Any]]:
        assert filters == {"desired-state": "running"}
        return self.listed_tasks

    def services(self, status: bool) -> list[dict[str, Any]]:
        assert status
        return self.listed_services


class Ways:
    """`Ssh`: which managers answer."""

    away: frozenset[str] = frozenset()
    asked: list[str]

    def __init__(self, _clock: object) -> None:
        pass

    @contextmanager
    def docker(self, connection: Any) -> Iterator[Engine]:
        self.asked.append(connection.name)
        if connection.name in self.away:
            raise EngineError(connection.name, "no route to host")
        yield Engine()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> type[Ways]:
    connections = [{"host": f"10.0.0.{n}", "hostKey": KEY, "name": f"m-{n}"} for n in (1, 2)]
    nodes = {"m-1": {"address": "10.0.0.1"}, "w-1": {"address": "10.0.0.9"}, "w-2": {"address": "10.0.0.10"}}
    ways = type("Ways", (Ways,), {"asked": []})
    monkeypatch.setattr("cli.pulumi.outputs", lambda _stack: {"cluster": {"managers": connections, "nodes": nodes}})
    monkeypatch.setattr(status, "Ssh", ways)
    monkeypatch.setattr(status, "answer", lambda place: f"{place} 200 OK")
    return ways


def shown(stack: str = "dev") -> str:
    out = Console(file=io.StringIO(), width=200)
    status.report(stack, out)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def row(text: str, start: str) -> list[str]:
    [line] = [line for line in text.splitlines() if line.strip().startswith(f"{start} ")]
    return line.split()


def test_nodes_are_shown_as_the_swarm_sees_them(world: type[Ways]) -> None:
    text = shown()
    assert row(text, "m-1") == ["m-1", "10.0.0.9", "manager", "(leader)", "ready", "active", "20.10.24"]
    assert row(text, "w-2")[3] == "down"
    assert world.asked == ["m-1"]


@pytest.mark.usefixtures("world")
def test_services_are_shown_with_their_count_and_where_they_answer() -> None:
    text = shown()
    assert row(text, "web") == ["web", "web:1", "1/2", "w-1", "tcp://10.0.0.9:80", "200", "OK"]
    assert row(text, "idle") == ["idle", "idle:1", "0/0"]


@pytest.mark.usefixtures("world")
def test_a_task_on_a_node_the_stack_does_not_know_is_counted_and_not_asked() -> None:
    assert row(shown(), "agent") == ["agent", "agent:1", "1/1"]


def test_another_manager_is_asked_when_the_first_is_away(world: type[Ways]) -> None:
    world.away = frozenset(["m-1"])
    assert "w-1" in shown()
    assert world.asked == ["m-1", "m-2"]


def test_when_all_are_away_the_last_reason_is_told(world: type[Ways]) -> None:
    world.away = frozenset(["m-1", "m-2"])
    with pytest.raises(EngineError, match="m-2: no route to host"):
        shown()


def test_a_cluster_without_managers_is_told_so() -> None:
    with pytest.raises(EngineError, match="has no manager"):
        status._query({"managers": [], "nodes": {}})


@pytest.mark.usefixtures("world")
def test_silence_is_shown_first_and_then_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Console(file=io.StringIO(), width=200)
    monkeypatch.setattr(status, "answer", lambda _place: None)
    with pytest.raises(EngineError, match=r"stack dev: no answer from tcp://10.0.0.9:80(.|\n)*docker service ps"):
        status.report("dev", out)
    assert isinstance(out.file, io.StringIO)
    assert "tcp://10.0.0.9:80 no answer" in out.file.getvalue()


@pytest.mark.usefixtures("world")
def test_after_an_update_a_silent_port_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([None, None, "200 OK"])
    monkeypatch.setattr(status, "answer", lambda _place: next(answers))
    monkeypatch.setattr(Clock, "pause", lambda _clock, _seconds: None)
    out = Console(file=io.StringIO(), width=200)
    status.report("dev", out, patience=60)
    assert isinstance(out.file, io.StringIO)
    assert out.file.getvalue().count("waiting for tcp://10.0.0.9:80, 60 s at most") == 1
    assert "200 OK" in out.file.getvalue()


@pytest.mark.usefixtures("world")
def test_a_port_that_stays_silent_is_waited_for_no_longer_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(0, 1000, 25))
    monkeypatch.setattr(status, "answer", lambda _place: None)
    monkeypatch.setattr(Clock, "now", lambda _clock: float(next(seconds)))
    monkeypatch.setattr(Clock, "pause", lambda _clock, _seconds: None)
    with pytest.raises(EngineError, match="no answer from"):
        status.report("dev", Console(file=io.StringIO(), width=200), patience=60)
    assert next(seconds) == 100


@pytest.mark.usefixtures("world")
def test_each_place_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Place] = []

    def answer(place: Place) -> str:
        asked.append(place)
        return "ok"

    monkeypatch.setattr(status, "answer", answer)
    shown()
    assert asked == [Place("10.0.0.9", 80)]


@pytest.mark.parametrize(("terminal", "width"), [(False, 200), (True, 80)])
def test_a_pipe_is_as_wide_as_a_row_needs(terminal: bool, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    assert console().width == width
