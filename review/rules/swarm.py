"""What a change does to the Swarm itself: managers, quorum, identity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from review.model import Resource
from review.reasons import because, past
from review.reboot import reboots
from review.rules.registry import Finding, names, rule
from review.view import Node, View, changed

ADMIN_GUIDE = "https://docs.docker.com/engine/swarm/admin_guide/"
ADDRESSES = (
    "connection.host",
    "connection.address",
    "clone.customize.networkInterfaces[].ipv4Address",
    "networkInterfaces[].networkId",
    "networkInterfaces[].macAddress",
)


def tolerance(managers: int) -> int:
    """Return how many of `managers` may be away at once."""
    return (managers - 1) // 2


@rule("SWARM-QUORUM-LOST", ADMIN_GUIDE)
def quorum_lost(view: View) -> Iterator[Finding]:
    """More managers go away at once than the Swarm can lose.

    A Swarm decides by a majority of its managers. Without one it takes no more changes and can't recover by itself:
    its services run on, but nothing restarts, moves or updates them.
    """
    managers, away = view.managers, [node for node in view.managers if node.is_away]
    if len(managers) < 2 or _is_tolerated(away, view):
        return
    majority = len(managers) // 2 + 1
    yield Finding(
        f"{len(away)} of {len(managers)} managers ({_list(away)}) are away in the same update; "
        f"quorum needs {majority}. A Swarm can't recover from that by itself.",
        _causes(away),
        why="; ".join(_fate(node) for node in away),
        do="change one manager at a time: raise one node's generation, apply, wait until it is Ready, then the next",
    )


@rule("SWARM-MANAGER-REPLACED", "https://docs.docker.com/engine/swarm/manage-nodes/")
def manager_replaced(view: View) -> Iterator[Finding]:
    """A manager is replaced or removed, within what the quorum tolerates.

    It has to be demoted before it leaves; leaving with --force instead makes the Swarm count a manager that is gone.
    """
    managers, lost = view.managers, [node for node in view.managers if node.is_lost]
    away = [node for node in managers if node.is_away]
    if lost and _is_tolerated(away, view):
        left = tolerance(len(managers)) - len(lost)
        spare = "no other may fail meanwhile" if left <= 0 else f"{left} more may fail meanwhile"
        yield Finding(
            f"manager {_list(lost)} leaves and has to be demoted first; {spare}.",
            _causes(lost),
            why="; ".join(_fate(node) for node in lost),
            do="check that every other manager is Reachable before applying",
        )


@rule("SWARM-LAST-MANAGER", ADMIN_GUIDE)
def last_manager(view: View) -> Iterator[Finding]:
    """The only manager is replaced or removed.

    With it goes everything the Swarm knows: services, secrets, configs, networks.
    """
    if len(view.managers) == 1 and view.managers[0].is_lost:
        (node,) = view.managers
        yield Finding(
            f"`{node.name}` is the only manager: the Swarm and all that is declared in it is lost.",
            _causes([node]),
            why=_fate(node),
            do="add managers first, or back up /var/lib/docker/swarm and restore it afterwards",
        )


@rule("SWARM-IDENTITY-LOST", ADMIN_GUIDE)
def identity_lost(view: View) -> Iterator[Finding]:
    """The Swarm itself is replaced or removed.

    Every service, secret, config and overlay network ends with it.
    """
    gone = view.going("swarm:index:Cluster")
    if gone:
        services = len(view.of("docker:index/service:Service"))
        yield Finding(
            f"the Swarm {names(gone)} is destroyed, and {services} service(s) with it.",
            gone,
            why=", ".join(sorted({reason for resource in gone for reason in resource.reasons})),
            do="keep its name and its address pools as they were",
        )


@rule("SWARM-EVEN-MANAGERS", ADMIN_GUIDE)
def even_managers(view: View) -> Iterator[Finding]:
    """An even number of managers results.

    It tolerates no more failures than one manager fewer would, and splits in halves.
    """
    stay = [node for node in view.nodes if node.will == "manager"]
    if stay and len(stay) % 2 == 0 and any(node.member.is_changed for node in view.nodes):
        yield Finding(
            f"{len(stay)} managers result: they tolerate {tolerance(len(stay))} failure(s), as {len(stay) - 1} would.",
            tuple(node.member for node in stay if node.member.is_changed),
            do=f"declare {len(stay) - 1} or {len(stay) + 1} managers",
        )


@rule("SWARM-ADVERTISE-ADDR", ADMIN_GUIDE)
def advertise_address(view: View) -> Iterator[Finding]:
    """A manager's address changes while it stays a member.

    The other managers keep the address it joined with, so it drops out of the quorum.
    """

    def moved(node: Node) -> Finding | None:
        parts = [part for part in (node.member, node.machine) if part and not part.goes and changed(part, *ADDRESSES)]
        if not parts:
            return None
        return Finding(
            f"manager `{node.name}` gets another address; the other managers keep the old one.",
            tuple(parts),
            why=", ".join(f"`{change.path}`" for part in parts for change in changed(part, *ADDRESSES)),
            do="replace it (raise its generation) instead of moving it",
        )

    for node in view.managers:
        found = None if node.is_lost else moved(node)
        if found:
            yield found


def _is_tolerated(away: list[Node], view: View) -> bool:
    """Say whether a majority stays, all the time. One after the other is no help where not even one may be missing."""
    spare = tolerance(len(view.managers))
    return len(away) <= spare or (spare > 0 and view.in_turn(_causes(away)))


def _causes(nodes: Iterable[Node]) -> tuple[Resource, ...]:
    """Return what changes: the machine where there is one to blame, else the member."""
    return tuple(node.machine if node.machine and _by_machine(node) else node.member for node in nodes)


def _by_machine(node: Node) -> bool:
    return bool(node.machine and (node.machine.goes or reboots(node.machine)))


def _list(nodes: Iterable[Node]) -> str:
    return ", ".join(f"`{node.name}`" for node in nodes)


def _fate(node: Node) -> str:
    machine, member = node.machine, node.member
    if machine and machine.goes:
        return f"`{node.name}` is {past(machine)}: {because(machine)}"
    if machine and not member.goes:
        return f"`{node.name}` reboots: {reboots(machine)[0]}"
    return f"`{node.name}` is {past(member)}: {because(member)}"
