"""What becomes of Swarm services: recreated, squeezed, exposed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from review.model import Action, Resource
from review.paths import lookup
from review.reasons import because, past
from review.rules.registry import Finding, each, names, rule
from review.view import CONTAINER, SERVICE, VM, Node, View, changed, listed

DOCS = "https://docs.docker.com/engine/swarm/services/"
MIB = 1024 * 1024
_CONSTRAINT = re.compile(r"\s*node\.(?P<what>hostname|role|id|labels\.[\w.-]+)\s*(?P<how>==|!=)\s*(?P<value>\S+)\s*")


class Port(NamedTuple):
    """A published port: two may not share one, save host ports of different services on different nodes."""

    number: int
    protocol: str
    mode: str
    address: str = ""


@rule("SERVICE-RECREATED", "https://www.pulumi.com/registry/packages/docker/api-docs/service/")
def recreated(view: View) -> Iterator[Finding]:
    """A service is destroyed, for good or to be made anew.

    All its tasks stop and its virtual address changes. Its name, its mode and its registry login do that; everything
    else is a rolling update.
    """

    def says(service: Resource) -> Finding:
        return Finding(
            f"service `{service.name}` is {past(service)}: all its tasks stop.", (service,), because(service)
        )

    yield from each(view.going(SERVICE), says)


@rule("SERVICE-NO-ROLLBACK", DOCS)
def no_rollback(view: View) -> Iterator[Finding]:
    """A changed service can't be rolled back by itself, or not be updated without a gap.

    It has no rollback on failure, no health check, or a single task that stops before its successor starts.
    """

    def says(service: Resource) -> Finding | None:
        spec = service.after or {}
        lacks = []
        if lookup(spec, "updateConfig.failureAction") != "rollback":
            lacks.append("no rollback on failure")
        if not lookup(spec, "taskSpec.containerSpec.healthcheck"):
            lacks.append("no health check")
        if _replicas(spec) == 1 and lookup(spec, "updateConfig.order") != "start-first":
            lacks.append("its only task stops first")
        return Finding(f"service `{service.name}`: {', '.join(lacks)}.", (service,)) if lacks else None

    yield from each(view.coming(SERVICE), says)


@rule("SERVICE-CAPACITY", DOCS)
def capacity(view: View) -> Iterator[Finding]:
    """A service finds no node, or the nodes that stay can't hold what is reserved.

    Its tasks would stay pending. Constraints on a node's name, role or labels are judged, and reserved memory against
    the machines' own.
    """
    stay = [node for node in view.nodes if node.will]
    if not stay:
        return
    for service in view.of(SERVICE):
        moved = service.is_changed or any(node.member.is_changed for node in view.nodes)
        if moved and service.after is not None and not any(_fits(service, node) for node in stay):
            constraints = ", ".join(f"`{each}`" for each in _constraints(service))
            yield Finding(f"service `{service.name}` finds no node: {constraints}.", (service,))
    yield from _memory(view, stay)


@rule("PORT-CONFLICT", DOCS)
def port_conflict(view: View) -> Iterator[Finding]:
    """Two services publish the same port.

    Docker refuses the second one.
    """
    users: dict[tuple[int, str], list[Resource]] = defaultdict(list)
    for resource in view.of(SERVICE, CONTAINER):
        for port in _ports(resource.after) if resource.after is not None else ():
            if port.mode != "host" and resource.type == SERVICE:
                users[port.number, port.protocol].append(resource)
    for (number, protocol), resources in sorted(users.items()):
        if len(resources) > 1 and any(each.is_changed for each in resources):
            yield Finding(f"port {number}/{protocol} is published by {names(resources)}.", tuple(resources))


@rule("PORT-PUBLIC", DOCS)
def port_public(view: View) -> Iterator[Finding]:
    """A port is published that was not before.

    A service's published port is open on every node, on all addresses; Docker's own rules come before the host's
    firewall. Graver for the engine's own ports.
    """
    for resource in view.coming(SERVICE, CONTAINER):
        were = {(port.number, port.protocol) for port in _public(resource.before)}
        open_ports = [port for port in _public(resource.after) if (port.number, port.protocol) not in were]
        if open_ports:
            listed = ", ".join(f"{port.number}/{port.protocol}" for port in open_ports)
            grave = any(port.number in (2375, 2376, 2377) for port in open_ports)
            yield Finding(f"`{resource.name}` publishes {listed} on every address.", (resource,), graver=grave)


def _ports(spec: dict[str, Any] | None) -> list[Port]:
    found = listed(spec, "endpointSpec.ports") or listed(spec, "ports")
    return [port for each in found if isinstance(each, dict) and (port := _port(each))]


def _public(spec: dict[str, Any] | None) -> list[Port]:
    return [port for port in _ports(spec) if port.address in ("", "0.0.0.0", "::")]  # noqa: S104  compared, not bound


def _port(port: dict[str, Any]) -> Port | None:
    number = port.get("publishedPort", port.get("external"))
    if not isinstance(number, int | float) or not number:
        return None
    return Port(
        int(number),
        str(port.get("protocol") or "tcp"),
        str(port.get("publishMode") or "ingress"),
        str(port.get("ip") or ""),
    )


def _replicas(spec: dict[str, Any]) -> int:
    replicas = lookup(spec, "mode.replicated.replicas")
    if isinstance(replicas, int | float):
        return int(replicas)
    return 0 if lookup(spec, "mode.global") else 1


def _constraints(service: Resource) -> list[str]:
    return [str(each) for each in listed(service.after, "taskSpec.placement.constraints")]


def _fits(service: Resource, node: Node) -> bool:
    """Judge the constraints that can be judged; the others are taken to fit."""
    facts = {"hostname": node.name, "role": node.will}
    facts |= {f"labels.{key}": str(value) for key, value in node.labels.items()}
    for match in filter(None, map(_CONSTRAINT.fullmatch, _constraints(service))):
        if match["what"] != "id" and (facts.get(match["what"]) == match["value"]) != (match["how"] == "=="):
            return False
    return True


def _memory(view: View, stay: list[Node]) -> Iterator[Finding]:
    """Compare what services reserve with what the machines have, where both are known and either changes."""
    sizes = [lookup(node.machine.after, "memory") if node.machine else None for node in stay]
    have = sum(int(size) for size in sizes if isinstance(size, int | float))
    if not all(isinstance(size, int | float) for size in sizes):
        return
    reserved = sum(_reserved(service.after, len(stay)) for service in view.of(SERVICE))
    shrinks = [each for each in view.of(VM) if each.action is Action.DELETE or changed(each, "memory")]
    grows = [each for each in view.coming(SERVICE) if _reserved(each.after, len(stay))]
    if reserved / MIB > have and (shrinks or grows):
        text = f"services reserve {reserved / MIB:.0f} MiB of memory; the machines that stay have {have} MiB."
        yield Finding(text, tuple(shrinks or grows))


def _reserved(spec: dict[str, Any] | None, nodes: int) -> float:
    """Return the bytes that all tasks of a service reserve; a global one has a task on each node."""
    memory = lookup(spec, "taskSpec.resources.reservation.memoryBytes")
    tasks = nodes if lookup(spec, "mode.global") else _replicas(spec or {})
    return float(memory) * tasks if isinstance(memory, int | float) else 0.0
