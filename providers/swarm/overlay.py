"""What keeps overlay traffic from getting through, told from what did get through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

VXLAN_BYTES = 50
"""What VXLAN adds to a packet: IPv4, UDP, VXLAN and the inner Ethernet header (RFC 7348)."""
FEW = 6

Direction = tuple[str, str]
"""Sender and receiver, by node name."""


class Cause(Enum):
    """The likely cause, most basic first: one that is found hides those after it."""

    FILTERED = "filtered"
    MTU = "mtu"
    OFFLOAD = "offload"


@dataclass(frozen=True)
class Heard:
    """What each node heard from each other one, by kind of traffic (agent.py), and which nodes could not take part."""

    port: int
    mtu: int
    kinds: Mapping[Direction, frozenset[str]]
    silent: Mapping[str, str] = field(default_factory=dict)
    """Why a node could not be probed, by name; nothing is said about its traffic."""

    @property
    def nodes(self) -> list[str]:
        """The nodes that took part."""
        return sorted({name for direction in self.kinds for name in direction})


@dataclass(frozen=True)
class Fault:
    """One cause, and the directions it is seen in."""

    cause: Cause
    directions: frozenset[Direction]
    found: str
    fix: str


def faults(heard: Heard) -> list[Fault]:
    """Return what is wrong, one fault a cause, most basic first."""
    judged = {direction: cause for direction in heard.kinds if (cause := _cause(direction, heard.kinds))}
    found: list[Fault] = []
    for cause in Cause:
        directions = frozenset(direction for direction, each in judged.items() if each == cause)
        if directions:
            found.append(_fault(cause, directions, heard))
    return found


def _cause(direction: Direction, kinds: Mapping[Direction, frozenset[str]]) -> Cause | None:
    """Return what keeps traffic from passing in one direction. A stream needs both, so it's judged last."""
    there, back = kinds[direction], kinds.get((direction[1], direction[0]), frozenset())
    if "small" not in there:
        return Cause.FILTERED
    if "large" not in there:
        return Cause.MTU
    if "checked" not in there or ("stream" not in there and {"small", "large"} <= back):
        return Cause.OFFLOAD
    return None


def _fault(cause: Cause, directions: frozenset[Direction], heard: Heard) -> Fault:
    where = summary(directions, heard.nodes)
    port, mtu, wire = heard.port, heard.mtu, heard.mtu + VXLAN_BYTES
    texts = {
        Cause.FILTERED: (
            f"no overlay traffic gets through {where}: {port}/udp is filtered",
            f"allow {port}/udp between all nodes (`longshore ports`), in the nodes' firewall and the distributed one; "
            "where NSX itself claims 4789, the cluster needs another `cluster.data_path_port`",
        ),
        Cause.MTU: (
            f"small overlay packets get through {where}, large ones ({mtu} bytes, {wire} with VXLAN) don't: "
            "an MTU on the way is too small",
            f"give the port group, the switches and the nodes' interfaces an MTU of {wire} or more, "
            f"or the stack's networks an `mtu` below {mtu}",
        ),
        Cause.OFFLOAD: (
            f"overlay packets get through {where} only without a checksum: the sender's network card spoils those "
            "it is asked to fill in (checksum offload)",
            "on the sender: `ethtool -K <interface> tx-checksum-ip-generic off`; for VMXNET3 that is done at boot, "
            "unless `engine.vmxnet3_checksum_offload` is on",
        ),
    }
    return Fault(cause, directions, *texts[cause])


def summary(directions: frozenset[Direction], nodes: list[str]) -> str:
    """Say in which directions: all, all to or from one node, or one by one."""
    if len(directions) == len(nodes) * (len(nodes) - 1):
        return f"between {nodes[0]} and {nodes[1]}" if len(nodes) == 2 else "between any two nodes"
    parts = list(_parts(set(directions), nodes))
    more = f" and {len(parts) - FEW} more" if len(parts) > FEW else ""
    return ", ".join(parts[:FEW]) + more


def _parts(left: set[Direction], nodes: list[str]) -> Iterator[str]:
    for side, word in ((1, "to"), (0, "from")):
        for name in nodes if len(nodes) > 2 else ():
            whole = {(a, b) for a in nodes for b in nodes if a != b and name == (a, b)[side]}
            if whole <= left:
                left -= whole
                yield f"{word} {name}"
    yield from (f"from {a} to {b}" for a, b in sorted(left))
