"""Asking the Swarm: the first manager that is one answers, nothing is changed, and a node that is away is left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from docker.api import APIClient

from drift.engines import DAEMON_FILE
from drift.observed import observe, read_daemons
from providers.swarm.connection import Connection
from providers.swarm.ssh import Ran, UnreachableError

LISTS = ("nodes", "services", "tasks", "secrets", "configs")


class Engine:
    """An engine that answers reading calls, and has no others."""

    def __init__(self, swarm_id: str | None) -> None:
        self._swarm_id = swarm_id

    def info(self) -> dict[str, Any]:
        return {"Swarm": {"Cluster": {"ID": self._swarm_id} if self._swarm_id else None}}

    def __getattr__(self, name: str) -> Any:
        assert name in LISTS, f"drift must not call {name}"
        return lambda: [{"ID": f"{self._swarm_id}-{name}"}]


@dataclass
class Nodes:
    """The nodes behind the provider's seam: host -> Swarm id (None: in none); others don't answer."""

    swarms: dict[str, str | None]
    files: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def host_key(self, host: str, port: int) -> str:
        raise AssertionError(f"drift pins no host key, as of {host}:{port}")

    def run(self, connection: Connection, command: str, seconds: float) -> Ran:
        assert command == f"cat {DAEMON_FILE}"
        assert seconds > 0
        self._reach(connection)
        text = self.files.get(connection.host)
        return Ran(1, "No such file") if text is None else Ran(0, text)

    @contextmanager
    def docker(self, connection: Connection, seconds: int = 30) -> Iterator[APIClient]:
        assert seconds > 0
        self.asked.append(connection.host)
        self._reach(connection)
        yield cast("APIClient", Engine(self.swarms[connection.host]))

    def pipe(self, connection: Connection, command: str, data: bytes, seconds: float) -> bytes:
        raise AssertionError(f"drift writes nothing: {command} at {connection.where}, {len(data)} bytes, {seconds} s")

    def _reach(self, connection: Connection) -> None:
        if connection.host not in self.swarms:
            raise UnreachableError(connection.where, "no route to host")


def hosts(*names: str) -> list[Connection]:
    return [Connection(host=f"h-{name}", name=name) for name in names]


def test_the_first_manager_gives_all_lists() -> None:
    nodes = Nodes({"h-m1": "swarm-1", "h-m2": "swarm-1"})
    seen = observe(nodes, hosts("m1", "m2"), [], "swarm-1")
    assert [getattr(seen, name) for name in LISTS] == [[{"ID": f"swarm-1-{name}"}] for name in LISTS]
    assert (seen.unreachable, nodes.asked) == ("", ["h-m1"])


@pytest.mark.parametrize("first", ["away", "in none", "in another"])
def test_the_next_manager_is_asked_where_the_first_is_none(first: str) -> None:
    swarms: dict[str, str | None] = {"h-m2": "swarm-1"}
    if first != "away":
        swarms["h-m1"] = None if first == "in none" else "swarm-9"
    nodes = Nodes(swarms)
    assert observe(nodes, hosts("m1", "m2"), [], "swarm-1").services == [{"ID": "swarm-1-services"}]
    assert nodes.asked == ["h-m1", "h-m2"]


def test_without_any_manager_every_reason_is_told() -> None:
    seen = observe(Nodes({"h-m2": "swarm-9"}), hosts("m1", "m2"), [], "swarm-1")
    assert seen.unreachable == "m1: no route to host; m2: is no manager of the Swarm swarm-1"
    assert seen.nodes == ()
    assert observe(Nodes({}), [], [], "swarm-1").unreachable == "the stack has no manager"


def test_settings_are_read_from_each_node_that_answers_and_has_some() -> None:
    nodes = Nodes(dict.fromkeys(["h-w1", "h-w2", "h-w3"], "swarm-1"), {"h-w1": "{}", "h-w3": '{"a": 1}'})
    assert read_daemons(nodes, hosts("w1", "w2", "w3", "w4")) == {"w1": "{}", "w3": '{"a": 1}'}


def test_settings_are_read_though_no_manager_answers() -> None:
    seen = observe(Nodes({"h-w1": None}, {"h-w1": "{}"}), hosts("m1"), hosts("w1"), "swarm-1")
    assert seen.daemons == {"w1": "{}"}
    assert seen.unreachable
