"""The address plan: no overlap goes unseen, and every proposal is free."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.ranges import PRIVATE, free_range, ingress, ranges, ranges_do_not_overlap
from tests.specs import stack


def problems(changes: dict[str, Any]) -> list[str]:
    return [f"{each.path}: {each.found} -> {each.fix}" for each in ranges_do_not_overlap(stack(changes))]


def test_the_plan_names_every_range() -> None:
    spec = stack({"site_ranges": {"offices": "10.9.0.0/16"}})
    assert {each.path: str(each.network) for each in ranges(spec)} == {
        "target.network.cidr": "10.20.0.0/24",
        "site_ranges.offices": "10.9.0.0/16",
        "networks.backend.subnet": "10.30.0.0/24",
        "cluster.overlay_pool": "10.200.0.0/16",
        "engine.address_pools.0.base": "172.17.0.0/16",
    }


def test_a_plan_without_overlaps_has_no_problem() -> None:
    assert problems({"site_ranges": {"offices": "10.9.0.0/16", "lab": "192.168.0.0/16"}}) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"site_ranges": {"vpn": "10.200.64.0/18"}}, "cluster.overlay_pool: 10.200.0.0/16 overlaps site_ranges.vpn"),
        ({"site_ranges": {"b": "172.16.0.0/12"}}, "engine.address_pools.0.base: 172.17.0.0/16 overlaps site_ranges.b"),
        ({"site_ranges": {"dmz": "10.30.0.0/16"}}, "networks.backend.subnet: 10.30.0.0/24 overlaps site_ranges.dmz"),
        ({"site_ranges": {"dmz": "10.20.0.128/25"}}, "site_ranges.dmz: 10.20.0.128/25 overlaps target.network.cidr"),
        (
            {"target.network.cidr": "172.17.5.0/24"},
            "engine.address_pools.0.base: 172.17.0.0/16 overlaps target.network.cidr",
        ),
        (
            {"engine.address_pools": [{"base": "10.30.0.0/16", "size": 24}]},
            "engine.address_pools.0.base: 10.30.0.0/16 overlaps networks.backend.subnet",
        ),
        (
            {"cluster.overlay_pool": ["10.200.0.0/16", "10.200.1.0/24"]},
            "cluster.overlay_pool: 10.200.1.0/24 overlaps cluster.overlay_pool (10.200.0.0/16)",
        ),
    ],
)  # fmt: skip
def test_an_overlap_names_both_ranges_and_a_free_one(changes: dict[str, Any], says: str) -> None:
    (problem,) = problems(changes)
    assert problem.startswith(says)
    proposal = IPv4Network(problem.rsplit("such as ", 1)[1])
    assert not [each for each in ranges(stack(changes)) if each.network.overlaps(proposal)]


def test_nodes_may_live_in_a_range_of_the_site_and_sites_in_each_other() -> None:
    assert problems({"site_ranges": {"servers": "10.20.0.0/16", "rack": "10.20.0.0/20"}}) == []


def test_a_site_that_fills_every_private_range_leaves_nothing_to_propose() -> None:
    site = {f"block-{index}": str(block) for index, block in enumerate(PRIVATE)}
    found = problems({"site_ranges": site})
    assert len(found) == 3
    assert all(each.endswith("make one of them smaller") for each in found)


def test_the_ingress_network_is_the_first_of_the_overlay_pool() -> None:
    assert str(ingress(stack())) == "10.200.0.0/24"
    wide = stack({"cluster.overlay_pool": ["10.64.0.0/28", "10.65.0.0/16"]})
    assert str(ingress(wide)) == "10.64.0.0/28"


networks = st.builds(
    lambda address, prefix: IPv4Network((address, prefix), strict=False),
    st.integers(min_value=0x0A000000, max_value=0x0AFFFFFF),
    st.integers(min_value=9, max_value=29),
)


@given(networks, st.lists(networks, max_size=12))
def test_a_proposal_is_as_large_private_and_free(wanted: IPv4Network, taken: list[IPv4Network]) -> None:
    found = free_range(wanted, taken)
    if found is not None:
        assert found.prefixlen == wanted.prefixlen
        assert found.is_private
        assert not any(found.overlaps(each) for each in taken)


@given(st.lists(networks, max_size=12))
def test_something_is_always_found_where_a_whole_block_is_free(taken: list[IPv4Network]) -> None:
    assert free_range(IPv4Network("172.20.0.0/16"), taken) is not None


@given(st.lists(networks, min_size=2, max_size=5))
def test_overlapping_networks_are_never_accepted(subnets: list[IPv4Network]) -> None:
    declared = {f"n{index}": {"subnet": str(subnet)} for index, subnet in enumerate(subnets)}
    spec = stack(
        {"networks": declared, "target.network.cidr": "192.168.0.0/24", "cluster.overlay_pool": ["192.168.64.0/18"]}
    )
    overlapping = any(a.overlaps(b) for index, a in enumerate(subnets) for b in subnets[:index])
    assert bool(list(ranges_do_not_overlap(spec))) is overlapping
