"""The probe: what it sends to each node, what it makes of the answers, and what a join does with them."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from typing import Any

import pytest

from providers.swarm.clock import StoppedError
from providers.swarm.connection import Connection, connection_from
from providers.swarm.handler import PartialError
from providers.swarm.overlay import Cause, faults
from providers.swarm.probe import SPARE_IDS, command, probe
from providers.swarm.ssh import Ran
from spec.errors import LongshoreError, SwarmError
from tests.unit.providers.members import inputs, node
from tests.unit.providers.paths import ALL, plan_of
from tests.unit.providers.world import World

PLAN = {"id": 16700000, "port": 4789, "mtu": 1450, "seconds": 1, "nodes": ["10.0.0.11", "10.0.0.12"], "index": 0}


def connections(world: World) -> list[Connection]:
    return [connection_from(machine.connection) for machine in world.machines.values()]


def test_every_node_hears_every_other_one() -> None:
    world = World("m1", "w1", "w2")
    heard = probe(world, connections(world), 4790, 1400)
    assert set(heard.kinds) == {(a, b) for a in ("m1", "w1", "w2") for b in ("m1", "w1", "w2") if a != b}
    assert faults(heard) == []
    assert heard.nodes == ["m1", "w1", "w2"]
    assert {(plan["port"], plan["mtu"]) for plan in world.paths.plans} == {(4790, 1400)}


def test_all_agents_of_a_probe_share_one_spare_network_id() -> None:
    world = World("m1", "w1", "w2")
    probe(world, connections(world), 4789, 1450)
    (network,) = {plan["id"] for plan in world.paths.plans}
    assert network in SPARE_IDS
    assert SPARE_IDS.stop <= 2**24


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Ran(127, "python3: not found"), "python3: not found"),
        (Ran(1, "sudo: a password is required"), "a password is required"),
        (Ran(1, "ip: Error: Unknown device type."), "Unknown device type"),
        (Ran(1, ""), "no answer"),
        (Ran(0, ""), "the agent said: no answer"),
        (Ran(0, "Last login: today"), "the agent said: Last login"),
        (Ran(0, "[]"), "the agent said: []"),
    ],
)
def test_a_node_that_can_not_take_part_is_silent_and_accused_of_nothing(answer: Ran, says: str) -> None:
    world = World("m1", "w1", "w2")
    world.paths.instead["10.0.0.12"] = answer
    heard = probe(world, connections(world), 4789, 1450)
    assert says in heard.silent["w1"]
    assert set(heard.kinds) == {("m1", "w2"), ("w2", "m1")}
    assert faults(heard) == []


def test_a_node_that_is_off_is_silent_too() -> None:
    world = World("m1", "w1")
    world["w1"].on = False
    heard = probe(world, connections(world), 4789, 1450)
    assert "No route to host" in heard.silent["w1"]
    assert heard.kinds == {}


def test_what_is_lost_is_laid_to_its_sender_and_receiver() -> None:
    world = World("m1", "w1", "w2")
    world.paths.lost[("10.0.0.11", "10.0.0.13")] = {"large"}
    (fault,) = faults(probe(world, connections(world), 4789, 1450))
    assert (fault.cause, fault.directions) == (Cause.MTU, frozenset({("m1", "w2")}))


def test_a_node_whose_overlay_is_filtered_has_joined_but_is_not_accepted() -> None:
    world = World("m1", "w1")
    world.formed(m1="manager")
    world.paths.lost[("10.0.0.11", "10.0.0.12")] = set(ALL)
    asked = inputs(world, "w1", "worker")
    with pytest.raises(PartialError, match="from m1 to w1: 4789/udp is filtered") as caught:
        node.create(asked, world.call)
    state = caught.value.state
    assert state.outputs["status"] == "joined"
    with pytest.raises(PartialError, match="filtered"):
        node.create(asked, world.call)
    world.paths.lost.clear()
    assert state.id
    assert node.update(state.id, state.outputs, asked, world.call)["status"] == "ready"


def test_an_update_of_a_node_that_was_proven_probes_nothing() -> None:
    world = World("m1", "w1")
    world.formed(m1="manager", w1="worker")
    asked = inputs(world, "w1", "worker")
    node.update(world["w1"].node_id, asked | {"status": "ready"}, asked, world.call)
    assert world.paths.plans == []


def test_the_first_manager_has_nobody_to_probe() -> None:
    world = World("m1")
    world.formed(m1="manager")
    node.create(inputs(world, "m1", "manager"), world.call)
    assert world.paths.plans == []


def test_a_join_uses_the_swarms_own_port_and_the_stacks_mtu() -> None:
    world = World("m1", "w1")
    world.formed(m1="manager").data_path_port = 4790
    node.create(inputs(world, "w1", "worker", overlayMtu=8950), world.call)
    assert {(plan["port"], plan["mtu"]) for plan in world.paths.plans} == {(4790, 8950)}


def test_a_node_that_can_not_be_probed_joins_with_a_warning() -> None:
    world = World("m1", "w1")
    world.formed(m1="manager")
    world.paths.instead["10.0.0.12"] = Ran(127, "ip: not found")
    assert node.create(inputs(world, "w1", "worker"), world.call).outputs["status"] == "ready"
    assert "was not probed: w1: ip: not found" in world.listener.warnings[0]


def test_the_command_says_which_tool_is_missing() -> None:
    script = command(PLAN).replace("PATH=$PATH:/usr/sbin:/sbin", "PATH=/nowhere")
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (127, "ip: not found\n")


def test_the_command_stays_far_below_what_a_shell_takes() -> None:
    assert len(command(PLAN | {"nodes": ["10.0.0.255"] * 1000})) < 128 * 1024


def test_words_before_the_answer_do_no_harm() -> None:
    world = World("m1", "w1")
    world.paths.instead["10.0.0.12"] = Ran(0, f"sudo: unable to resolve host w1\n{json.dumps({'0': ALL})}\n")
    heard = probe(world, connections(world), 4789, 1450)
    assert heard.silent == {}
    assert faults(heard) == []


def test_a_cluster_without_nodes_has_nothing_to_probe() -> None:
    heard = probe(World(), [], 4789, 1450)
    assert (heard.kinds, heard.nodes, faults(heard)) == ({}, [], [])


def test_a_node_is_probed_by_the_address_that_others_know_it_by() -> None:
    world = World("m1", "w1")
    given = [replace(each, address=f"192.0.2.{index}") for index, each in enumerate(connections(world), 1)]
    seen: list[list[str]] = []

    def note(host: str, command: str) -> Ran:
        seen.append(plan_of(command)["nodes"])
        return Ran(0, "{}" if host else "")

    world.paths.run = note  # type: ignore[method-assign]
    probe(world, given, 4789, 1450)
    assert seen == [["192.0.2.1", "192.0.2.2"]] * 2


def test_a_promotion_to_manager_is_proven_too_where_the_join_was_not() -> None:
    world = World("m1", "m2")
    world.formed(m1="manager", m2="worker")
    world.paths.lost[("10.0.0.12", "10.0.0.11")] = {"large"}
    asked = inputs(world, "m2", "manager")
    with pytest.raises(SwarmError, match="an MTU on the way is too small"):
        node.update(world["m2"].node_id, asked | {"status": "joined"}, asked, world.call)


def test_a_cancelled_probe_ends_the_join() -> None:
    world = World("m1", "w1")
    world.formed(m1="manager")
    asked = inputs(world, "w1", "worker")

    def cancel(host: str, command: str) -> Ran:
        raise StoppedError(host, f"cancelled while {len(command)} bytes were sent")

    world.paths.run = cancel  # type: ignore[method-assign]
    with pytest.raises(LongshoreError, match="cancelled"):
        node.create(asked, world.call)


@pytest.mark.parametrize(("mtu", "says"), [(575, "from 576 to 8950"), (8951, "from 576 to 8950"), ("1450", "whole")])
def test_an_mtu_that_no_overlay_has_is_refused(mtu: Any, says: str) -> None:
    world = World("m1", "w1")
    failures = node.check({}, inputs(world, "w1", "worker") | {"overlayMtu": mtu}).failures
    assert [failure.property for failure in failures] == ["overlayMtu"]
    assert says in failures[0].reason


def test_another_mtu_is_no_change_of_a_node_that_has_joined() -> None:
    world = World("m1", "w1")
    old = inputs(world, "w1", "worker") | {"nodeId": "n", "status": "ready"}
    assert not node.diff(old, old | {"overlayMtu": 1400}).changes
