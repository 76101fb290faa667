"""Copying what a manager knows, as Docker describes it: with its engine stopped, while the others decide.

Source: docs.docker.com, "Administer and maintain a swarm of Docker Engines", "Back up the swarm".
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from providers.swarm.connection import Connection, as_root
from providers.swarm.control import Control
from providers.swarm.handler import Call
from providers.swarm.member import Member
from providers.swarm.quorum import majority
from spec.errors import SwarmError
from upkeep.archive import Manifest, digest
from upkeep.reach import Outputs, managers, swarm_of

Say = Callable[[str], None]
COPY_SECONDS = 600.0
DRAIN_SECONDS = 120.0
BACK_SECONDS = 180.0

COPY = """set -e
umask 077
cd {root}
copy=$(mktemp "$PWD/longshore-backup.XXXXXX")
trap 'rm -f "$copy"; systemctl start docker' EXIT
systemctl stop docker.socket 2>/dev/null || true
systemctl stop docker
tar -czf "$copy" swarm
systemctl start docker
cat "$copy"
"""


def backup(cluster: Outputs, world: Call, say: Say, interrupt: bool = False) -> tuple[Manifest, bytes]:
    """Copy a manager's Raft data and keys. `interrupt`: also where the only manager has to stop meanwhile.

    Raises SwarmError when the others would not decide without it, or when it doesn't come back.
    """
    with swarm_of(cluster, world) as swarm:
        chosen = choose(swarm.members(), lambda member: len(swarm.running(member.id)), interrupt)
    own = connection_of(cluster, chosen.hostname)
    with world.outside.docker(own) as engine:
        info = engine.info()
    with _empty(cluster, chosen, own, world, say):
        say(f"{chosen.hostname}: its engine stops for the copy ...")
        script = COPY.format(root=shlex.quote(info["DockerRootDir"]))
        data = world.outside.pipe(own, f"{as_root(own)}sh -c {shlex.quote(script)}", b"", COPY_SECONDS)
        await_back(cluster, chosen.id, own, world)
        say(f"{chosen.hostname}: back, {len(data)} bytes copied")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    ident = str(cluster["swarmId"])
    return Manifest(cluster["name"], ident, chosen.hostname, info["ServerVersion"], now, digest(data)), data


def choose(members: list[Member], tasks: Callable[[Member], int], interrupt: bool) -> Member:
    """Return the manager to stop: not the leader, and the one with the fewest tasks. Raises SwarmError."""
    every = [member for member in members if member.manages]
    able = [member for member in every if member.settled]
    if len(every) == 1 and not interrupt:
        raise SwarmError(
            every[0].hostname,
            "it is the only manager: while its engine is stopped, nothing can be changed and its own tasks stand still",
            "accept that with --interrupt, or have 3 managers",
        )
    if len(every) > 1 and len(able) - 1 < majority(len(every)):
        raise SwarmError(
            "swarm",
            f"{len(every)} managers, {len(able)} reachable: stopping one leaves {len(able) - 1}; "
            f"quorum needs {majority(len(every))}",
            "bring the others back first",
        )
    return min(able, key=lambda member: (member.leader, tasks(member), member.hostname))


def connection_of(cluster: Outputs, name: str) -> Connection:
    """Return how to reach the manager `name`. Raises SwarmError when the stack has none of that name."""
    found = {each.name: each for each in managers(cluster)}
    if name not in found:
        raise SwarmError(name, "is no manager of this stack", f"its managers: {', '.join(found)}")
    return found[name]


def await_back(cluster: Outputs, node_id: str, own: Connection, world: Call) -> None:
    """Wait until a manager is reachable for the others again. Raises SwarmError."""

    def back() -> bool | None:
        with swarm_of(cluster, world, avoid=own.host) as swarm:
            member = swarm.member(node_id)
        return True if member and member.settled else None

    if not world.clock.until(BACK_SECONDS, back, every=2.0):
        raise SwarmError(
            own.where, f"not reachable as a manager {BACK_SECONDS:.0f} s later", "see `systemctl status docker` there"
        )


@contextmanager
def _empty(cluster: Outputs, member: Member, own: Connection, world: Call, say: Say) -> Iterator[None]:
    """Move the node's tasks elsewhere for a while; stopping its engine would kill them."""
    with swarm_of(cluster, world, avoid=own.host) as swarm:
        alone = len([each for each in swarm.members() if each.manages]) == 1
        tasks = swarm.running(member.id)
        if tasks and not alone:
            say(f"{member.hostname}: {len(tasks)} tasks move elsewhere first ...")
            _drain(swarm, member, world)
    try:
        yield
    finally:
        with swarm_of(cluster, world, avoid=own.host) as swarm:
            swarm.change(member.id, Availability=member.availability)


def _drain(swarm: Control, member: Member, world: Call) -> None:
    swarm.change(member.id, Availability="drain")
    if not world.clock.until(DRAIN_SECONDS, lambda: None if swarm.running(member.id) else True):
        swarm.change(member.id, Availability=member.availability)
        raise SwarmError(member.hostname, "its tasks find no other place", "make room, or back up later")
