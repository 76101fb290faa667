"""Invariants of node identity, for any pools."""

from __future__ import annotations

from ipaddress import IPv4Address

from hypothesis import given
from hypothesis import strategies as st

from components import names
from spec.cluster import ClusterSpec

counts = st.integers(min_value=0, max_value=20)


def cluster(managers: int, workers: int) -> ClusterSpec:
    size = {"cpus": 1, "memory": "1 GiB"}
    return ClusterSpec.model_validate(
        {
            "name": "c",
            "pools": {
                "m": {"role": "manager", "count": managers, "first_address": "10.0.0.10", **size},
                "w": {"role": "worker", "count": workers, "first_address": "10.0.1.10", **size},
            },
        }
    )


def identities(managers: int, workers: int) -> dict[str, IPv4Address | None]:
    return {node.name: node.address for node in names.nodes(cluster(managers, workers))}


@given(counts, counts)
def test_names_and_addresses_are_unique(managers: int, workers: int) -> None:
    found = identities(managers, workers)
    assert len(found) == len(set(found.values())) == managers + workers


@given(counts, counts, counts)
def test_scaling_renumbers_nothing(managers: int, before: int, after: int) -> None:
    old, new = identities(managers, before), identities(managers, after)
    common = old.keys() & new.keys()
    assert len(common) == managers + min(before, after)
    assert all(old[name] == new[name] for name in common)
