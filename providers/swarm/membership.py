"""Joining a Swarm and settling in it: what turns an engine into the member that the stack asks for."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from docker.api import APIClient
from docker.errors import APIError

from providers.swarm.connection import Connection
from providers.swarm.control import Control, passing
from providers.swarm.handler import Call
from providers.swarm.member import Member, managers_of, reachable_of
from providers.swarm.quorum import Change, verdict
from spec.errors import SwarmError

# Raft takes one change of its members at a time; every resource of an update lives in this one process.
RAFT = threading.Lock()
JOIN_SECONDS = 60.0
SETTLE_SECONDS = 120.0
SWARM_PORT = 2377


def one_at_a_time(call: Call, managers_change: bool) -> AbstractContextManager[None]:
    """Wait for the turn to change who is a manager; workers need none."""
    return call.clock.holding(RAFT) if managers_change else nullcontext()


def guard(swarm: Control, change: Change, node_id: str, where: str) -> None:
    """Refuse a change that would cost the Swarm its quorum. Raises SwarmError with the arithmetic."""
    members = swarm.members()
    names = {member.id: member.hostname for member in members}
    managers, reachable = managers_of(members), reachable_of(members)
    # Two nodes may bear one name while a dead one waits to be taken off the list.
    told = {ident: f"{name} ({ident})" if [*names.values()].count(name) > 1 else name for ident, name in names.items()}
    refusal = verdict(
        frozenset(told[each] for each in managers), frozenset(told[each] for each in reachable), change, told[node_id]
    )
    if refusal:
        raise SwarmError(where, refusal.found, refusal.fix)


def join(own: Connection, role: str, swarm: Control, call: Call) -> str:
    """Make `own`'s engine a member, unless it is one already, and return its node id. Raises SwarmError."""
    with call.outside.docker(own) as engine:
        info = engine.info()
        bury(info["Name"], swarm, own.where)
        if info["Swarm"]["LocalNodeState"] == "inactive":
            call.narrator.status(f"joining the Swarm as {role}")
            _join(engine, own, role, swarm, call)
        else:
            _recognise(info["Swarm"]["NodeID"], swarm, own.where)
        return _active(engine, own, call)


def _recognise(node_id: str, swarm: Control, where: str) -> None:
    if node_id and swarm.member(node_id) is None:
        raise SwarmError(
            where,
            "its engine is in another Swarm, or was taken off this one's list by force",
            "if nothing there is needed: `docker swarm leave --force` on it, then run `pulumi up` again",
        )


def bury(hostname: str, swarm: Control, where: str) -> None:
    """Take dead predecessors of the same name off the list, managers only where the quorum allows."""
    for dead in [each for each in swarm.members() if each.hostname == hostname and each.state == "down"]:
        if dead.manages:
            guard(swarm, Change.REMOVE, dead.id, where)
            swarm.change(dead.id, Role="worker")
        swarm.remove(dead.id)


def settle(node_id: str, inputs: dict[str, Any], swarm: Control, call: Call) -> Member:
    """Give a member its role, labels and availability, and wait until it works so. Raises SwarmError."""
    where = inputs["name"]
    member = swarm.member(node_id)
    if member is None:
        raise SwarmError(where, "it's no longer a member of the Swarm", "run `pulumi refresh`, then `pulumi up`")
    if member.role != inputs["role"]:
        guard(swarm, Change.REMOVE if member.role == "manager" else Change.PROMOTE, node_id, where)
    swarm.change(node_id, Role=inputs["role"], Availability=inputs["availability"], Labels=inputs["labels"])
    return await_settled(node_id, where, swarm, call)


def await_settled(node_id: str, where: str, swarm: Control, call: Call) -> Member:
    """Wait until a member is ready, a manager also reachable. Raises SwarmError."""

    def settled() -> Member | None:
        member = swarm.member(node_id)
        call.narrator.status(f"waiting for the Swarm to see it {member.state if member else 'at all'}")
        return member if member and member.settled else None

    member = call.clock.until(SETTLE_SECONDS, settled)
    if member is None:
        last = swarm.member(node_id)
        seen = f"{last.state}, {last.reachability or 'no manager'}" if last else "not at all"
        raise SwarmError(
            where,
            f"after {SETTLE_SECONDS:.0f} s the Swarm still sees it as: {seen}",
            "check that nodes reach each other on 2377/tcp, 7946/tcp+udp and 4789/udp, then run `pulumi up` again",
        )
    return member


def _join(engine: APIClient, own: Connection, role: str, swarm: Control, call: Call) -> None:
    def attempt() -> bool | None:
        token = swarm.token(role)
        remote = [f"{swarm.manager.advertised}:{SWARM_PORT}"]
        try:
            engine.join_swarm(remote_addrs=remote, join_token=token, advertise_addr=own.advertised)
        except APIError as error:
            said = str(error.explanation or error).replace(token, "***")
            if "Timeout was reached" in said:
                return True  # it goes on joining by itself
            if not passing(error):
                raise SwarmError(own.where, f"it can't join: {said}") from None
            call.narrator.status(f"joining again: {said}")
            return None
        return True

    if not call.clock.until(JOIN_SECONDS, attempt, every=2):
        raise SwarmError(own.where, f"the managers took no new member for {JOIN_SECONDS:.0f} s", "try again")


def _active(engine: APIClient, own: Connection, call: Call) -> str:
    """Wait until the engine is a member. Raises SwarmError."""

    def active() -> dict[str, Any] | None:
        state: dict[str, Any] = engine.info()["Swarm"]
        return None if state["LocalNodeState"] in ("inactive", "pending") else state

    state = call.clock.until(JOIN_SECONDS, active) or {"LocalNodeState": "pending"}
    if state["LocalNodeState"] != "active":
        reason = state.get("Error") or "it can't reach the manager on 2377/tcp"
        raise SwarmError(
            own.where,
            f"its membership is {state['LocalNodeState']}: {reason}",
            "mend that, or `docker swarm leave --force` on it, then run `pulumi up` again",
        )
    return str(state["NodeID"])
