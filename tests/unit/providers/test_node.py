"""A member: joins, changes in place, and shows what was changed by hand."""

from __future__ import annotations

from typing import Any

import pytest

from providers.swarm.handler import PartialError
from providers.swarm.properties import UNKNOWN
from spec.errors import LongshoreError, SwarmError
from tests.unit.providers.members import inputs, node, outputs, spec_of, three_managers
from tests.unit.providers.world import TOKEN, Swarm, World


def test_a_worker_joins_with_its_labels_and_availability() -> None:
    world = World("m1", "w1")
    swarm = world.formed(m1="manager")
    asked = inputs(world, "w1", "worker", labels={"pool": "workers"}, availability="pause")
    state = node.create(asked, world.call)
    assert state.id == state.outputs["nodeId"] == world["w1"].node_id
    assert world.joins == [("w1", "worker")]
    assert spec_of(swarm, world, "w1") == {"Role": "worker", "Availability": "pause", "Labels": {"pool": "workers"}}


def test_no_token_is_kept_or_told() -> None:
    world = World("m1", "w1")
    swarm = world.formed(m1="manager")
    swarm.refusals = [f"rpc error: code = InvalidArgument desc = bad token {TOKEN}-worker"]
    with pytest.raises(SwarmError, match="can't join") as caught:
        node.create(inputs(world, "w1", "worker"), world.call)
    state = node.create(inputs(world, "w1", "worker"), world.call)
    assert TOKEN not in f"{caught.value} {caught.value.__cause__} {state} {world.listener}"


def test_joining_is_tried_again_while_the_managers_are_busy() -> None:
    world = World("m1", "m2")
    swarm = world.formed(m1="manager")
    swarm.refusals = ["rpc error: code = Unavailable desc = raft: conf change is in progress"] * 2
    node.create(inputs(world, "m2", "manager"), world.call)
    assert world.joins == [("m2", "manager")]


def test_a_member_of_our_swarm_is_adopted_and_promoted() -> None:
    world = World("m1", "m2")
    swarm = world.formed(m1="manager", m2="worker")
    node.create(inputs(world, "m2", "manager"), world.call)
    assert world.joins == []
    assert spec_of(swarm, world, "m2")["Role"] == "manager"


def test_a_member_of_another_swarm_is_refused() -> None:
    world = World("m1", "w1")
    world.formed(m1="manager")
    world.enrol(Swarm("swarm-9", {}), world["w1"], "worker")
    with pytest.raises(SwarmError, match="w1: its engine is in another Swarm"):
        node.create(inputs(world, "w1", "worker"), world.call)


def test_a_dead_predecessor_is_taken_off_the_list_first() -> None:
    world, swarm = three_managers()
    world["m3"].swarm, world["m3"].node_id = None, ""
    node.create(inputs(world, "m3", "manager"), world.call)
    assert world.removed == ["m3"]
    assert len(swarm.managers()) == 3


def test_a_member_that_does_not_settle_is_recorded_and_tried_again() -> None:
    world = World("m1", "w1")
    swarm = world.formed(m1="manager")
    swarm.machines = _Forgetful(swarm.machines, "w1")
    with pytest.raises(PartialError, match="still sees it as: down") as caught:
        node.create(inputs(world, "w1", "worker"), world.call)
    assert caught.value.state.id == world["w1"].node_id


class _Forgetful(dict[str, Any]):
    """Machines of which one is never seen by the managers."""

    def __init__(self, machines: dict[str, Any], name: str) -> None:
        super().__init__(machines)
        self._name = name

    def __getitem__(self, node_id: str) -> Any:
        machine = super().__getitem__(node_id)
        return World("nobody")["nobody"] if machine.name == self._name else machine


def test_labels_and_availability_change_in_place() -> None:
    world, swarm = three_managers()
    old = outputs(world, "w1", "worker", labels={"a": "1", "b": "2"})
    new = inputs(world, "w1", "worker", labels={"a": "1", "b": "3", "c.d/e": "4"}, availability="drain")
    diff = node.diff(old, new)
    assert list(diff.detailed_diff) == ["availability", "labels.b", 'labels["c.d/e"]']
    assert diff.diffs == ["availability", "labels"]
    assert not diff.replaces
    node.update(old["nodeId"], old, new, world.call)
    assert spec_of(swarm, world, "w1") == {
        "Role": "worker",
        "Availability": "drain",
        "Labels": {"a": "1", "b": "3", "c.d/e": "4"},
    }


def test_an_update_out_of_sequence_is_sent_again() -> None:
    world, swarm = three_managers()
    swarm.refusals = ["rpc error: code = Unknown desc = update out of sequence"]
    node.update(world["w1"].node_id, {"role": "worker"}, inputs(world, "w1", "worker", labels={"a": "1"}), world.call)
    assert spec_of(swarm, world, "w1")["Labels"] == {"a": "1"}


