"""Members of a Swarm, as the provider's Node is asked for them."""

from __future__ import annotations

from typing import Any

from providers.swarm.node import NodeHandler
from tests.unit.providers.world import Swarm, World

node = NodeHandler()


def inputs(world: World, name: str, role: str, **more: Any) -> dict[str, Any]:
    asked = {
        "name": name,
        "role": role,
        "connection": world[name].connection,
        "managers": [machine.connection for machine in world.machines.values() if machine.name.startswith("m")],
        "clusterId": "swarm-0",
        **more,
    }
    checked = node.check({}, asked)
    assert [failure.property for failure in checked.failures] == []
    return checked.inputs


def outputs(world: World, name: str, role: str, **more: Any) -> dict[str, Any]:
    return inputs(world, name, role, **more) | {"nodeId": world[name].node_id, "status": "ready"}


def three_managers() -> tuple[World, Swarm]:
    world = World("m1", "m2", "m3", "w1")
    return world, world.formed(m1="manager", m2="manager", m3="manager", w1="worker")


def spec_of(swarm: Swarm, world: World, name: str) -> dict[str, Any]:
    spec: dict[str, Any] = swarm.nodes[world[name].node_id]["Spec"]
    return spec
