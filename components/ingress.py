"""The ingress as an ordinary service and config: what makes, shows and checks services needs to know nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeVar

from components import caddy
from components.caddy import Routed
from spec.ingress import INGRESS, IngressSpec
from spec.mount import MountSpec, NfsMount, TmpfsMount, VolumeMount
from spec.service import ConfigSpec, HealthcheckSpec, MountedFile, PortSpec, ServiceSpec
from spec.stack import ServicesPart

Part = TypeVar("Part", bound=ServicesPart)
INSIDE = {"http": caddy.HTTP, "https": caddy.HTTPS, "metrics": caddy.METRICS}
VOLUME = "ingress-certificates"


def with_ingress(spec: Part) -> Part:
    """Return `spec` with its ingress among its services and configs, first; `spec` itself when it has none.

    Changed routes are another config, so that Swarm updates the proxies one after another.
    """
    if spec.ingress is None:
        return spec
    content = json.dumps(caddy.configuration(spec.ingress, routes(spec)), indent=1) + "\n"
    services = {INGRESS: service(spec, spec.ingress), **spec.services}
    return spec.model_copy(
        update={"services": services, "configs": {INGRESS: ConfigSpec(content=content), **spec.configs}}
    )


def routes(spec: ServicesPart) -> list[Routed]:
    """Return every route, with the name of the service that it leads to."""
    return [(name, route) for name, service in spec.services.items() for route in service.routes]


def service(part: ServicesPart, spec: IngressSpec) -> ServiceSpec:
    """Return the proxy as a service, on every node that fits, in the first network of each service with routes."""
    networks = [each.networks[0] for each in part.services.values() if each.routes and each.networks]
    return ServiceSpec(
        image=spec.image,
        mode="global",
        command=("caddy", "run", "--config", caddy.CONFIG),
        networks=tuple(dict.fromkeys(networks)),
        configs=tuple(_configs(spec)),
        secrets=tuple(_secrets(spec)),
        ports=tuple(PortSpec(target=INSIDE[key], published=port) for key, port in spec.published().items()),
        endpoint_mode="dnsrr",
        healthcheck=HealthcheckSpec(
            test=("CMD", "wget", "-q", "-O", "/dev/null", f"http://127.0.0.1:{caddy.METRICS}{caddy.HEALTH}"),
            interval="5s",
        ),
        constraints=spec.constraints,
        limits=spec.limits,
        stop_grace=spec.stop_grace,
        read_only=True,
        cap_drop=("ALL",),
        cap_add=("NET_BIND_SERVICE",),  # Docker Hub's image has it on the program itself, which can't start without
        mounts=(_storage(spec),),
    )


def _configs(spec: IngressSpec) -> Iterator[MountedFile]:
    yield MountedFile(source=INGRESS, target=caddy.CONFIG)
    if spec.tls and spec.tls.acme and spec.tls.acme.trust:
        yield MountedFile(source=spec.tls.acme.trust, target=caddy.TRUST)


def _secrets(spec: IngressSpec) -> Iterator[MountedFile]:
    for place, pair in (spec.tls.key_pairs() if spec.tls else {}).items():
        for field in ("certificate", "key"):
            yield MountedFile(source=getattr(pair, field), target=caddy.secret_file(place, field))


def _storage(spec: IngressSpec) -> MountSpec:
    """Return what outlives a task: what ACME gave. All else is made anew at each start, in memory."""
    acme = spec.tls.acme if spec.tls else None
    if acme is None:
        return TmpfsMount(kind="tmpfs", target=caddy.STORAGE)
    if acme.share is None:
        return VolumeMount(kind="volume", target=caddy.STORAGE, source=VOLUME)
    return NfsMount(kind="nfs", target=caddy.STORAGE, **acme.share.model_dump())