def test_nothing_is_sent_when_nothing_differs() -> None:
    world, _ = three_managers()
    node.update(world["w1"].node_id, {"role": "worker"}, inputs(world, "w1", "worker"), world.call)
    assert world.changes == []


def test_managers_that_come_and_go_are_no_change_of_a_node() -> None:
    world, _ = three_managers()
    old = outputs(world, "w1", "worker")
    assert not node.diff(old, old | {"managers": UNKNOWN, "drainSeconds": 1}).changes


@pytest.mark.parametrize(
    ("new", "path"),
    [
        ({"clusterId": UNKNOWN}, "clusterId"),
        ({"connection": UNKNOWN}, "connection"),
        ({"connection": {"host": "10.0.0.99", "hostKey": UNKNOWN}}, "connection.host"),
        ({"connection": {"host": "10.0.0.14", "hostKey": UNKNOWN}}, "connection.hostKey"),
    ],
)
def test_another_machine_or_swarm_is_another_member(new: dict[str, Any], path: str) -> None:
    world, _ = three_managers()
    old = outputs(world, "w1", "worker")
    diff = node.diff(old, old | new)
    assert path in diff.detailed_diff
    assert path.split(".")[0] in diff.replaces
    assert diff.delete_before_replace


def test_another_user_or_key_file_is_the_same_machine() -> None:
    world, _ = three_managers()
    old = outputs(world, "w1", "worker")
    assert not node.diff(old, old | {"connection": old["connection"] | {"user": "ops", "keyFile": "~/k"}}).changes


def test_changes_by_hand_show_and_are_mended() -> None:
    world, swarm = three_managers()
    asked = inputs(world, "w1", "worker", labels={"a": "1"})
    swarm.nodes[world["w1"].node_id]["Spec"] = {"Role": "worker", "Availability": "drain", "Labels": {"b": "2"}}
    state = node.read(world["w1"].node_id, asked | {"nodeId": world["w1"].node_id}, asked, world.call)
    assert state.inputs["availability"] == "drain"
    assert list(node.diff(state.outputs, asked).detailed_diff) == ["availability", "labels.a", "labels.b"]


def test_a_member_that_the_swarm_does_not_know_is_gone() -> None:
    world, _ = three_managers()
    asked = inputs(world, "w1", "worker")
    assert node.read("node-99", asked, asked, world.call).id is None


def test_a_refresh_without_managers_keeps_the_state() -> None:
    world, _ = three_managers()
    for name in ("m1", "m2"):
        world[name].on = False
    asked = outputs(world, "w1", "worker")
    assert node.read("node-4", asked, asked, world.call).outputs == asked
    assert "no quorum" in world.listener.warnings[0]


def test_a_manager_is_demoted_within_the_quorum_only() -> None:
    world, swarm = three_managers()
    world["m3"].on = False
    old, new = outputs(world, "m1", "manager"), inputs(world, "m1", "worker")
    with pytest.raises(SwarmError) as caught:
        node.update(old["nodeId"], old, new, world.call)
    assert "3 managers, 2 reachable: removing m1 leaves 1 of 2; quorum needs 2" in str(caught.value)
    assert "first bring m3 back" in str(caught.value)
    world["m3"].on = True
    node.update(old["nodeId"], old, new, world.call)
    assert len(swarm.managers()) == 2


@pytest.mark.parametrize(
    ("wrong", "path", "says"),
    [
        ({"role": "boss"}, "role", "must be manager or worker, not 'boss'"),
        ({"availability": "on"}, "availability", "active or pause or drain"),
        ({"labels": {"a b": "1"}}, 'labels["a b"]', "can't be a label's name"),
        ({"labels": {"a": True}}, "labels.a", "must be a text, not True"),
        ({"labels": {"com.docker.x": "1"}}, 'labels["com.docker.x"]', "reserved by Docker"),
        ({"connection": {"host": "10.0.0.1", "hostKey": "k", "port": 70000}}, "connection.port", "from 1 to 65535"),
        ({"clusterId": ""}, "clusterId", "is required"),
    ],
)
def test_what_is_wrong_is_said_at_its_path(wrong: dict[str, Any], path: str, says: str) -> None:
    failures = node.check({}, inputs(World("m1"), "m1", "manager") | wrong).failures
    assert [failure.property for failure in failures] == [path]
    assert says in failures[0].reason


def test_unknown_inputs_pass_every_preview() -> None:
    unknown = dict.fromkeys(("connection", "managers", "clusterId", "labels"), UNKNOWN)
    checked = node.check({}, {"name": "w1", "role": "worker", **unknown})
    assert checked.failures == []
    assert node.foresee(checked.inputs, None)["nodeId"] is UNKNOWN


def test_an_import_is_refused_with_the_way_out() -> None:
    with pytest.raises(LongshoreError, match="can't be imported"):
        node.read("node-1", {}, {}, World("m1").call)
