"""The agent: what it sends, what it makes of what it hears, and how it ends; on loopback addresses, so without root."""

from __future__ import annotations

import ast
import json
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from providers.swarm import agent
from providers.swarm.agent import KINDS, Exchange, batch, interface
from providers.swarm.probe import AGENT

PLAN: dict[str, Any] = {"id": 16700000, "port": 4789, "mtu": 1450, "seconds": 1, "nodes": ["10.0.0.11", "10.0.0.12"]}
PLAN["index"] = 0
ALL = sorted(KINDS)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Agents in one process: node `index` is 127.0.0.(index + 1)."""
    monkeypatch.setattr(agent, "inner", lambda index: "127.0.{}.{}".format(*divmod(index + 1, 256)))
    monkeypatch.setattr(agent, "PORT", free_port())


class Deaf(Exchange):
    """An agent that never hears one kind."""

    deaf_to = ""

    def receive(self, datagram: bytes) -> None:
        if json.loads(datagram.rstrip(b" "))["kind"] != self.deaf_to:
            super().receive(datagram)

    def take(self, connection: socket.socket, address: tuple[str, int]) -> None:
        if self.deaf_to == "stream":
            connection.close()
        else:
            super().take(connection, address)


def deaf(kind: str) -> type[Exchange]:
    return type("DeafToOne", (Deaf,), {"deaf_to": kind})


def talk(*kinds: type[Exchange], seconds: int = 10, mtu: int = 1450) -> list[dict[str, list[str]]]:
    """Run one agent of each class at the same time; return what each one heard."""
    plan = PLAN | {"nodes": ["x"] * len(kinds), "seconds": seconds, "mtu": mtu}
    made = [kind(plan | {"index": index}) for index, kind in enumerate(kinds)]
    with ThreadPoolExecutor(len(made)) as pool:
        return list(pool.map(lambda each: each.run(), made))


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize("count", [2, 3, 5])
def test_agents_hear_everything_of_each_other(count: int) -> None:
    heard = talk(*[Exchange] * count)
    for index, each in enumerate(heard):
        assert each == {str(other): ALL for other in range(count) if other != index}


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize("kind", KINDS)
def test_what_one_agent_does_not_hear_the_other_still_does(kind: str) -> None:
    first, second = talk(deaf(kind), Exchange, seconds=2)
    assert first == {"1": [each for each in ALL if each != kind]}
    assert second == {"0": ALL}


@pytest.mark.usefixtures("loopback")
def test_an_agent_alone_has_nobody_to_wait_for() -> None:
    assert talk(Exchange) == [{}]


@pytest.mark.usefixtures("loopback")
def test_an_agent_whose_peer_never_comes_ends_with_nothing_heard() -> None:
    plan = PLAN | {"seconds": 1}
    assert Exchange(plan).run() == {"1": []}


@pytest.mark.usefixtures("loopback")
def test_jumbo_packets_are_as_good_as_small_ones() -> None:
    assert talk(Exchange, Exchange, mtu=8950) == [{"1": ALL}, {"0": ALL}]


@pytest.mark.usefixtures("loopback")
def test_a_packet_too_large_for_the_own_card_is_lost_and_nothing_else() -> None:
    first, second = talk(Exchange, Exchange, seconds=2, mtu=70000)
    assert first == {"1": [each for each in ALL if each != "large"]}
    assert second == {"0": [each for each in ALL if each != "large"]}


def test_a_tool_that_fails_ends_the_agent_with_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        batch(sys.executable, ["x"])
    assert str(ended.value.code).startswith(f"{sys.executable}: ")
    assert "Traceback" not in capsys.readouterr().err


def test_the_agent_is_written_for_old_interpreters() -> None:
    ast.parse(AGENT.read_text(), feature_version=(3, 7))


def test_the_interface_is_on_swarms_port_and_the_nodes_own_address() -> None:
    assert interface(PLAN, 42) == (
        "link add lsprobe mtu 1450 address 02:4c:53:00:00:01 netns 42"
        " type vxlan id 16700000 dstport 4789 local 10.0.0.11 nolearning"
    )


def test_inner_addresses_are_of_the_benchmark_range_and_unique() -> None:
    found = [agent.inner(index) for index in range(1000)]
    assert len(set(found)) == len({agent.mac(index) for index in range(1000)}) == 1000
    assert all(each.startswith("198.18.") for each in found)


def test_a_datagram_tells_what_was_heard_and_is_as_large_as_it_should_be() -> None:
    here, there = Exchange(PLAN), Exchange(PLAN | {"index": 1})
    there.heard[0].add("small")
    large = there.datagram("large", 0)
    assert len(large) == 1450 - 28
    here.receive(large)
    assert (here.heard[1], here.told[1]) == ({"large"}, {"small"})
    assert json.loads(there.datagram("checked", 0)) == {"kind": "checked", "from": 1, "heard": ["small"]}


def test_an_exchange_is_complete_when_both_sides_have_heard_everything() -> None:
    here = Exchange(PLAN)
    here.heard[1].update(KINDS)
    assert not here.complete()
    here.told[1].update(KINDS)
    assert here.complete()
