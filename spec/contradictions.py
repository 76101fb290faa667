"""What is wrong with a stack although each field is right by itself. Each rule is one function."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spec import clouds, machines, own_registry, placement, routing
from spec.identity import gateway_lies_in_the_subnet, node_names_are_host_names, overlays_fit_their_pools
from spec.problems import Problem
from spec.ranges import ranges_do_not_overlap
from spec.registry import short_names_get_no_login
from spec.service import MountedFile
from spec.settings import live_restore_is_off, the_default_runtime_is_known
from spec.stack import AnySpec, ServicesPart, StackSpec

Rule = Callable[[StackSpec], Iterator[Problem]]
ServicesRule = Callable[[ServicesPart], Iterator[Problem]]


def contradictions(spec: AnySpec) -> list[Problem]:
    """Return every contradiction in `spec`, in the order of the rules."""
    found = [problem for rule in RULES for problem in rule(spec)] if isinstance(spec, StackSpec) else []
    return found + [problem for rule in SERVICES_RULES for problem in rule(spec)]


def managers_form_a_quorum(spec: StackSpec) -> Iterator[Problem]:
    """Raft needs an odd number of managers, and Docker advises at most 7 (docs.docker.com, "Administer a swarm")."""
    count = spec.cluster.count("manager")
    if count not in (1, 3, 5, 7):
        better = min((1, 3, 5, 7), key=lambda odd: (abs(odd - count), -odd))
        pools = [name for name, pool in spec.cluster.pools.items() if pool.role == "manager"]
        where = f"cluster.pools.{pools[0]}.count" if len(pools) == 1 else "cluster.pools"
        yield Problem(
            where,
            f"{count} managers: {_against(count)}",
            f"use 1, 3, 5 or 7 managers, here {better}",
        )


def drained_nodes_exist(spec: StackSpec) -> Iterator[Problem]:
    """A node that is kept empty is one of its pool."""
    for name, pool in spec.cluster.pools.items():
        for index, number in enumerate(pool.drained):
            if number > pool.count:
                found = f"pool {name} has no node {number}"
                yield Problem(f"cluster.pools.{name}.drained.{index}", found, f"its nodes are 1 to {pool.count}")


def services_refer_to_what_is_declared(spec: ServicesPart) -> Iterator[Problem]:
    """Each network, config and secret that a service names is declared."""
    for name, service in spec.services.items():
        yield from _undeclared(name, "networks", service.networks, list(spec.networks))
        yield from _undeclared(name, "configs", _sources(service.configs), list(spec.configs))
        yield from _undeclared(name, "secrets", _sources(service.secrets), list(spec.secrets))


def aliases_belong_to_networks(spec: ServicesPart) -> Iterator[Problem]:
    """A service has more names only in networks that it joins."""
    for name, service in spec.services.items():
        for network in service.aliases:
            if network not in service.networks:
                yield Problem(
                    f"services.{name}.aliases.{network}",
                    "the service does not join this network",
                    f"add it to services.{name}.networks, or remove the aliases",
                )


def global_services_count_no_replicas(spec: ServicesPart) -> Iterator[Problem]:
    """A global service has one task a node; a number of replicas would mean nothing."""
    for name, service in spec.services.items():
        if service.mode == "global" and "replicas" in service.model_fields_set:
            yield Problem(
                f"services.{name}.replicas", "a global service runs once on every node", "remove it, or use constraints"
            )


def starting_first_needs_room(spec: ServicesPart) -> Iterator[Problem]:
    """A new task can't start beside the old one that holds its host port, or its place under `max_per_node`."""
    for name, service in spec.services.items():
        if service.rollout.order == "start-first" and not service.has_gapless_update:
            yield Problem(
                f"services.{name}.rollout.order",
                "start-first, but a host port or max_per_node lets the old task hold what the new one needs",
                "use stop-first with parallelism 1, or publish with mode: ingress",
            )


