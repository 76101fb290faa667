"""Ingress and routes: what is right together, what isn't, where, and the way out."""

from __future__ import annotations

from typing import Any

import pytest

from spec.contradictions import contradictions
from spec.ingress import IngressSpec
from spec.route import RouteSpec
from tests.specs import services
from tests.unit.spec.judging import accepted, only, problems, refused

ROUTE = {"host": "shop.test", "port": 8080}
PAIR = {"certificate": "cert", "key": "key"}
ACME = {"email": "ops@shop.test"}
BASE: dict[str, Any] = {
    "services.web.ports": [],
    "services.web.routes": [ROUTE],
    "ingress": {"image": "caddy:2.6"},
}


def with_tls(tls: dict[str, Any], **changes: Any) -> dict[str, Any]:
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return {**BASE, "ingress": {"image": "caddy:2.6", "tls": tls, **named.pop("ingress", {})}, **named}


def test_an_ingress_with_a_route_is_fine_in_both_kinds_of_stack() -> None:
    assert problems(BASE) == []
    assert contradictions(services(BASE)) == []


def test_without_tls_the_https_port_is_closed() -> None:
    assert IngressSpec(image="caddy:2").published() == {"http": 80}
    full = {"image": "caddy:2", "tls": {"ca": PAIR}, "ports": {"http": 8080, "metrics": 9180}}
    assert IngressSpec.model_validate(full).published() == {"http": 8080, "https": 443, "metrics": 9180}


@pytest.mark.parametrize(
    "host", ["", "Shop.test", "shop.test.", "-a.test", "a..b", "*", "*test", "a.*.test", "{env.HOME}", "shop.test:80"]
)
def test_what_is_no_host_name_is_refused(host: str) -> None:
    assert problems({**BASE, "services.web.routes": [{**ROUTE, "host": host}]})


@pytest.mark.parametrize("path", ["", "api", "/api/", "//", "/a b", "/{x}", "/a*", "/a?b", "/%41"])
def test_what_is_no_plain_path_is_refused(path: str) -> None:
    assert problems({**BASE, "services.web.routes": [{**ROUTE, "path": path}]})


def test_a_route_without_an_ingress_leads_nowhere() -> None:
    problem = only({"services.web.routes": [ROUTE]})
    assert (problem.path, problem.fix) == ("services.web.routes", "declare longshore:ingress")


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ({}, {}, "shop.test with path /"),
        ({"path": "/api"}, {"path": "/API", "port": 1}, "shop.test with path /API"),
        ({"host": None}, {"host": None, "strip_path": True}, "any host with path /"),
    ],
)
def test_a_host_and_a_path_lead_to_one_service(first: dict[str, Any], second: dict[str, Any], shown: str) -> None:
    api = {"image": "api:1", "networks": ["backend"], "routes": [{**ROUTE, **second}]}
    problem = only({**BASE, "services.web.routes": [{**ROUTE, **first}], "services.api": api})
    assert problem.path == "services.api.routes.0"
    assert problem.found == f"{shown} leads to web already"


@pytest.mark.parametrize("other", [{"path": "/api"}, {"host": "*.test"}, {"host": None}, {"host": "a.shop.test"}])
def test_any_other_host_or_path_is_another_route(other: dict[str, Any]) -> None:
    assert problems({**BASE, "services.web.routes": [ROUTE, {**ROUTE, **other}]}) == []


def test_the_most_specific_route_comes_first() -> None:
    wanted = [
        ("a.test", "/x/y"),
        ("a.test", "/x"),
        ("a.test", "/"),
        ("*.test", "/zzzzzz"),
        (None, "/zzzzzzz"),
        (None, "/"),
    ]
    routes = [RouteSpec(host=host, path=path, port=1) for host, path in reversed(wanted)]
    assert [(each.host, each.path) for each in sorted(routes, key=lambda each: each.specificity)] == wanted


def test_a_routed_service_joins_a_network() -> None:
    problem = only({**BASE, "services.web.networks": []})
    assert problem.path == "services.web.networks"
    assert "the ingress reaches it in one" in problem.found


@pytest.mark.parametrize("kind", ["services", "configs"])
def test_the_ingress_has_its_name_for_itself(kind: str) -> None:
    value = {"image": "x:1"} if kind == "services" else {"content": "x"}
    assert only({**BASE, f"{kind}.ingress": value}).path == f"{kind}.ingress"
    assert problems({f"{kind}.ingress": value}) == []


