"""The ingress as a service: where it runs, what it may, what it mounts; and who is told of its ports and image."""

from __future__ import annotations

from typing import Any

import pytest

from components.ingress import with_ingress
from components.ports import matrix
from components.services import published
from spec.service import ServiceSpec
from spec.stack import StackSpec
from tests.specs import stack
from tests.unit.components.stacks import recorded

EDGE: dict[str, Any] = {"image": "registry.test/caddy:2.6", "constraints": ["node.role == worker"]}
BASE: dict[str, Any] = {
    "services.web.ports": [],
    "services.web.routes": [{"host": "shop.test", "port": 8080}],
    "ingress": EDGE,
}
PAIR = {"certificate": "cert", "key": "key"}


def made(ingress: dict[str, Any] | None = None, **changes: Any) -> ServiceSpec:
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return with_ingress(stack({**BASE, "ingress": {**EDGE, **(ingress or {})}, **named})).services["ingress"]


def test_a_stack_without_one_stays_as_it_is() -> None:
    spec = stack()
    assert with_ingress(spec) is spec


def test_it_runs_once_on_each_node_that_fits_with_the_nodes_own_ports() -> None:
    service = made()
    assert (service.mode, service.endpoint_mode, service.constraints) == ("global", "dnsrr", ("node.role == worker",))
    assert [(each.target, each.published, each.mode) for each in service.ports] == [(80, 80, "host")]
    assert not service.has_gapless_update


def test_it_may_bind_low_ports_and_nothing_else() -> None:
    service = made()
    assert (service.cap_drop, service.cap_add, service.read_only) == (("ALL",), ("NET_BIND_SERVICE",), True)
    assert service.limits.memory == 256 * 1024**2
    assert made({"limits": {"cpus": 1}}).limits.cpus == 1


def test_it_joins_the_first_network_of_each_service_with_routes_once() -> None:
    more: dict[str, Any] = {
        "networks.front": {},
        "networks.dark": {},
        "services.api": {"image": "a:1", "networks": ["front", "dark"], "routes": [{"path": "/api", "port": 1}]},
        "services.job": {"image": "a:1", "networks": ["dark"]},
        "services.old": {"image": "a:1", "networks": ["backend"], "routes": [{"path": "/old", "port": 1}]},
    }
    assert made(**{key.replace(".", "__"): value for key, value in more.items()}).networks == ("backend", "front")


@pytest.mark.parametrize(
    ("tls", "files", "storage"),
    [
        (None, [], "tmpfs"),
        ({"ca": PAIR}, ["ca.certificate", "ca.key"], "tmpfs"),
        (
            {"files": [PAIR, PAIR]},
            ["files.0.certificate", "files.0.key", "files.1.certificate", "files.1.key"],
            "tmpfs",
        ),
        ({"acme": {"email": "a@b"}}, [], "volume"),
        ({"acme": {"email": "a@b", "share": {"server": "nfs", "path": "/acme"}}}, [], "nfs"),
    ],
)
def test_it_mounts_what_its_certificates_come_from(tls: dict[str, Any] | None, files: list[str], storage: str) -> None:
    service = made({"tls": tls})
    assert [each.target for each in service.secrets] == [f"/run/secrets/ingress/{each}" for each in files]
    assert [(each.kind, each.target) for each in service.mounts] == [(storage, "/data")]
    assert [each.published for each in service.ports] == ([80, 443] if tls else [80])


def test_an_acme_servers_own_root_is_a_config() -> None:
    service = made({"tls": {"acme": {"email": "a@b", "ca": "https://ca.test/dir", "trust": "site"}}})
    assert [(each.source, each.target) for each in service.configs] == [
        ("ingress", "/etc/caddy/longshore.json"),
        ("site", "/etc/caddy/acme-root.pem"),
    ]


def test_its_ports_are_among_the_published_and_in_the_matrix() -> None:
    spec = stack({**BASE, "ingress": {**EDGE, "ports": {"metrics": 9180}}, "access": {"clients": ["10.0.0.0/8"]}})
    assert published(spec)["ingress"] == [80, 9180]
    flows = {(flow.source.name, flow.target.name, flow.port) for flow in matrix(spec) if flow.published}
    assert flows == {("clients", "workers", 80), ("operators", "workers", 9180)}
    assert matrix(stack()) == matrix(with_ingress(stack()))


@pytest.mark.parametrize(
    ("ca", "row"), [(None, ("ACME Let's Encrypt", 443)), ("https://ca.test:9000/dir", ("ACME ca.test", 9000))]
)
def test_who_certifies_is_reached(ca: str | None, row: tuple[str, int]) -> None:
    acme = {"email": "a@b", **({"ca": ca} if ca else {})}
    flows = matrix(stack({**BASE, "ingress": {**EDGE, "tls": {"acme": acme}}}))
    assert row in {(flow.target.name, flow.port) for flow in flows}


def test_its_image_comes_from_a_registry_too() -> None:
    spec = stack({**BASE, "ingress": {**EDGE, "image": "edge.test/caddy:2"}})
    assert "registry edge.test" in {flow.target.name for flow in matrix(spec)}


def config_of(changes: dict[str, Any]) -> str:
    content = with_ingress(stack(changes)).configs["ingress"].content
    assert content
    return content


def test_another_route_is_another_config_and_another_replica_is_not() -> None:
    before = config_of(BASE)
    assert config_of({**BASE, "services.web.replicas": 3}) == before
    assert config_of({**BASE, "services.web.routes": [{"host": "shop.test", "port": 8081}]}) != before


def test_it_is_deployed_as_a_service_with_a_config_and_waited_for() -> None:
    recording = recorded(BASE)
    kinds = [urn.split("::")[2].rsplit("$", 1)[-1] for urn in recording.urns if urn.endswith("::ingress")]
    assert sorted(kinds) == ["docker:index/service:Service", "swarm:index:Config"]
    sent = recording.inputs["ingress"]
    assert sent["mode"] == {"global": True}
    assert sent["updateConfig"]["order"] == "stop-first"
    assert sent["updateConfig"]["failureAction"] == "rollback"
    assert "ingress-ready" in recording.types


def test_the_spec_it_was_made_of_is_untouched() -> None:
    spec: StackSpec = stack(BASE)
    with_ingress(spec)
    assert set(spec.services) == {"web"}
