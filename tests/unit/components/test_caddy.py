"""Caddy's configuration: what a route becomes, in which order, and where certificates come from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.caddy import configuration, most_specific_first
from spec.ingress import IngressSpec
from spec.route import RouteSpec
from tests.conftest import Golden

SHOP = ("web", RouteSpec(host="shop.test", port=8080))
API = ("api", RouteSpec(host="shop.test", path="/api", port=81, strip_path=True, timeout="5s"))
REST = ("old", RouteSpec(port=82))
PAIR = {"certificate": "cert", "key": "key"}


def spec(**more: Any) -> IngressSpec:
    return IngressSpec.model_validate({"image": "caddy:2.6", **more})


def servers(given: IngressSpec, *routes: tuple[str, RouteSpec]) -> dict[str, Any]:
    found: dict[str, Any] = configuration(given, routes)["apps"]["http"]["servers"]
    return found


def test_the_whole_of_it(golden: Golden) -> None:
    given = spec(tls={"ca": PAIR}, ports={"https": 8443}, try_for="15s")
    golden.check("ingress.json", json.dumps(configuration(given, [REST, SHOP, API]), indent=2) + "\n")


def test_the_order_of_declaration_does_not_matter() -> None:
    assert configuration(spec(), [REST, SHOP, API]) == configuration(spec(), [API, REST, SHOP])
    assert most_specific_first([REST, SHOP, API]) == [API, SHOP, REST]


def test_a_path_has_what_lies_below_it_and_no_longer_name() -> None:
    [api, _] = servers(spec(), API)["http"]["routes"]
    assert api["match"] == [{"host": ["shop.test"], "path": ["/api", "/api/*"]}]
    assert api["handle"][0] == {"handler": "rewrite", "strip_path_prefix": "/api"}
    assert api["terminal"] is True


def test_a_route_for_everything_has_no_matcher() -> None:
    [rest, missing] = servers(spec(), REST)["http"]["routes"]
    assert "match" not in rest
    assert [each["handler"] for each in rest["handle"]] == ["reverse_proxy"]
    assert missing["handle"][0]["status_code"] == 404


def test_tasks_are_asked_for_every_second_and_only_harmless_requests_are_repeated() -> None:
    [api, _] = servers(spec(try_for="7s"), API)["http"]["routes"]
    proxy = api["handle"][1]
    assert proxy["dynamic_upstreams"] == {"source": "a", "name": "tasks.api", "port": "81", "refresh": "1s"}
    balancing = proxy["load_balancing"]
    assert balancing["try_duration"] == "7s"
    assert balancing["retry_match"] == [{"method": ["GET", "HEAD", "OPTIONS"]}]
    assert proxy["transport"]["response_header_timeout"] == "5s"


@pytest.mark.parametrize(("grace", "told"), [("30s", "28s"), ("1m", "58s"), ("2s", "1s"), ("500ms", "1s")])
def test_it_stops_before_it_is_killed(grace: str, told: str) -> None:
    assert configuration(spec(stop_grace=grace), [])["apps"]["http"]["grace_period"] == told


def test_nobody_can_change_it_from_outside_and_nothing_is_kept() -> None:
    made = configuration(spec(), [])
    assert made["admin"] == {"disabled": True, "config": {"persist": False}}


def test_without_tls_there_is_no_https() -> None:
    made = configuration(spec(), [SHOP])
    assert set(made["apps"]) == {"http"}
    assert set(servers(spec(), SHOP)) == {"http", "metrics"}


@pytest.mark.parametrize(("port", "shown"), [(443, ""), (8443, ":8443")])
def test_with_tls_plain_requests_are_sent_on(port: int, shown: str) -> None:
    [redirect] = servers(spec(tls={"ca": PAIR}, ports={"https": port}), SHOP)["http"]["routes"]
    [handler] = redirect["handle"]
    assert handler["status_code"] == 308
    assert handler["headers"]["Location"] == [f"https://{{http.request.host}}{shown}{{http.request.uri}}"]


def test_files_are_loaded_and_nothing_else_is_certified() -> None:
    given = spec(tls={"files": [PAIR]})
    files = configuration(given, [SHOP])["apps"]["tls"]["certificates"]["load_files"]
    assert files == [
        {
            "certificate": "/run/secrets/ingress/files.0.certificate",
            "key": "/run/secrets/ingress/files.0.key",
        }
    ]
    assert servers(given, SHOP)["https"]["automatic_https"] == {"disable": True}


def test_acme_is_told_whom_to_ask_and_whom_to_trust() -> None:
    def issuer(**acme: Any) -> Any:
        made = configuration(spec(tls={"acme": {"email": "ops@shop.test", **acme}}), [SHOP])
        [policy] = made["apps"]["tls"]["automation"]["policies"]
        return policy["issuers"]

    assert issuer() == [{"module": "acme", "email": "ops@shop.test"}]
    assert issuer(ca="https://ca.test/dir", trust="root") == [
        {
            "module": "acme",
            "email": "ops@shop.test",
            "ca": "https://ca.test/dir",
            "trusted_roots_pem_files": ["/etc/caddy/acme-root.pem"],
        }
    ]
