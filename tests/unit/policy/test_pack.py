"""The policies as the engine meets them: over gRPC's own types, with values that aren't known yet."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyCustomTimeouts,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import _NotApplicableError
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from policy.docker import SERVICE
from policy.infrastructure import CLUSTER, NODE, VOLUME
from policy.pack import Pack, plain, ports_of
from policy.rule import ADVISORY, MANDATORY, OFF, POLICIES, UNKNOWN

SERVICES = '{"web": {"ports": [{"target": 8080, "published": 80}]}}'


def pack_of(stack: str, services: str = "") -> dict[str, Policy]:
    pack = Pack()
    pack.bind(stack, {"longshore:services": services} if services else {})
    return {policy.name: policy for policy in pack.policies}


PACK = pack_of("prod", SERVICES)


def options(protect: bool = False) -> PolicyResourceOptions:
    return PolicyResourceOptions(protect, [], None, [], PolicyCustomTimeouts(0, 0, 0), [], "")


def judged(policy: str, kind: str, props: dict[str, Any], protect: bool = False, **config: Any) -> list[str]:
    found: list[str] = []

    def report(message: str, urn: str | None = None) -> None:
        assert urn is None
        found.append(message)

    args = ResourceValidationArgs(
        kind, unknown_checking_proxy(props), f"urn::{kind}", "x", options(protect), None, config
    )
    chosen = PACK[policy]
    assert isinstance(chosen, ResourceValidationPolicy)
    chosen.validate(args, report)
    return found


def resource(kind: str, name: str, props: dict[str, Any]) -> PolicyResource:
    return PolicyResource(kind, unknown_checking_proxy(props), f"urn::{name}", name, options(), None, None, [], {})


def test_it_holds_every_policy() -> None:
    assert set(PACK) == set(POLICIES)
    assert all(policy.description == POLICIES[name].title for name, policy in PACK.items())


@pytest.mark.parametrize(
    ("stack", "level"),
    [
        ("dev", EnforcementLevel.ADVISORY),
        ("lab", EnforcementLevel.ADVISORY),
        ("staging", EnforcementLevel.MANDATORY),
        ("prod", EnforcementLevel.MANDATORY),
        ("customer-7", EnforcementLevel.MANDATORY),
    ],
)
def test_the_stack_decides_how_binding_a_policy_is(stack: str, level: EnforcementLevel) -> None:
    found = pack_of(stack)
    assert found["image-pinned"].enforcement_level is level
    assert found["not-privileged"].enforcement_level is EnforcementLevel.MANDATORY


def test_before_the_stack_is_known_it_is_taken_for_production() -> None:
    assert {policy.name: policy.enforcement_level for policy in Pack().policies} == {
        name: policy.enforcement_level for name, policy in PACK.items()
    }


def test_every_level_is_one_of_pulumis() -> None:
    assert {EnforcementLevel(each) for each in (OFF, ADVISORY, MANDATORY)}


@pytest.mark.parametrize(("config", "refused"), [({}, 2), ({"ports": []}, 2), ({"ports": [81.0]}, 1)])
def test_ports_may_be_declared_by_the_packs_configuration(config: dict[str, Any], refused: int) -> None:
    props = {"endpointSpec": {"ports": [{"publishedPort": each} for each in (80.0, 81.0, 82.0)]}}
    assert len(judged("ports-declared", SERVICE, props, **config)) == refused


def test_without_any_declaration_a_numbered_port_is_fine() -> None:
    chosen = next(policy for policy in Pack().policies if policy.name == "ports-declared")
    assert isinstance(chosen, ResourceValidationPolicy)
    props = unknown_checking_proxy({"endpointSpec": {"ports": [{"publishedPort": 81}, {}]}})
    found: list[str] = []
    args = ResourceValidationArgs(SERVICE, props, "urn:pulumi:prod::shop::a::b", "web", options(), None)

    def report(message: str, urn: str | None = None) -> None:
        found.append(f"{message}{urn or ''}")

    chosen.validate(args, report)
    (message,) = found
    assert message.startswith("publishes a port without a number")


def test_a_resource_is_judged_with_its_options_and_the_declared_ports() -> None:
    assert judged("data-protected", VOLUME, {}) == [f"holds data and is not protected: {PACK_FIX}"]
    assert judged("data-protected", VOLUME, {}, protect=True) == []
    published = {"endpointSpec": {"ports": [{"publishedPort": 80.0}, {"publishedPort": 81.0}]}}
    (message,) = judged("ports-declared", SERVICE, published)
    assert "port 81," in message


PACK_FIX = POLICIES["data-protected"].fix


def test_what_is_not_known_yet_is_not_judged() -> None:
    assert judged("image-pinned", SERVICE, {"taskSpec": {"containerSpec": {"image": UNKNOWN_STRING_VALUE}}}) == []
    assert judged("limits-set", SERVICE, {"taskSpec": UNKNOWN_STRING_VALUE}) == []


def test_a_policy_does_not_count_where_it_does_not_apply() -> None:
    with pytest.raises(_NotApplicableError):
        judged("image-pinned", VOLUME, {})


def test_managers_are_counted_over_the_whole_stack() -> None:
    found: list[tuple[str, str | None]] = []

    def report(message: str, urn: str | None = None) -> None:
        found.append((message, urn))

    chosen = PACK["managers-odd"]
    assert isinstance(chosen, StackValidationPolicy)
    nodes = [resource(NODE, f"m{n}", {"role": "manager"}) for n in (1, 2)]
    args = StackValidationArgs([resource(CLUSTER, "shop", {}), *nodes])
    chosen.validate(args, report)
    ((message, urn),) = found
    assert message.startswith("has 2 managers")
    assert urn == "urn::shop"


def test_properties_become_plain_values() -> None:
    given = {"a": [1, UNKNOWN_STRING_VALUE, {"b": UNKNOWN_STRING_VALUE}], "c": "text", "d": None}
    assert plain(unknown_checking_proxy(given)) == {"a": [1, UNKNOWN, {"b": UNKNOWN}], "c": "text", "d": None}


@pytest.mark.parametrize(
    ("services", "ports"),
    [
        ({}, set()),
        ({"web": {"image": "w"}}, set()),
        ({"web": {"ports": [{"target": 1, "published": 80}]}, "api": {"ports": [{"published": 81}]}}, {80, 81}),
        ({"web": {"ports": None}}, set()),
    ],
)
def test_declared_ports_come_from_the_stack_file(services: dict[str, Any], ports: set[int]) -> None:
    assert ports_of(services) == ports


@pytest.mark.parametrize(
    ("ingress", "ports"),
    [
        ({}, {80}),
        ({"ports": {"http": 8080, "https": 8443, "metrics": 9180}}, {8080, 9180}),
        ({"tls": {"files": [{"certificate": "a", "key": "b"}]}}, {80, 443}),
    ],
)
def test_the_ingress_declares_its_ports_too(ingress: dict[str, Any], ports: set[int]) -> None:
    assert ports_of({}, {"image": "caddy:2", **ingress}) == ports
    assert ports_of({"web": {"ports": [{"published": 81}]}}, {"image": "caddy:2", **ingress}) == {81, *ports}


def test_a_port_of_the_ingress_is_no_violation_and_any_other_is() -> None:
    pack = Pack()
    pack.bind("prod", {"longshore:services": "{}", "longshore:ingress": '{"image": "caddy:2"}'})
    assert pack._declared({}) == frozenset({80})
    pack.bind("prod", {"longshore:services": "{}"})
    assert pack._declared({}) == frozenset()
