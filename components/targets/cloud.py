"""What all clouds share: user data, who is kept apart, the ports matrix as security groups, what is balanced.

Pure functions: each target turns their answers into its own cloud's resources.
"""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal, TypeVar

import pulumi

from components.addresses import Party
from components.cloud_init import userdata
from components.data_disk import Device
from components.names import NodeIdentity, nodes
from components.ports import Protocol, matrix
from components.targets.base import Machine
from spec.errors import SpecError, TargetError
from spec.pool import Role
from spec.stack import StackSpec
from spec.targets.cloud import CloudTarget
from spec.targets.sizes import size

Direction = Literal["ingress", "egress"]
Group = Literal["managers", "workers"]
GROUPS: tuple[Group, ...] = ("managers", "workers")
"""The security groups: every node is in the one of its role."""
ROLES: dict[Role, Group] = {"manager": "managers", "worker": "workers"}
"""The group of each role."""
GOSSIP = 7946
Found = TypeVar("Found")


@dataclass(frozen=True)
class Rule:
    """One thing that a security group lets through. `peer`: a group, or addresses. `port`: None where there is none."""

    group: Group
    direction: Direction
    protocol: Protocol
    port: int | None
    peer: Group | IPv4Network
    why: str

    @property
    def name(self) -> str:
        """What tells this rule from every other."""
        peer = self.peer if isinstance(self.peer, str) else str(self.peer).replace("/", "-")
        what = f"{self.protocol}-{self.port}" if self.port else self.protocol
        return f"{self.group}-{'from' if self.direction == 'ingress' else 'to'}-{peer}-{what}"


@dataclass(frozen=True)
class Balanced:
    """A published port that a load balancer passes on, and the roles whose nodes take it."""

    protocol: Protocol
    port: int
    roles: tuple[Group, ...]

    @property
    def probe(self) -> int:
        """The TCP port that tells whether a node is well: for UDP the one by which it belongs to the Swarm."""
        return self.port if self.protocol == "tcp" else GOSSIP


def group_of(node: NodeIdentity) -> Group:
    """Return the security group of a node."""
    return ROLES[node.pool.role]


def rules(spec: StackSpec, probes: Sequence[IPv4Network] = (), proxies: Sequence[IPv4Network] = ()) -> list[Rule]:
    """Return the ports matrix as rules of the two groups, no two alike.

    `probes`: where a load balancer's health checks come from, which no row of the matrix names. `proxies`: where the
    traffic itself comes from, with a load balancer that doesn't keep the client's address.
    """
    found: dict[str, Rule] = {}
    for rule in (*_of_matrix(spec), *_of_balancer(spec, probes, proxies)):
        found.setdefault(rule.name, rule)
    return list(found.values())


def balanced(spec: StackSpec) -> list[Balanced]:
    """Return every port that is published for clients: those a load balancer passes on."""
    flows = [flow for flow in matrix(spec) if flow.published and flow.port and flow.source.name == "clients"]
    ports: dict[tuple[Protocol, int], list[Group]] = {}
    for flow in flows:
        ports.setdefault((flow.protocol, flow.port or 0), []).extend(_groups(flow.target))
    return [Balanced(protocol, port, tuple(dict.fromkeys(roles))) for (protocol, port), roles in ports.items()]


def team(node: NodeIdentity) -> str | None:
    """Return who a node is kept apart from: all managers are one team, each pool of workers is; None when nobody."""
    if not node.pool.apart.hosts:
        return None
    return "managers" if node.pool.role == "manager" else f"pool-{node.pool_name}"


def strict(spec: StackSpec, wanted: str) -> bool:
    """Tell whether a team's machines must be apart, rather than should."""
    return any(team(node) == wanted and node.pool.apart.mandatory for node in nodes(spec.cluster))


def image_of(node: NodeIdentity, target: CloudTarget) -> tuple[str, str]:
    """Return the field that says what a node's machine is made from, and what it says."""
    own = node.pool.template
    return (f"cluster.pools.{node.pool_name}.template", own) if isinstance(own, str) else ("target.image", target.image)


def size_of(node: NodeIdentity, target: CloudTarget) -> str:
    """Return the cloud's name of a node's size: the one that is named, or the smallest that fits its pool."""
    found = target.sizes.get(node.pool_name) or size(target.kind, node.pool.cpus, node.pool.memory)
    assert found  # noqa: S101  else refused (spec.clouds)
    return found


