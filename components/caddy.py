"""The ingress's configuration, in Caddy's own JSON (caddyserver.com/docs/json): a pure function of routes and spec.

JSON, not a Caddyfile: its order is the order of evaluation, and nothing in it needs escaping.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spec.base import whole_seconds
from spec.ingress import IngressSpec
from spec.route import RouteSpec
from spec.tls import TlsSpec

CONFIG = "/etc/caddy/longshore.json"
STORAGE = "/data"
SECRETS = "/run/secrets/ingress"
TRUST = "/etc/caddy/acme-root.pem"
HTTP, HTTPS, METRICS = 80, 443, 9180
"""Ports inside the container."""
HEALTH = "/health"

NO_AUTOMATION = {"disable": True}
REPEATABLE = ["GET", "HEAD", "OPTIONS"]
"""Methods that change nothing and have no body: whoever has seen such a request, another one may see it, too."""

Routed = tuple[str, RouteSpec]
"""A service's name, and one of its routes."""


def configuration(spec: IngressSpec, routes: Sequence[Routed]) -> dict[str, Any]:
    """Return the whole configuration. A request that no route fits is answered with 404."""
    served = [*(_route(spec, name, route) for name, route in most_specific_first(routes)), _NOT_FOUND]
    # Withdrawn a little before the engine kills the task: what is open then is cut by Caddy, and told.
    grace = max(1, whole_seconds(spec.stop_grace) - 2)
    return {
        "admin": {"disabled": True, "config": {"persist": False}},
        "storage": {"module": "file_system", "root": STORAGE},
        "apps": {
            "http": {"grace_period": f"{grace}s", "servers": {**_servers(spec, served), "metrics": _METRICS}},
            **(_certificates(spec.tls) if spec.tls else {}),
        },
    }


def most_specific_first(routes: Sequence[Routed]) -> list[Routed]:
    """Return routes in the order that Caddy has to try them in; the same for the same routes."""
    return sorted(routes, key=lambda each: each[1].specificity)


def _servers(spec: IngressSpec, served: list[dict[str, Any]]) -> dict[str, Any]:
    if spec.tls is None:
        return {"http": _server(HTTP, served, NO_AUTOMATION)}
    port = "" if spec.ports.https == HTTPS else f":{spec.ports.https}"
    onward = {"Location": [f"https://{{http.request.host}}{port}{{http.request.uri}}"]}
    redirect = {"handle": [{"handler": "static_response", "status_code": 308, "headers": onward}]}
    automation = NO_AUTOMATION if spec.tls.files else {"disable_redirects": True}
    return {
        "http": _server(HTTP, [redirect], NO_AUTOMATION),
        "https": {**_server(HTTPS, served, automation), "tls_connection_policies": [{}]},
    }


def _server(port: int, routes: list[dict[str, Any]], automation: dict[str, Any]) -> dict[str, Any]:
    """Return a server that counts its requests. No HTTP/3: its port, 443/udp, isn't published."""
    listens = {"listen": [f":{port}"], "protocols": ["h1", "h2"]}
    return {**listens, "routes": routes, "automatic_https": automation, "metrics": {}}


_NOT_FOUND = {
    "handle": [{"handler": "static_response", "status_code": 404, "body": "No route leads here.\n"}],
}
_METRICS = {
    "listen": [f":{METRICS}"],
    "protocols": ["h1"],
    "automatic_https": NO_AUTOMATION,
    "routes": [
        {"match": [{"path": ["/metrics"]}], "handle": [{"handler": "metrics"}]},
        {"match": [{"path": [HEALTH]}], "handle": [{"handler": "static_response", "status_code": 200}]},
        _NOT_FOUND,
    ],
}


def _route(spec: IngressSpec, service: str, route: RouteSpec) -> dict[str, Any]:
    fits: dict[str, Any] = {"host": [route.host]} if route.host else {}
    if route.path != "/":
        fits["path"] = [route.path, f"{route.path}/*"]
    rewrite = [{"handler": "rewrite", "strip_path_prefix": route.path}] if route.strip_path else []
    return {
        **({"match": [fits]} if fits else {}),
        "handle": [*rewrite, _proxy(spec, service, route)],
        "terminal": True,
    }


def _proxy(spec: IngressSpec, service: str, route: RouteSpec) -> dict[str, Any]:
    """Return a proxy to the tasks that the engine's DNS names: those that pass their health check, and aren't stopping.

    A task is withdrawn there two seconds before it is asked to stop (moby, daemon/cluster/executor/container:
    defaultGossipConvergeDelay); names are asked for anew every second.
    """
    return {
        "handler": "reverse_proxy",
        "dynamic_upstreams": {"source": "a", "name": f"tasks.{service}", "port": str(route.port), "refresh": "1s"},
        "load_balancing": {
            "selection_policy": {"policy": "round_robin"},
            "try_duration": spec.try_for,
            "try_interval": "250ms",
            "retry_match": [{"method": REPEATABLE}],
        },
        "health_checks": {"passive": {"fail_duration": "5s", "max_fails": 3}},
        "transport": {"protocol": "http", "dial_timeout": "2s", "response_header_timeout": route.timeout},
    }


def _certificates(tls: TlsSpec) -> dict[str, Any]:
    if tls.files:
        files = [_files(place) for place in tls.key_pairs()]
        return {"tls": {"certificates": {"load_files": files}}}
    if tls.ca:
        root = {"root": _pair("ca"), "install_trust": False, "name": "own"}
        issuer: dict[str, Any] = {"module": "internal", "ca": "own"}
        return {"tls": _issued_by(issuer), "pki": {"certificate_authorities": {"own": root}}}
    return {"tls": _issued_by(_acme(tls))}


def _acme(tls: TlsSpec) -> dict[str, Any]:
    issuer: dict[str, Any] = {"module": "acme"}
    if tls.acme:
        issuer["email"] = tls.acme.email
        issuer |= {"ca": tls.acme.ca} if tls.acme.ca else {}
        issuer |= {"trusted_roots_pem_files": [TRUST]} if tls.acme.trust else {}
    return issuer


def _issued_by(issuer: dict[str, Any]) -> dict[str, Any]:
    return {"automation": {"policies": [{"issuers": [issuer]}]}}


def _files(place: str) -> dict[str, str]:
    pair = _pair(place)
    return {"certificate": pair["certificate"], "key": pair["private_key"]}


def _pair(place: str) -> dict[str, str]:
    return {"certificate": secret_file(place, "certificate"), "private_key": secret_file(place, "key")}


def secret_file(place: str, field: str) -> str:
    """Return where a secret lies in the container. `place`: its pair's path below `tls`."""
    return f"{SECRETS}/{place}.{field}"
