"""The cluster's fields, and what it counts."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from tests.specs import stack
from tests.unit.spec.judging import accepted, refused


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a"),
        ("name", "a" * 40),
        ("overlay_prefix", 16),
        ("overlay_prefix", 29),
        ("data_path_port", 1024),
        ("data_path_port", 49151),
        ("overlay_pool", ["10.200.0.0/16", "10.201.0.0/24"]),
    ],
)
def test_a_value_at_its_bound_is_taken(field: str, value: object) -> None:
    assert accepted(f"cluster.{field}", value)


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("name", "Shop", "pattern"),
        ("name", "shop_1", "pattern"),
        ("name", "", "pattern"),
        ("name", "a" * 64, "pattern"),
        ("pools", {}, "at least 1 item"),
        ("pools", None, "is missing"),
        ("overlay_prefix", 15, "greater than or equal to 16"),
        ("overlay_prefix", 30, "less than or equal to 29"),
        ("data_path_port", 1023, "greater than or equal to 1024"),
        ("data_path_port", 49152, "less than or equal to 49151"),
        ("overlay_pool", [], "at least 1 item"),
    ],
)
def test_a_value_beyond_its_bound_is_refused_at_its_path(field: str, value: object, found: str) -> None:
    assert found in refused(f"cluster.{field}", value)


def test_a_range_that_is_none_is_named_by_its_place() -> None:
    assert "IPv4 network" in refused("cluster.overlay_pool", ["10.200.0.0/16", "10.201.0.1/16"], below="1")


def test_the_default_range_is_apart_from_dockers_own() -> None:
    [default] = stack().cluster.overlay_pool
    assert not any(default.overlaps(IPv4Network(own)) for own in ("172.17.0.0/16", "172.16.0.0/12", "10.0.0.0/16"))


def test_nodes_are_counted_by_role_over_all_pools() -> None:
    pool = {"role": "worker", "count": 4, "cpus": 1, "memory": "1 GiB", "first_address": "10.20.0.51"}
    cluster = stack({"cluster.pools.more": pool}).cluster
    assert (cluster.count("manager"), cluster.count("worker")) == (3, 6)


def test_a_cluster_has_a_name_of_its_own_only_when_given() -> None:
    assert stack({"cluster.name": None}).cluster.name == "longshore"