def services_can_be_placed(spec: StackSpec) -> Iterator[Problem]:
    """A service's constraint on the role leaves nodes, and enough of them."""
    for name, service in spec.services.items():
        candidates = spec.cluster.candidates(service.constraints)
        most = candidates * service.max_per_node if service.max_per_node and service.mode == "replicated" else None
        if service.replicas and not candidates:
            yield Problem(
                f"services.{name}.constraints",
                f"{', '.join(service.constraints)} matches no node of this cluster",
                "add nodes of that role, or loosen the constraint",
            )
        elif (
            service.mode == "replicated"
            and service.max_per_node
            and service.replicas > candidates * service.max_per_node
        ):
            yield Problem(
                f"services.{name}.replicas",
                f"{service.replicas} tasks on {candidates} nodes with at most {service.max_per_node} on each",
                f"use at most {most} replicas",
            )


def ports_are_published_once(spec: ServicesPart) -> Iterator[Problem]:
    """No port is published twice, by two services or by one."""
    owners: dict[tuple[int, str], str] = {}
    for name, service in spec.services.items():
        for port in service.ports:
            key = (port.published, port.protocol)
            if key in owners:
                yield Problem(
                    f"services.{name}.ports",
                    f"port {port.published}/{port.protocol} is published by {owners[key]} already",
                    "publish another port",
                )
            owners.setdefault(key, name)


def ingress_ports_need_a_virtual_address(spec: ServicesPart) -> Iterator[Problem]:
    """The routing mesh forwards to the service's virtual address (docs.docker.com, "Use Swarm mode routing mesh")."""
    for name, service in spec.services.items():
        if service.endpoint_mode == "dnsrr" and any(port.mode == "ingress" for port in service.ports):
            yield Problem(
                f"services.{name}.endpoint_mode",
                "dnsrr gives no virtual address, which ports with mode ingress need",
                "use mode: host for the ports, or endpoint_mode: vip",
            )


def a_platform_runs_nothing(spec: StackSpec) -> Iterator[Problem]:
    """What runs on a platform is declared in stacks of `layer: services`."""
    for key in ("networks", "configs", "secrets", "services", "registries", "mirror", "registry", "ingress"):
        if spec.layer == "platform" and getattr(spec, key):
            fix = f"move longshore:{key} to a stack with `longshore:layer: services`"
            yield Problem(key, "a stack of layer platform makes the cluster only", fix)


RULES: tuple[Rule, ...] = (
    managers_form_a_quorum,
    node_names_are_host_names,
    gateway_lies_in_the_subnet,
    placement.nodes_have_addresses,
    placement.managers_keep_their_address,
    placement.macs_are_used_once,
    placement.addresses_lie_in_the_subnet,
    placement.addresses_are_used_once,
    machines.node_numbers_exist,
    machines.pools_refer_to_what_is_declared,
    machines.interfaces_are_told_apart,
    machines.reservations_fit,
    machines.data_disks_lie_in_a_datastore,
    machines.library_items_lie_in_a_datastore,
    machines.disks_are_kept_apart_by_storage_drs,
    machines.mandatory_needs_hosts,
    clouds.pools_ask_nothing_of_vsphere,
    clouds.pools_of_the_target_exist,
    clouds.addresses_are_not_the_clouds_own,
    clouds.sizes_are_offered,
    clouds.racks_suffice,
    clouds.derived_names_fit,
    ranges_do_not_overlap,
    overlays_fit_their_pools,
    drained_nodes_exist,
    live_restore_is_off,
    the_default_runtime_is_known,
    services_can_be_placed,
    routing.ingress_can_be_placed,
    routing.certificates_are_shared,
    a_platform_runs_nothing,
)
SERVICES_RULES: tuple[ServicesRule, ...] = (
    services_refer_to_what_is_declared,
    aliases_belong_to_networks,
    global_services_count_no_replicas,
    starting_first_needs_room,
    ports_are_published_once,
    ingress_ports_need_a_virtual_address,
    short_names_get_no_login,
    own_registry.the_registry_keeps_its_images,
    own_registry.the_registry_has_its_name_and_port,
    own_registry.an_upstream_login_is_whole,
    routing.routes_need_an_ingress,
    routing.routes_are_declared_once,
    routing.routed_services_share_a_network,
    routing.ingress_names_are_free,
    routing.ingress_ports_are_free,
    routing.ingress_files_are_declared,
    routing.routes_can_be_certified,
)


def _against(managers: int) -> str:
    """Say what speaks against that many managers."""
    if managers == 0:
        return "a Swarm needs one to exist"
    if managers > 7:
        return "above 7 the agreement between them costs more than another failure tolerated is worth"
    return f"{managers} tolerate no more failures than {managers - 1}"


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
