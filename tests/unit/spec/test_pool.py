"""A pool's fields: what each takes at its bounds, and what it says beyond them."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from spec.pool import PoolSpec
from tests.unit.spec.judging import accepted, refused

POOL = "cluster.pools.workers"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cpus", 1),
        ("cpus", 768),
        ("count", 200),
        ("memory", "1 MiB"),
        ("memory", "1.5 GiB"),
        ("disk", "1 GiB"),
        ("disk", "2 TiB"),
        ("generation", 1),
        ("availability", "pause"),
        ("availability", "drain"),
        ("anti_affinity", "hosts"),
        ("labels", {"zone": "a", "example.com/rack-2": ""}),
    ],
)
def test_a_value_at_its_bound_is_taken(field: str, value: object) -> None:
    assert field in accepted("cluster.pools.more", _pool(**{field: value})).cluster.pools["more"].model_fields_set


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("role", "boss", "'manager' or 'worker'"),
        ("count", -1, "greater than or equal to 0"),
        ("count", 1001, "less than or equal to 1000"),
        ("count", 2.5, "valid integer"),
        ("cpus", 0, "greater than or equal to 1"),
        ("cpus", 769, "less than or equal to 768"),
        ("memory", "4", "whole number of MiB"),
        ("memory", "4 GB", "whole number of MiB"),
        ("memory", "0 MiB", "whole number of MiB"),
        ("memory", "-4 GiB", "whole number of MiB"),
        ("memory", "4 GiB or so", "whole number of MiB"),
        ("disk", "1536 MiB", "whole number of GiB"),
        ("disk", "100 MiB", "whole number of GiB"),
        ("first_address", "10.20.0", "valid IPv4 address"),
        ("first_address", "fd00::1", "valid IPv4 address"),
        ("availability", "off", "'active', 'pause' or 'drain'"),
        ("generation", 0, "greater than or equal to 1"),
        ("anti_affinity", "racks", "'none' or 'hosts'"),
        ("labels", [], "valid dictionary"),
    ],
)
def test_a_value_beyond_its_bound_is_refused_at_its_path(field: str, value: object, found: str) -> None:
    assert found in refused(f"{POOL}.{field}", value)


@pytest.mark.parametrize("key", ["", "a b", "-a", "a-", "é", "a:b", "zone=a"])
def test_a_label_that_no_constraint_could_name_is_refused(key: str) -> None:
    assert "pattern" in refused(f"{POOL}.labels", {key: "1"}, below=key)


def test_a_labels_value_is_a_text() -> None:
    assert "valid string" in refused(f"{POOL}.labels", {"rack": 2}, below="rack")


@pytest.mark.parametrize("name", ["Workers", "1st", "a_b", "-a", "a-", "a" * 64, ""])
def test_a_pools_name_is_a_dns_label(name: str) -> None:
    assert "pattern" in refused("cluster.pools", {"managers": _pool(role="manager"), name: _pool()}, below=name)


def test_addresses_count_up_over_the_end_of_a_byte() -> None:
    pool = PoolSpec.model_validate(_pool(first_address="10.0.0.254", count=3))
    assert pool.node_addresses() == [IPv4Address("10.0.0.254"), IPv4Address("10.0.0.255"), IPv4Address("10.0.1.0")]
    assert pool.address(3) == pool.node_addresses()[-1]


def test_a_pool_of_none_has_no_addresses() -> None:
    assert PoolSpec.model_validate(_pool(count=0)).node_addresses() == []


def test_a_pool_that_runs_past_the_last_address_is_refused_without_a_traceback() -> None:
    found = refused(POOL, _pool(first_address="255.255.255.254", count=3))
    assert found == "has no addresses left above first_address for so many nodes"
    assert PoolSpec.model_validate(_pool(first_address="255.255.255.254", count=2)).node_addresses()[-1].is_reserved


def _pool(**changes: object) -> dict[str, object]:
    known: dict[str, object] = {
        "role": "worker",
        "count": 1,
        "cpus": 1,
        "memory": "1 GiB",
        "first_address": "10.20.0.41",
    }
    return known | changes