@pytest.mark.parametrize(
    ("ports", "tls", "path", "owner"),
    [
        ({}, None, "http", "services.web"),
        ({"http": 81, "metrics": 81}, None, "metrics", "ingress.ports.http"),
        (
            {"http": 443},
            {"ca": {"certificate": "cache-password", "key": "cache-password"}},
            "https",
            "ingress.ports.http",
        ),
    ],
)
def test_its_ports_are_its_own(ports: dict[str, int], tls: Any, path: str, owner: str) -> None:
    problem = only(
        {
            **BASE,
            "ingress": {"image": "caddy:2", "ports": ports, "tls": tls},
            "services.web.ports": [{"target": 1, "published": 80}],
        }
    )
    assert problem.path == f"ingress.ports.{path}"
    assert f"is published by {owner} already" in problem.found


def test_a_closed_https_port_and_udp_are_in_nobodys_way() -> None:
    taken = [{"target": 1, "published": 443}, {"target": 2, "published": 80, "protocol": "udp"}]
    assert problems({**BASE, "services.web.ports": taken}) == []


@pytest.mark.parametrize(
    "tls", [{}, {"acme": ACME, "ca": PAIR}, {"ca": PAIR, "files": [PAIR]}, {"acme": {"email": "nobody"}}]
)
def test_certificates_come_from_exactly_one_source(tls: dict[str, Any]) -> None:
    assert problems(with_tls(tls))


@pytest.mark.parametrize(("tls", "place"), [({"ca": PAIR}, "ca"), ({"files": [PAIR]}, "files.0")])
def test_an_unknown_secret_is_named(tls: dict[str, Any], place: str) -> None:
    found = problems(with_tls(tls))
    assert [each.path for each in found] == [f"ingress.tls.{place}.certificate", f"ingress.tls.{place}.key"]
    assert found[0].fix == "declare it under longshore:secrets; declared: cache-password"
    assert problems(with_tls(tls, secrets={"cert": "c", "key": "k"}, services__web__secrets=[])) == []


def test_an_unknown_root_of_an_acme_server_is_named() -> None:
    acme = {**ACME, "ca": "https://ca.test/dir", "trust": "root", "share": {"server": "nfs", "path": "/acme"}}
    assert only(with_tls({"acme": acme})).path == "ingress.tls.acme.trust"


@pytest.mark.parametrize("tls", [{"acme": {**ACME, "share": {"server": "n", "path": "/p"}}}, {"ca": PAIR}])
def test_a_certificate_needs_a_name(tls: dict[str, Any]) -> None:
    nameless = with_tls(
        tls,
        secrets={"cert": "c", "key": "k"},
        services__web__secrets=[],
        services__web__routes=[{"port": 8080}],
    )
    assert only(nameless).path == "services.web.routes.0.host"


def test_a_wildcard_is_not_to_be_had_by_acme() -> None:
    acme = {**ACME, "share": {"server": "nfs", "path": "/acme"}}
    problem = only(with_tls({"acme": acme}, services__web__routes=[{**ROUTE, "host": "*.shop.test"}]))
    assert (problem.path, problem.fix) == ("services.web.routes.0.host", "use tls.files or tls.ca")


def test_acme_asks_at_the_usual_ports() -> None:
    acme = {**ACME, "share": {"server": "nfs", "path": "/acme"}}
    moved = {"ports": {"http": 8080, "https": 8443}}
    assert only(with_tls({"acme": acme}, ingress=moved)).path == "ingress.ports"
    for port in ({"http": 80, "https": 8443}, {"http": 8080, "https": 443}):
        assert problems(with_tls({"acme": acme}, ingress={"ports": port})) == []


def test_several_ingresses_share_what_acme_gave() -> None:
    problem = only(with_tls({"acme": ACME}))
    assert problem.path == "ingress.tls.acme.share"
    assert "runs on 5 nodes" in problem.found
    for rule in ("node.labels.edge == yes", "node.hostname == shop-workers-1"):
        assert problems(with_tls({"acme": ACME}, ingress={"constraints": [rule]})) == []


def test_an_ingress_without_a_node_is_refused() -> None:
    nowhere = {"image": "caddy:2", "constraints": ["node.role == nobody"], "ports": {"http": 81}}
    found = refused("ingress", nowhere, "constraints")
    assert found == "node.role == nobody leaves no node of this cluster"
    accepted("ingress", {"image": "caddy:2", "constraints": ["node.role != manager"], "ports": {"http": 81}})


def test_a_platform_has_no_ingress() -> None:
    emptied: dict[str, Any] = {key: {} for key in ("networks", "configs", "secrets", "services")}
    assert only({**emptied, "layer": "platform", "ingress": {"image": "caddy:2"}}).path == "ingress"
