"""What is wrong with an ingress and the routes that services name, although each field is right by itself."""

from __future__ import annotations

from collections.abc import Iterator

from spec.ingress import INGRESS
from spec.problems import Problem
from spec.route import RouteSpec
from spec.stack import ServicesPart, StackSpec


def routes_need_an_ingress(spec: ServicesPart) -> Iterator[Problem]:
    """Nothing but the ingress serves routes."""
    for name, service in spec.services.items():
        if service.routes and spec.ingress is None:
            yield Problem(
                f"services.{name}.routes", "there is no ingress that serves them", "declare longshore:ingress"
            )


def routes_are_declared_once(spec: ServicesPart) -> Iterator[Problem]:
    """A host and a path lead to one service."""
    owners: dict[tuple[str, str], str] = {}
    for name, index, route in _routes(spec):
        if route.match in owners:
            found = f"{route.host or 'any host'} with path {route.path} leads to {owners[route.match]} already"
            yield Problem(f"services.{name}.routes.{index}", found, "give it another host or path")
        owners.setdefault(route.match, name)


def routed_services_share_a_network(spec: ServicesPart) -> Iterator[Problem]:
    """The ingress reaches a service in the service's first network."""
    for name, service in spec.services.items():
        if service.routes and not service.networks:
            found = "the service joins no network, and the ingress reaches it in one"
            yield Problem(f"services.{name}.networks", found, "declare one under longshore:networks, and name it here")


def ingress_names_are_free(spec: ServicesPart) -> Iterator[Problem]:
    """The ingress's service and its config have names, too."""
    for kind in ("services", "configs"):
        if spec.ingress and INGRESS in getattr(spec, kind):
            yield Problem(f"{kind}.{INGRESS}", "the ingress itself has this name", "give it another name")


def ingress_ports_are_free(spec: ServicesPart) -> Iterator[Problem]:
    """No port of the ingress is published by a service, nor twice by itself."""
    owners = {
        port.published: f"services.{name}"
        for name, service in spec.services.items()
        for port in service.ports
        if port.protocol == "tcp"
    }
    for key, port in (spec.ingress.published() if spec.ingress else {}).items():
        if port in owners:
            yield Problem(
                f"ingress.ports.{key}", f"port {port} is published by {owners[port]} already", "use another port"
            )
        owners.setdefault(port, f"ingress.ports.{key}")


def ingress_files_are_declared(spec: ServicesPart) -> Iterator[Problem]:
    """Each secret and config that its certificates come from is declared."""
    tls = spec.ingress.tls if spec.ingress else None
    named = [("secrets", f"{place}.{field}", getattr(pair, field))
             for place, pair in (tls.key_pairs() if tls else {}).items()
             for field in ("certificate", "key")]  # fmt: skip
    if tls and tls.acme and tls.acme.trust:
        named.append(("configs", "acme.trust", tls.acme.trust))
    for kind, place, name in named:
        declared = sorted(getattr(spec, kind))
        if name not in declared:
            fix = f"declare it under longshore:{kind}; declared: {', '.join(declared) or 'none'}"
            yield Problem(f"ingress.tls.{place}", f"`{name}` is not declared", fix)


def routes_can_be_certified(spec: ServicesPart) -> Iterator[Problem]:
    """An authority certifies names: a route needs one, and ACME's challenges by HTTP and TLS know no wildcards.

    RFC 8555 (8.3) and RFC 8737: the authority connects to port 80 or 443 of the very name.
    """
    tls = spec.ingress.tls if spec.ingress else None
    for name, index, route in _routes(spec) if tls and not tls.files else ():
        place = f"services.{name}.routes.{index}.host"
        if route.host is None:
            yield Problem(place, "is missing, and no certificate can be made for any host", "add it, or use tls.files")
        elif route.host.startswith("*.") and tls and tls.acme:
            yield Problem(place, "ACME gives no certificate for a wildcard by HTTP", "use tls.files or tls.ca")
    if spec.ingress and tls and tls.acme and spec.ingress.ports.http != 80 and spec.ingress.ports.https != 443:
        found = "neither http is 80 nor https 443, where the ACME authority asks"
        yield Problem("ingress.ports", found, "use one of the two, or tls.files")


def ingress_can_be_placed(spec: StackSpec) -> Iterator[Problem]:
    """The ingress has nodes to run on."""
    if spec.ingress and not spec.cluster.candidates(spec.ingress.constraints):
        found = f"{', '.join(spec.ingress.constraints) or 'no constraint'} leaves no node of this cluster"
        yield Problem("ingress.constraints", found, "add nodes of that role, or loosen the constraint")


def certificates_are_shared(spec: StackSpec) -> Iterator[Problem]:
    """Ingresses that have certificates from ACME share them: a challenge comes to any of them."""
    acme = spec.ingress.tls.acme if spec.ingress and spec.ingress.tls else None
    if spec.ingress and acme and not acme.share:
        rules = [rule for rule in spec.ingress.constraints if not rule.replace(" ", "").startswith("node.role")]
        nodes = spec.cluster.candidates(spec.ingress.constraints)
        if nodes > 1 and not rules:
            found = f"is missing, and the ingress runs on {nodes} nodes: each would ask for certificates of its own"
            yield Problem("ingress.tls.acme.share", found, "name an NFS share, or constrain the ingress to one node")


def _routes(spec: ServicesPart) -> Iterator[tuple[str, int, RouteSpec]]:
    for name, service in spec.services.items():
        for index, route in enumerate(service.routes):
            yield name, index, route
