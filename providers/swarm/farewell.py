"""Leaving a Swarm without anybody noticing: step down, let the work move, leave, and off the list."""

from __future__ import annotations

from docker.errors import APIError

from providers.swarm.connection import Connection
from providers.swarm.control import Control, LeaderlessError, NoManagerError
from providers.swarm.handler import Call
from providers.swarm.member import Member
from providers.swarm.membership import await_settled, guard, one_at_a_time
from providers.swarm.quorum import Change
from spec.errors import LongshoreError, SwarmError

LEAVE_SECONDS = 45.0
GOODBYE_SECONDS = 15


def farewell(member: Member, own: Connection, drain_seconds: float, swarm: Control, call: Call) -> None:
    """Take a member out, a dead one too. Raises SwarmError where the quorum forbids it."""
    if member.manages:
        with one_at_a_time(call, managers_change=True):
            step_down(member, own.where, swarm, call)
    if member.state == "ready":
        drain(member, drain_seconds, swarm, call)
    leave(member.id, own, call)
    swarm.remove(member.id)


def step_down(member: Member, where: str, swarm: Control, call: Call) -> None:
    """Demote a manager and wait until the others agree. Raises SwarmError."""
    guard(swarm, Change.REMOVE, member.id, where)
    call.narrator.status("stepping down as manager")
    swarm.change(member.id, Role="worker")
    if member.state == "ready":
        await_settled(member.id, where, swarm, call)


def drain(member: Member, seconds: float, swarm: Control, call: Call) -> None:
    """Move the node's tasks elsewhere, for `seconds` at most; what remains then is told, and stops."""
    swarm.change(member.id, Availability="drain")

    def empty() -> bool | None:
        running = swarm.running(member.id)
        call.narrator.status(f"draining: {len(running)} tasks left")
        return None if running else True

    if not call.clock.until(seconds, empty):
        left = ", ".join(swarm.running(member.id))
        call.narrator.warn(f"after {seconds:.0f} s these tasks still run and will be stopped: {left}")


def leave(node_id: str, own: Connection, call: Call) -> None:
    """Make the node's own engine leave, if it answers."""
    try:
        with call.outside.docker(own, GOODBYE_SECONDS) as engine:

            def left() -> bool | None:
                if engine.info()["Swarm"].get("NodeID") != node_id:
                    return True
                try:
                    engine.leave_swarm()
                except APIError as error:
                    # Its own engine learns a little later than the managers that it's a worker now.
                    call.narrator.status(f"leaving: {error.explanation}")
                return None

            if not call.clock.until(LEAVE_SECONDS, left):
                engine.leave_swarm(force=True)
    except LongshoreError as reason:
        call.narrator.status(f"taken off the list without its engine's leaving: {reason.found}")


def alone(node_id: str, role: str, own: Connection, reason: NoManagerError, call: Call) -> None:
    """Leave without any manager to ask: fine for a worker, unless managers could be back. Raises SwarmError."""
    if role == "manager" or isinstance(reason, LeaderlessError):
        raise SwarmError(
            own.where,
            f"it can't be taken out safely: {reason.found}",
            "bring the managers back; if the whole cluster is gone: `pulumi state delete URN`, then again",
        )
    leave(node_id, own, call)
    call.narrator.warn(f"left by itself; its entry stays in the Swarm's list: {reason.found}")
