"""What a refresh or an import meets when there is nothing recorded to start from, or the world says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from providers.swarm.cluster import ClusterHandler
from providers.swarm.engine import EngineHandler
from providers.swarm.handler import Handler
from providers.swarm.node import NodeHandler
from spec.errors import LongshoreError
from tests.unit.providers.members import outputs, three_managers
from tests.unit.providers.world import World

CLUSTER = ClusterHandler()


@pytest.mark.parametrize(
    ("handler", "what"),
    [(EngineHandler(), "an engine"), (ClusterHandler(), "a Swarm"), (NodeHandler(), "a member")],
)
def test_an_import_is_refused_in_a_sentence_with_the_way_out(handler: Handler, what: str) -> None:
    with pytest.raises(LongshoreError, match=rf"x-1: {what} can't be imported\n  -> declare it"):
        handler.read("x-1", {}, {}, World("m1").call)


def cluster_of(world: World, *names: str) -> dict[str, Any]:
    return {"name": "shop", "managers": [world[name].connection for name in names], "swarmId": "swarm-0"}


def test_a_swarm_is_read_through_whichever_manager_answers() -> None:
    world, _ = three_managers()
    world["m1"].on = False
    asked = cluster_of(world, "m1", "m2", "m3")
    state = CLUSTER.read("swarm-0", asked, asked, world.call)
    assert (state.id, state.outputs["name"]) == ("swarm-0", "shop")
    assert world.listener.warnings == []


def test_a_swarm_whose_managers_are_in_another_is_not_gone() -> None:
    world = World("m1")
    world.formed(m1="manager").id = "swarm-7"
    asked = cluster_of(world, "m1")
    assert CLUSTER.read("swarm-0", asked, asked, world.call).id == "swarm-0"
    assert "its last known state is kept" in world.listener.warnings[0]


def test_a_swarm_that_one_engine_has_left_and_one_does_not_answer_for_is_not_gone() -> None:
    world = World("m1", "m2")
    world["m2"].on = False
    asked = cluster_of(world, "m1", "m2")
    assert CLUSTER.read("swarm-0", asked, asked, world.call).id == "swarm-0"


def test_a_swarm_without_labels_reads_as_one_without_a_name() -> None:
    world, swarm = three_managers()
    swarm.spec["Labels"] = None
    asked = cluster_of(world, "m1")
    assert CLUSTER.read("swarm-0", asked, asked, world.call).inputs["name"] == ""


def test_renaming_keeps_the_labels_of_others() -> None:
    world, swarm = three_managers()
    swarm.spec["Labels"] = {"longshore.cluster": "shop", "team": "a"}
    asked = cluster_of(world, "m1") | {"name": "store"}
    assert CLUSTER.update("swarm-0", cluster_of(world, "m1"), asked, world.call)["swarmId"] == "swarm-0"
    assert swarm.spec["Labels"] == {"longshore.cluster": "store", "team": "a"}


def test_deleting_leaves_managers_of_another_swarm_alone() -> None:
    world = World("m1", "m2")
    world.formed(m1="manager")
    world.formed(m2="manager").id = "swarm-7"
    CLUSTER.delete("swarm-0", cluster_of(world, "m1", "m2"), world.call)
    assert world.left == ["m1"]


def test_a_member_is_read_through_another_manager_than_itself() -> None:
    world, swarm = three_managers()
    asked = outputs(world, "m1", "manager")
    swarm.nodes[world["m1"].node_id]["Spec"]["Labels"] = {"by": "hand"}
    state = NodeHandler().read(world["m1"].node_id, asked, asked, world.call)
    assert state.inputs["labels"] == {"by": "hand"}
    assert state.outputs["status"] == "ready"
