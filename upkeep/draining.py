"""Emptying a node and giving it back: written into the stack file, so that no later `up` undoes it unasked."""

from __future__ import annotations

from collections.abc import Callable

from providers.swarm.control import Control
from spec.errors import SwarmError
from upkeep.pools import StackFile
from upkeep.reach import Outputs, call, swarm_of

DRAIN_SECONDS = 300.0
Say = Callable[[str], None]


def set_drained(file: StackFile, node_name: str, drained: bool, update: Callable[[], bool], say: Say) -> None:
    """Note in the stack file whether a node is kept empty, then update its membership. Raises SwarmError."""
    node = file.node(node_name)
    if not drained and node.pool.availability != "active":
        raise SwarmError(
            node_name,
            f"its whole pool is {node.pool.availability}",
            "change the pool's availability, then `longshore up`",
        )
    changed = file.set_drained(node.pool_name, node.number, drained)
    say(f"{file.where}: cluster.pools.{node.pool_name}.drained {'changed' if changed else 'says so already'}")
    if not update():
        raise SwarmError(
            node_name,
            "the update failed, or was not agreed to; the stack file says it all the same",
            f"run it again, or take it back: `longshore {'activate' if drained else 'drain'} {node_name}`",
        )


def await_empty(cluster: Outputs, node_name: str, say: Say) -> None:
    """Wait until no task is left on a node. Raises SwarmError with those that are."""
    world = call()
    with swarm_of(cluster, world) as swarm:
        ident = _id(swarm, node_name)
        if not world.clock.until(DRAIN_SECONDS, lambda: None if swarm.running(ident) else True):
            left = ", ".join(swarm.running(ident))
            raise SwarmError(node_name, f"after {DRAIN_SECONDS:.0f} s tasks still run there: {left}", "")
    say(f"{node_name} is empty")


def _id(swarm: Control, name: str) -> str:
    found = [member.id for member in swarm.members() if member.hostname == name and member.state == "ready"]
    if not found:
        raise SwarmError(name, "the Swarm has no such node that is ready", "see `longshore status`")
    return found[0]
