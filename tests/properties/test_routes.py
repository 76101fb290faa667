"""Whatever routes are declared, the configuration is whole, and each request goes where the rules say."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from components.caddy import configuration
from spec.ingress import IngressSpec
from spec.route import RouteSpec

HOSTS = (None, "*.test", "shop.test", "api.test", "*.shop.test", "a.shop.test")
PATHS = ("/", "/a", "/a/b", "/a/b/c", "/ab", "/A")
ASKED_HOSTS = ("shop.test", "api.test", "x.test", "a.shop.test", "b.shop.test", "elsewhere", "test")
ASKED_PATHS = ("/", "/a", "/a/", "/a/b", "/a/bc", "/a/b/c/d", "/ab", "/abc", "/A/B")

routes = st.lists(
    st.builds(
        lambda host, path, port: RouteSpec(host=host, path=path, port=port),
        st.sampled_from(HOSTS),
        st.sampled_from(PATHS),
        st.integers(1, 65535),
    ),
    max_size=12,
    unique_by=lambda route: route.match,
)
tls = st.sampled_from(
    [
        None,
        {"acme": {"email": "a@b"}},
        {"ca": {"certificate": "c", "key": "k"}},
        {"files": [{"certificate": "c", "key": "k"}]},
    ]
)


def fits_host(pattern: str | None, host: str) -> bool:
    if pattern is None:
        return True
    if not pattern.startswith("*."):
        return pattern == host
    first, _, rest = host.partition(".")
    return bool(first) and rest == pattern[2:]


def fits_path(pattern: str, path: str) -> bool:
    """As Caddy's path matcher has it: whole or with a star at its end, whatever the case."""
    pattern, path = pattern.lower(), path.lower()
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


def chosen(served: list[dict[str, Any]], host: str, path: str) -> Any:
    """Return the first route that fits, as Caddy does: its backend, or its status."""
    for route in served:
        sets = route.get("match", [{}])
        if any(
            ("host" not in each or any(fits_host(one, host) for one in each["host"]))
            and ("path" not in each or any(fits_path(one, path) for one in each["path"]))
            for each in sets
        ):
            last = route["handle"][-1]
            return last.get("status_code") or last["dynamic_upstreams"]["name"]
    return None


def wanted(named: list[tuple[str, RouteSpec]], host: str, path: str) -> Any:
    """Return who should answer, reckoned without any order: the best host, then the longest path."""

    def below(route: RouteSpec) -> bool:
        return route.path == "/" or (path.lower() + "/").startswith(route.path.lower() + "/")

    def rank(route: RouteSpec) -> tuple[int, int]:
        kind = 0 if route.host is None else 1 if route.host.startswith("*") else 2
        return kind, len(route.path)

    fitting = [(rank(route), name) for name, route in named if fits_host(route.host, host) and below(route)]
    return f"tasks.{max(fitting)[1]}" if fitting else 404


def served_by(made: dict[str, Any]) -> list[dict[str, Any]]:
    servers = made["apps"]["http"]["servers"]
    found: list[dict[str, Any]] = servers.get("https", servers["http"])["routes"]
    return found


@given(routes, tls, st.sampled_from(ASKED_HOSTS), st.sampled_from(ASKED_PATHS))
def test_every_request_goes_to_the_most_specific_route(
    declared: list[RouteSpec], source: Any, host: str, path: str
) -> None:
    named = [(f"s{number}", route) for number, route in enumerate(declared)]
    made = configuration(IngressSpec.model_validate({"image": "caddy:2", "tls": source}), named)
    assert chosen(served_by(made), host, path) == wanted(named, host, path)


@given(routes, st.randoms(use_true_random=False))
def test_the_order_of_declaration_changes_nothing(declared: list[RouteSpec], order: Any) -> None:
    named = [(f"s{number}", route) for number, route in enumerate(declared)]
    shuffled = list(named)
    order.shuffle(shuffled)
    spec = IngressSpec(image="caddy:2")
    assert configuration(spec, shuffled) == configuration(spec, named)


@given(routes, tls)
def test_it_is_plain_json_and_only_its_own_words_are_placeholders(declared: list[RouteSpec], source: Any) -> None:
    assume(declared)
    named = [(f"s{number}", route) for number, route in enumerate(declared)]
    made = configuration(IngressSpec.model_validate({"image": "caddy:2", "tls": source}), named)
    text = json.dumps(made)
    assert json.loads(text) == made
    assert text.count("{http.") == (2 if source else 0)
    assert len(served_by(made)) == len(declared) + 1
    assert "match" not in served_by(made)[-1]
