"""The target's fields: what each takes at its bounds, and what it says beyond them."""

from __future__ import annotations

from typing import Any

import pytest

from spec.subnet import Subnet
from spec.target import as_vsphere
from tests.unit.spec.judging import accepted, problems, refused


@pytest.mark.parametrize("minutes", [1, 60])
def test_the_wait_for_a_guest_is_one_minute_to_an_hour(minutes: int) -> None:
    assert as_vsphere(accepted("target.wait_for_guest_minutes", minutes).target).wait_for_guest_minutes == minutes


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("kind", "ec2", "'vsphere'"),
        ("server", "", "at least 1 character"),
        ("wait_for_guest_minutes", 0, "greater than or equal to 1"),
        ("wait_for_guest_minutes", 61, "less than or equal to 60"),
        ("allow_unverified_ssl", "perhaps", "valid boolean"),
        ("network.name", "", "at least 1 character"),
        ("network.cidr", "10.20.0.0/33", "valid IPv4 network"),
        ("network.cidr", "10.20.0.7/24", "valid IPv4 network"),
        ("network.gateway", "gateway", "valid IPv4 address"),
        ("network.dns", "10.20.0.1", "valid tuple"),
        ("password", {"a": "b"}, "must be an encrypted value"),
        ("password", None, "is missing"),
    ],
)
def test_what_it_does_not_take_is_refused_at_its_path(field: str, value: object, found: str) -> None:
    assert found in refused(f"target.{field}", value)


@pytest.mark.parametrize("index", [0, 1])
def test_a_wrong_dns_server_is_named_by_its_place(index: int) -> None:
    servers = ["10.20.0.1", "10.20.0.2"]
    servers[index] = "dns.example.com"
    assert "valid IPv4 address" in refused("target.network.dns", servers, below=str(index))


def test_extra_config_holds_texts_only() -> None:
    assert "valid string" in refused("target.extra_config", {"RUN.mountdmi": False}, below="RUN.mountdmi")


@pytest.mark.parametrize(
    "field", ["kind", "server", "user", "datacenter", "cluster", "datastore", "template", "network"]
)
def test_what_nobody_can_guess_must_be_given(field: str) -> None:
    assert refused(f"target.{field}", None) == "is missing"


def test_defaults_are_safe() -> None:
    target = as_vsphere(accepted("target.user", "svc").target)
    assert target.allow_unverified_ssl is False
    assert target.resource_pool is target.folder is None
    assert target.extra_config == {}
    assert (target.wait_for_guest_minutes, target.wait_for_routable) == (10, True)


def test_a_subnet_without_dns_is_one() -> None:
    subnet = Subnet.model_validate({"name": "app", "cidr": "10.0.0.0/8", "gateway": "10.0.0.1"})
    assert subnet.dns == ()


@pytest.mark.parametrize(
    ("gateway", "good"),
    [
        ("10.20.0.1", True),
        ("10.20.0.254", True),
        ("10.20.0.0", False),
        ("10.20.0.255", False),
        ("10.20.1.1", False),
        ("192.168.1.1", False),
    ],
)
def test_the_gateway_is_a_host_address_of_the_nodes_own_subnet(gateway: str, good: bool) -> None:
    found = problems({"target.network.gateway": gateway})
    assert [each.path for each in found] == ([] if good else ["target.network.gateway"])
    assert all(f"{gateway} is no host address of 10.20.0.0/24" in each.found for each in found)


def test_a_password_is_never_echoed() -> None:
    said: Any = problems({"target.password": ["hunter2"], "target.datastore": 5})
    assert len(said) == 2
    assert "hunter2" not in str(said)
