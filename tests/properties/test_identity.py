"""Invariants of node identity, for any valid stack and any valid change of it."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from components import names
from components.interfaces import interfaces
from components.names import NodeIdentity
from spec.contradictions import contradictions
from spec.stack import StackSpec
from spec.target import as_vsphere
from tests.specs import stack

SUBNET = "10.20.0.{}"
ROLES = {"a": "manager", "b": "worker", "c": "worker"}
hosts = st.integers(min_value=1, max_value=254)


@st.composite
def pools(draw: st.DrawFn, tame: bool) -> dict[str, Any]:
    """Draw pools: counted or listed addresses, generations, zones. Tame ones are valid together, others may not be."""
    found = {}
    for block, name in enumerate(sorted(draw(st.sets(st.sampled_from(["b", "c"]))) | {"a"})):
        own = st.integers(block * 80 + 2, block * 80 + 74) if tame else st.integers(0, 255)
        count = draw(st.sampled_from([1, 3, 5]) if ROLES[name] == "manager" else st.integers(0, 6))
        pool: dict[str, Any] = {"role": ROLES[name], "count": count, "cpus": 1, "memory": "1 GiB"}
        if draw(st.booleans()):
            pool["first_address"] = SUBNET.format(draw(own))
        else:
            fewest = max(count, 1) if tame else 0
            listed = draw(st.lists(own, min_size=fewest, max_size=fewest + 3, unique=tame))
            pool["addresses"] = [SUBNET.format(last) for last in listed]
        pool["generation"] = draw(st.integers(1, 3))
        numbers = st.integers(1, max(count, 1) if tame else 9)
        pool["generations"] = draw(st.dictionaries(numbers, st.integers(1, 3), max_size=count if tame else 3))
        pool["zones"] = draw(st.sampled_from([[], ["north"], ["north", "south"]]))
        found[name] = pool
    return found


def with_pools(drawn: dict[str, Any]) -> StackSpec:
    return stack({"cluster.pools": drawn, "target.zones": {"north": {}, "south": {}}, "services": {}})


stacks = pools(tame=False).map(with_pools)
valid_stacks = pools(tame=True).map(with_pools)


def dumped(spec: StackSpec) -> dict[str, Any]:
    values: dict[str, Any] = spec.cluster.model_dump(mode="json")["pools"]
    return values


def by_name(spec: StackSpec) -> dict[str, NodeIdentity]:
    return {node.name: node for node in names.nodes(spec.cluster)}


@given(stacks)
def test_what_is_not_refused_uses_no_address_twice_and_leaves_no_node_without(spec: StackSpec) -> None:
    found = [node.address for node in names.nodes(spec.cluster)]
    taken = {spec.target.network.gateway, spec.target.network.cidr[0], spec.target.network.cidr[-1]}
    sound = len(set(found)) == len(found) and not taken & set(found)
    sound = sound and all(address and address in spec.target.network.cidr for address in found)
    assert sound or contradictions(spec)


@given(valid_stacks)
def test_a_sound_stack_is_not_refused(spec: StackSpec) -> None:
    assert contradictions(spec) == []
    assert len(by_name(spec)) == sum(pool.count for pool in spec.cluster.pools.values())
    for node in names.nodes(spec.cluster):
        assert [each.address for each in interfaces(node, as_vsphere(spec.target))] == [node.address]


@given(valid_stacks, valid_stacks)
def test_a_node_of_both_has_the_same_name_pool_and_number(old: StackSpec, new: StackSpec) -> None:
    before, after = by_name(old), by_name(new)
    for name in before.keys() & after.keys():
        assert (before[name].pool_name, before[name].number) == (after[name].pool_name, after[name].number)
    for pool in old.cluster.pools.keys() & new.cluster.pools.keys():
        common = min(old.cluster.pools[pool].count, new.cluster.pools[pool].count)
        assert {f"shop-{pool}-{number}" for number in range(1, common + 1)} <= before.keys() & after.keys()


@given(valid_stacks, st.integers(0, 6))
def test_scaling_moves_and_replaces_nobody(old: StackSpec, count: int) -> None:
    pools = dumped(old)
    pools["a"]["count"] = count
    new = with_pools(pools)
    before, after = by_name(old), by_name(new)
    for name in before.keys() & after.keys():
        for fact in ("address", "generation", "zone"):
            assert getattr(before[name], fact) == getattr(after[name], fact)
    gone = {before[name].number for name in before.keys() - after.keys()}
    assert not gone or min(gone) == count + 1


@given(valid_stacks, st.integers(1, 3))
def test_raising_a_generation_moves_no_address(old: StackSpec, by: int) -> None:
    pools = dumped(old)
    pools["a"]["generations"] = {str(number): 3 + by for number in range(1, pools["a"]["count"] + 1)}
    new = with_pools(pools)
    before, after = by_name(old), by_name(new)
    assert before.keys() == after.keys()
    for name in before:
        assert before[name].address == after[name].address
        raised = after[name].generation > before[name].generation
        assert raised == (before[name].pool_name == "a")


@given(st.lists(hosts, min_size=1, max_size=6), st.integers(0, 255))
def test_a_listed_address_is_the_nodes_own_whatever_follows(listed: list[int], more: int) -> None:
    def addresses(values: list[int]) -> list[IPv4Address]:
        pool = {"role": "worker", "count": len(listed), "cpus": 1, "memory": "1 GiB"}
        spec = stack({"cluster.pools.workers": pool | {"addresses": [SUBNET.format(last) for last in values]}})
        return spec.cluster.pools["workers"].node_addresses()

    assert addresses(listed) == addresses([*listed, more])
