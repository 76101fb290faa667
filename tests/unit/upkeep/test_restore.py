"""A Swarm that starts anew: from its own backup or a survivor, never while it decides, and with one manager only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from providers.swarm.member import Member
from spec.errors import SwarmError
from tests.unit.providers.world import Machine, Swarm
from tests.unit.upkeep.phoenix import Phoenix, everything_lost, formed
from upkeep.archive import Manifest, digest
from upkeep.restore import restore

DATA = b"raft of m2"
MANIFEST = Manifest("shop", "swarm-0", "m2", "27.0", "2026-11-24T20:00:00+00:00", digest(DATA))


def comes_back(world: Phoenix, swarm: Swarm, ident: str) -> None:
    """Unpacking the data of the node `ident` makes a machine that node again."""

    def unpack(machine: Machine) -> bytes:
        swarm.machines[ident] = machine
        machine.swarm, machine.node_id = swarm, ident
        return b""

    world.pipes = unpack


def restored(world: Phoenix, backup: tuple[Manifest, bytes] | None) -> tuple[str, list[str]]:
    said: list[str] = []
    return restore(world.outputs(), world.call, backup, said.append), said


def test_the_manager_of_the_backup_becomes_the_whole_swarm() -> None:
    world, swarm = formed()
    comes_back(world, swarm, world["m2"].node_id)
    everything_lost(world)
    name, said = restored(world, (MANIFEST, DATA))
    [(where, command, data)] = world.piped
    assert (name, where, data, world.renewed) == ("m2", "m2", DATA, ["m2"])
    assert command.index("systemctl stop docker") < command.index("mv swarm swarm.before-restore")
    assert command.index("mv swarm") < command.index("tar -xzf") < command.index("systemctl start docker")
    assert sorted(world.removed) == ["m1", "m3"]
    assert [each.split(":")[0] for each in said[-2:]] == ["m1", "m3"]


def test_workers_stay_on_the_list() -> None:
    world, swarm = formed()
    comes_back(world, swarm, world["m2"].node_id)
    everything_lost(world)
    restored(world, (MANIFEST, DATA))
    assert [node["Description"]["Hostname"] for node in swarm.nodes.values()] == ["m2", "w1"]


def test_a_manager_that_survived_starts_anew_with_its_own_data() -> None:
    world, _ = formed()
    world["m1"].on = world["m3"].on = False
    name, said = restored(world, None)
    assert (name, world.piped, world.renewed) == ("m2", [], ["m2"])
    assert "m1: not asked to leave" in said[0]
    assert "docker swarm leave --force" in said[0]


def test_another_manager_with_old_data_has_to_leave_first() -> None:
    world, swarm = formed("m1", "m2", "m3", "m4", "m5")
    world["m1"].on = world["m2"].on = world["m3"].on = False
    name, _ = restored(world, None)
    assert (name, world.left) == ("m4", ["m5"])
    assert len(swarm.nodes) == 1


@pytest.mark.parametrize("backup", [None, (MANIFEST, DATA)])
def test_a_swarm_that_decides_is_never_restored(backup: tuple[Manifest, bytes] | None) -> None:
    world, _ = formed()
    world["m3"].on = False
    with pytest.raises(SwarmError, match="its 3 managers have a quorum"):
        restored(world, backup)
    assert (world.piped, world.renewed, world.left) == ([], [], [])


def test_the_backup_of_another_swarm_is_refused() -> None:
    world, _ = formed()
    everything_lost(world)
    with pytest.raises(SwarmError, match="of the Swarm swarm-9, the stack's is swarm-0"):
        restored(world, (replace(MANIFEST, swarm_id="swarm-9"), DATA))


def test_the_backup_of_a_node_that_is_no_manager_any_more_is_refused() -> None:
    world, _ = formed()
    everything_lost(world)
    with pytest.raises(SwarmError, match="m9: is no manager of this stack"):
        restored(world, (replace(MANIFEST, node="m9"), DATA))
    assert world.piped == []


def test_where_nobody_survived_a_backup_is_asked_for() -> None:
    world, _ = formed()
    everything_lost(world)
    world["m3"].on = False
    with pytest.raises(SwarmError, match="no manager has survived") as refused:
        restored(world, None)
    assert "m1: inactive; m2: inactive; m3: ssh: No route to host" in refused.value.found
    assert "from a backup file" in refused.value.fix


def test_an_engine_that_is_still_starting_is_tried_again() -> None:
    world, _ = formed()
    world["m1"].on = world["m3"].on = False
    world.refusals = ["rpc error: context deadline exceeded", "starting"]
    assert restored(world, None)[0] == "m2"


def test_an_engine_that_never_starts_is_told() -> None:
    world, _ = formed()
    world["m1"].on = world["m3"].on = False
    world.refusals = ["can't load raft data"] * 100
    with pytest.raises(SwarmError, match="m2: its engine does not start with that data"):
        restored(world, None)


def test_a_dead_manager_that_raft_has_forgotten_does_not_count() -> None:
    forgotten = Member("m1", "m1", "manager", "active", {}, "down", None)
    assert not forgotten.manages
    assert replace(forgotten, state="ready").manages
    assert replace(forgotten, reachability="unreachable").manages
