"""The ports matrix: who must reach whom, on which port, and why. Derived from the stack file; no cluster is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from components import addresses
from components.addresses import Party
from components.ingress import with_ingress
from spec.ingress import INGRESS
from spec.pool import Role
from spec.stack import StackSpec

Protocol = Literal["tcp", "udp", "esp", "icmp"]
NUMBERS = {"icmp": 1, "tcp": 6, "udp": 17, "esp": 50}
"""Of the protocols, as IANA assigns them."""


@dataclass(frozen=True)
class Flow:
    """One row: `port` is the receiver's, None where the protocol has none."""

    source: Party
    target: Party
    protocol: Protocol
    port: int | None
    why: str
    published: bool = False
    """Whether Docker forwards it to a container, past the node's own input."""

    @property
    def where(self) -> str:
        """Return port and protocol as one writes them."""
        return f"{self.port}/{self.protocol}" if self.port else f"{self.protocol} (protocol {NUMBERS[self.protocol]})"


def matrix(spec: StackSpec) -> list[Flow]:
    """Return every flow: to the nodes, between them, and from them."""
    spec = with_ingress(spec)
    return [*_inward(spec), *_of_other_stacks(spec), *_between(spec), *_outward(spec)]


def _inward(spec: StackSpec) -> Iterator[Flow]:
    nodes, operators, clients = addresses.nodes(spec), addresses.operators(spec), addresses.clients(spec)
    metrics = spec.ingress.ports.metrics if spec.ingress else None
    yield Flow(operators, nodes, "tcp", spec.engine.ssh.port, "ssh: Pulumi, longshore and docker go through it")
    for name, service in spec.services.items():
        for port in service.ports:
            source = operators if name == INGRESS and port.published == metrics else clients
            for target in [nodes] if port.mode == "ingress" else _hosts(spec, service.constraints):
                why = f"service {name}, {'on every node' if port.mode == 'ingress' else 'where its tasks run'}"
                yield Flow(source, target, port.protocol, port.published, why, published=True)
    if spec.registry:
        for target in _hosts(spec, spec.registry.constraints):
            why = "the stack's own registry, where its task runs"
            yield Flow(addresses.pullers(spec), target, "tcp", spec.registry.published, why, published=True)


def _of_other_stacks(spec: StackSpec) -> Iterator[Flow]:
    for each in spec.access.published:
        port, _, named = each.partition("/")
        protocol: Protocol = "udp" if named == "udp" else "tcp"
        why = "a service of another stack (access.published)"
        yield Flow(addresses.clients(spec), addresses.nodes(spec), protocol, int(port), why, published=True)


def _between(spec: StackSpec) -> Iterator[Flow]:
    nodes, managers = addresses.nodes(spec), addresses.role(spec, "manager")
    yield Flow(nodes, managers, "tcp", 2377, "Swarm: joining, Raft, what runs where")
    yield Flow(nodes, nodes, "tcp", 7946, "Swarm: gossip between nodes")
    yield Flow(nodes, nodes, "udp", 7946, "Swarm: gossip between nodes")
    yield Flow(nodes, nodes, "udp", spec.cluster.data_path_port, "overlay networks: VXLAN")
    if any(network.encrypted for network in spec.networks.values()):
        names = ", ".join(name for name, network in spec.networks.items() if network.encrypted)
        yield Flow(nodes, nodes, "esp", None, f"encrypted overlay networks ({names}): IPsec")
    yield Flow(nodes, nodes, "icmp", None, "packets too large are told so")


def _outward(spec: StackSpec) -> Iterator[Flow]:
    nodes, dns = addresses.nodes(spec), addresses.dns(spec)
    yield Flow(nodes, dns, "udp", 53, "names")
    yield Flow(nodes, dns, "tcp", 53, "names, long answers")
    yield Flow(nodes, addresses.ntp(spec), "udp", 123, "time: certificates and Raft need it")
    for registry in addresses.registries(spec):
        yield Flow(nodes, registry.party, "tcp", registry.port, "images")
    yield from _packages(spec)
    if spec.ingress and spec.ingress.tls and (acme := spec.ingress.tls.acme):
        url = urlsplit(acme.ca or "https://Let's Encrypt")
        party = Party(f"ACME {url.netloc.partition(':')[0]}")
        yield Flow(nodes, party, "tcp", url.port or addresses.HTTPS, "the ingress's certificates")


def _packages(spec: StackSpec) -> Iterator[Flow]:
    source, nodes = spec.engine.install.source, addresses.nodes(spec)
    if source == "docker":
        url = urlsplit(spec.engine.install.repository)
        yield Flow(
            nodes, Party(f"packages {url.hostname}"), "tcp", url.port or addresses.HTTPS, "the engine's packages"
        )
    if source != "image":
        for port in (80, addresses.HTTPS):
            yield Flow(nodes, Party("distribution's packages"), "tcp", port, "packages the engine needs")


def _hosts(spec: StackSpec, constraints: tuple[str, ...]) -> list[Party]:
    """Return the roles that a service's tasks may have as hosts: its constraints on the role, no others."""
    rules = {constraint.replace(" ", "") for constraint in constraints}
    roles: tuple[Role, ...] = ("manager", "worker")
    others = {"manager": "worker", "worker": "manager"}
    allowed = [
        each for each in roles if not rules & {f"node.role!={each}", f"node.role=={others[each]}"}
    ]  # fmt: skip
    return [addresses.nodes(spec)] if len(allowed) == 2 else [addresses.role(spec, each) for each in allowed]
