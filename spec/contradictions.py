"""What is wrong with a stack although each field is right by itself. Each rule is one function."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spec.placement import addresses_are_used_once, addresses_lie_in_the_subnet, nodes_have_addresses
from spec.problems import Problem
from spec.service import MountedFile, ServiceSpec
from spec.stack import StackSpec

Rule = Callable[[StackSpec], Iterator[Problem]]


def contradictions(spec: StackSpec) -> list[Problem]:
    """Return every contradiction in `spec`, in the order of the rules."""
    return [problem for rule in RULES for problem in rule(spec)]


def managers_form_a_quorum(spec: StackSpec) -> Iterator[Problem]:
    """Raft needs an odd number of managers, and Docker advises at most 7 (docs.docker.com, "Administer a swarm")."""
    count = spec.cluster.count("manager")
    if count not in (1, 3, 5, 7):
        better = min((1, 3, 5, 7), key=lambda odd: (abs(odd - count), -odd))
        pools = [name for name, pool in spec.cluster.pools.items() if pool.role == "manager"]
        where = f"cluster.pools.{pools[0]}.count" if len(pools) == 1 else "cluster.pools"
        yield Problem(
            where,
            f"{count} managers; {count} tolerate no more failures than {max(count - 1, 0)}",
            f"use 1, 3, 5 or 7 managers, here {better}",
        )


def node_numbers_exist(spec: StackSpec) -> Iterator[Problem]:
    """A generation of its own belongs to a node that the pool has."""
    for name, pool in spec.cluster.pools.items():
        for number in sorted(set(pool.generations) - set(pool.numbers())):
            yield Problem(
                f"cluster.pools.{name}.generations.{number}",
                f"pool {name} has {pool.count} nodes",
                "remove it, or raise the pool's count",
            )


def ranges_do_not_overlap(spec: StackSpec) -> Iterator[Problem]:
    """Overlay ranges, network subnets and the nodes' subnet are apart (moby/moby#24220: traffic vanishes)."""
    ranges = [("target.network.cidr", spec.target.network.cidr)]
    ranges += [(f"networks.{name}.subnet", net.subnet) for name, net in spec.networks.items() if net.subnet]
    ranges += [("cluster.overlay_pool", pool) for pool in spec.cluster.overlay_pool]
    for index, (path, subnet) in enumerate(ranges):
        for other, taken in ranges[:index]:
            if subnet.overlaps(taken):
                yield Problem(path, f"{subnet} overlaps {other} ({taken})", "choose a range of its own")


def drained_nodes_exist(spec: StackSpec) -> Iterator[Problem]:
    """A node that is kept empty is one of its pool."""
    for name, pool in spec.cluster.pools.items():
        for index, number in enumerate(pool.drained):
            if number > pool.count:
                found = f"pool {name} has no node {number}"
                yield Problem(f"cluster.pools.{name}.drained.{index}", found, f"its nodes are 1 to {pool.count}")


def services_refer_to_what_is_declared(spec: StackSpec) -> Iterator[Problem]:
    """Each network, config and secret that a service names is declared."""
    for name, service in spec.services.items():
        yield from _undeclared(name, "networks", service.networks, list(spec.networks))
        yield from _undeclared(name, "configs", _sources(service.configs), list(spec.configs))
        yield from _undeclared(name, "secrets", _sources(service.secrets), list(spec.secrets))


def services_can_be_placed(spec: StackSpec) -> Iterator[Problem]:
    """A service's constraint on the role leaves nodes, and enough of them."""
    for name, service in spec.services.items():
        candidates = _candidates(spec, service)
        if service.replicas and not candidates:
            yield Problem(
                f"services.{name}.constraints",
                f"{', '.join(service.constraints)} matches no node of this cluster",
                "add nodes of that role, or loosen the constraint",
            )
        elif service.max_per_node and service.replicas > candidates * service.max_per_node:
            yield Problem(
                f"services.{name}.replicas",
                f"{service.replicas} tasks on {candidates} nodes with at most {service.max_per_node} on each",
                f"use at most {candidates * service.max_per_node} replicas",
            )


def ports_are_published_once(spec: StackSpec) -> Iterator[Problem]:
    """No two services publish the same port."""
    owners: dict[tuple[int, str], str] = {}
    for name, service in spec.services.items():
        for port in service.ports:
            owner = owners.setdefault((port.published, port.protocol), name)
            if owner != name:
                yield Problem(
                    f"services.{name}.ports",
                    f"port {port.published}/{port.protocol} is published by {owner} already",
                    "publish another port",
                )


def ingress_ports_need_a_virtual_address(spec: StackSpec) -> Iterator[Problem]:
    """The routing mesh forwards to the service's virtual address (docs.docker.com, "Use Swarm mode routing mesh")."""
    for name, service in spec.services.items():
        if service.endpoint_mode == "dnsrr" and any(port.mode == "ingress" for port in service.ports):
            yield Problem(
                f"services.{name}.endpoint_mode",
                "dnsrr gives no virtual address, which ports with mode ingress need",
                "use mode: host for the ports, or endpoint_mode: vip",
            )


RULES: tuple[Rule, ...] = (
    managers_form_a_quorum,
    node_numbers_exist,
    nodes_have_addresses,
    addresses_lie_in_the_subnet,
    addresses_are_used_once,
    ranges_do_not_overlap,
    drained_nodes_exist,
    services_refer_to_what_is_declared,
    services_can_be_placed,
    ports_are_published_once,
    ingress_ports_need_a_virtual_address,
)


def _sources(files: tuple[MountedFile, ...]) -> tuple[str, ...]:
    return tuple(file.source for file in files)


def _undeclared(service: str, kind: str, used: tuple[str, ...], declared: list[str]) -> Iterator[Problem]:
    for index, name in enumerate(used):
        if name not in declared:
            yield Problem(
                f"services.{service}.{kind}.{index}",
                f"`{name}` is not declared",
                f"declare it under longshore:{kind}; declared: {', '.join(declared) or 'none'}",
            )


def _candidates(spec: StackSpec, service: ServiceSpec) -> int:
    rules = [constraint.replace(" ", "") for constraint in service.constraints]
    return sum(
        pool.count
        for pool in spec.cluster.pools.values()
        if pool.availability == "active"
        and f"node.role!={pool.role}" not in rules
        and not any(rule.startswith("node.role==") and rule != f"node.role=={pool.role}" for rule in rules)
    )