def plain(text: str) -> str:
    """Return a description as every cloud takes it: letters, digits and a few signs, at most 255."""
    return re.sub(r"[^A-Za-z0-9 ._:/()#,;@+=-]", " ", text)[:255]


def tags(node: NodeIdentity, spec: StackSpec, target: CloudTarget) -> dict[str, str]:
    """Return what says whose machine this is, and the stack's own tags."""
    own = {"longshore-cluster": spec.cluster.name, "longshore-pool": node.pool_name, "longshore-role": node.pool.role}
    return target.tags | own


def user_data(node: NodeIdentity, spec: StackSpec, limit: int, device: Device) -> str:
    """Return a node's cloud-config, the text that vSphere's machines get, packed as `gzip` in base64.

    `limit`: the bytes that the cloud takes. `device`: how the data disk is found.

    Raises SpecError when it is longer than that.
    """
    packed = base64.b64encode(gzip.compress(userdata(node, spec.engine, device).encode(), mtime=0)).decode()
    if len(packed) > limit:
        found = f"{len(packed)} bytes; {spec.target.kind} takes {limit}"
        raise SpecError(
            f"user data of {node.name}", found, "name fewer keys and registries, or bake them into the image"
        )
    return packed


def machine_options(
    node: NodeIdentity, at_birth: list[str], opened: Sequence[pulumi.Resource]
) -> pulumi.ResourceOptions:
    """Return what keeps a machine from being replaced, and how it is when it must be.

    `at_birth`: inputs that only a new machine takes up. `opened`: the rules by which it is reached, which outlive it.
    """
    return pulumi.ResourceOptions(
        delete_before_replace=True,
        ignore_changes=at_birth,
        replacement_trigger=node.generation,
        depends_on=list(opened),
    )


def made(
    node: NodeIdentity,
    id_: pulumi.Output[str],
    public: pulumi.Output[str] | None = None,
    after: Sequence[pulumi.Output[str]] = (),
) -> Machine:
    """Return the machine `id_`, reached by its public address if it has one, once `after` exist too.

    Most clouds give names out again, so the generation makes a new machine of it.
    """
    identity = id_.apply(lambda known: f"{known}@{node.generation}")
    own = str(node.address)
    address = pulumi.Output.all(public or own, id_, *after).apply(lambda known: str(known[0]))
    return Machine(id_, identity, address, private=own if public else None)


def looked_up(where: str, name: str, ask: Callable[[], Found]) -> Found:
    """Return what a look-up finds. Raises TargetError, with the field of the stack file, when it fails."""
    try:
        return ask()
    except Exception as error:  # noqa: BLE001  a failed look-up is a bare Exception in Pulumi's SDK
        reason = str(error).rsplit(": ", 1)[-1]
        fix = "correct it in the stack file; the account must be allowed to see it (docs/targets.md)"
        raise TargetError(where, f"{name}: {reason}", fix) from None


def _of_matrix(spec: StackSpec) -> Iterator[Rule]:
    for flow in matrix(spec):
        for group in _groups(flow.target):
            for peer in _peers(flow.source):
                yield Rule(group, "ingress", flow.protocol, flow.port, peer, flow.why)
        for group in _groups(flow.source):
            for peer in _peers(flow.target):
                yield Rule(group, "egress", flow.protocol, flow.port, peer, flow.why)


def _of_balancer(spec: StackSpec, probes: Sequence[IPv4Network], proxies: Sequence[IPv4Network]) -> Iterator[Rule]:
    for each in balanced(spec):
        for group in each.roles:
            for peer in proxies:
                yield Rule(group, "ingress", each.protocol, each.port, peer, "the load balancer passes requests on")
            for peer in probes:
                yield Rule(group, "ingress", "tcp", each.probe, peer, "the load balancer asks whether it answers")


def _groups(party: Party) -> tuple[Group, ...]:
    """Return the groups that a party is; none for anybody outside."""
    return GROUPS if party.name == "nodes" else tuple(group for group in GROUPS if group == party.name)


def _peers(party: Party) -> tuple[Group | IPv4Network, ...]:
    return _groups(party) or party.networks
