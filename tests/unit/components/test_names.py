"""Names and addresses of nodes: derived in one place, from pool and number alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import names
from spec.cluster import ClusterSpec

POOLS = st.dictionaries(
    st.from_regex(r"[a-z]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True),
    st.tuples(st.sampled_from(["manager", "worker"]), st.integers(0, 12)),
    min_size=1,
    max_size=6,
)


def cluster(pools: dict[str, tuple[str, int]]) -> ClusterSpec:
    size: dict[str, Any] = {"cpus": 1, "memory": "1 GiB"}
    return ClusterSpec.model_validate(
        {
            "name": "c",
            "pools": {
                name: {"role": role, "count": count, "first_address": f"10.0.{index}.10", **size}
                for index, (name, (role, count)) in enumerate(pools.items())
            },
        }
    )


@given(POOLS)
def test_no_two_nodes_share_a_name_whatever_the_pools_are_called(pools: dict[str, tuple[str, int]]) -> None:
    found = [node.name for node in names.nodes(cluster(pools))]
    assert len(found) == len(set(found)) == sum(count for _, count in pools.values())


@given(POOLS)
def test_managers_come_first_and_each_pool_counts_up(pools: dict[str, tuple[str, int]]) -> None:
    nodes = list(names.nodes(cluster(pools)))
    roles = [node.pool.role for node in nodes]
    assert roles == sorted(roles)
    for name in pools:
        mine = [node for node in nodes if node.pool_name == name]
        assert [node.name for node in mine] == [f"c-{name}-{number}" for number in range(1, len(mine) + 1)]
        assert [node.address for node in mine] == sorted(node.address for node in mine if node.address)


@given(POOLS, st.data())
def test_a_pool_more_or_less_renames_nothing(pools: dict[str, tuple[str, int]], data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(pools)), min_size=1))
    all_of_them = {node.name: node.pool_name for node in names.nodes(cluster(pools))}
    some = {node.name for node in names.nodes(cluster({name: pools[name] for name in pools if name in kept}))}
    assert some == {name for name, pool in all_of_them.items() if pool in kept}


@given(POOLS)
def test_the_same_cluster_gives_the_same_nodes(pools: dict[str, tuple[str, int]]) -> None:
    assert list(names.nodes(cluster(pools))) == list(names.nodes(cluster(pools)))


@pytest.mark.parametrize(("project", "stack"), [("longshore", "dev"), ("longshore", "prod"), ("shop", "dev")])
def test_a_stacks_folder_is_its_own(project: str, stack: str) -> None:
    assert names.folder(project, stack) == f"{project}-{stack}"
