"""What runs on a cluster: networks, configs, secrets and services, on whichever Docker provider `opts` names."""

from __future__ import annotations

import pulumi

from components.container import Declared
from components.ingress import with_ingress
from components.network import network
from components.registry import Registry, contents
from components.secret import Contents, stored
from components.service import Members, service
from providers.swarm.stored_resources import Place
from spec.stack import ServicesPart


def run_services(spec: ServicesPart, read: Contents, members: Members, opts: pulumi.ResourceOptions) -> None:
    """Make everything that runs on the cluster. `read`: what `contents` found, before anything was made."""
    spec = with_ingress(spec)
    own = pulumi.ResourceOptions(parent=opts.parent, depends_on=opts.depends_on, deleted_with=opts.deleted_with)
    more = contents(spec.registry) if spec.registry else None
    kept = stored(spec, read, place(members, spec.generations), own, more)
    networks = {each: network(each, one, opts) for each, one in spec.networks.items()}
    declared = Declared(networks=networks, configs=kept.configs, secrets=kept.secrets)
    for each, one in spec.services.items():
        service(each, one, declared, members, opts)
    if spec.registry:
        Registry(spec.registry, kept.secrets, members, opts)


def place(members: Members, generations: int) -> Place:
    """Return where this stack's secrets and configs lie: told by its project and name from those of others."""
    stack = f"{pulumi.get_project()}/{pulumi.get_stack()}"
    return Place(stack, members.managers, members.cluster_id, generations)


def published(spec: ServicesPart) -> dict[str, list[int]]:
    """Return the published ports of each service."""
    return {each: [port.published for port in one.ports] for each, one in with_ingress(spec).services.items()}
