"""What is said of overlay traffic that does not get through: the cause, the directions, and a way out."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.swarm.overlay import FEW, Cause, Direction, Fault, Heard, faults, summary
from tests.unit.providers.paths import ALL

NODES = ["a", "b", "c"]


def heard(lost: dict[Direction, set[str]], nodes: list[str] = NODES) -> Heard:
    directions = itertools.permutations(nodes, 2)
    return Heard(4789, 1450, {each: frozenset(ALL) - lost.get(each, set()) for each in directions})


def only(lost: dict[Direction, set[str]], nodes: list[str] = NODES) -> Fault:
    found = faults(heard(lost, nodes))
    assert len(found) == 1
    return found[0]


def test_nothing_lost_is_no_fault() -> None:
    assert faults(heard({})) == []


def test_nothing_that_arrives_means_a_filter() -> None:
    fault = only({("a", "b"): set(ALL), ("c", "b"): set(ALL), ("b", "a"): {"stream"}, ("b", "c"): {"stream"}})
    assert fault.cause is Cause.FILTERED
    assert fault.found == "no overlay traffic gets through to b: 4789/udp is filtered"
    assert "longshore ports" in fault.fix
    assert "data_path_port" in fault.fix


def test_large_packets_that_do_not_arrive_mean_an_mtu() -> None:
    fault = only({("a", "b"): {"large", "stream"}})
    assert fault.cause is Cause.MTU
    assert "from a to b, large ones (1450 bytes, 1500 with VXLAN) don't" in fault.found
    assert "1500 or more" in fault.fix


@pytest.mark.parametrize("lost", [{"checked"}, {"stream"}, {"checked", "stream"}])
def test_only_packets_with_a_checksum_that_do_not_arrive_mean_an_offload(lost: set[str]) -> None:
    fault = only({("a", "b"): lost})
    assert fault.cause is Cause.OFFLOAD
    assert "checksum offload" in fault.found
    assert "tx-checksum-ip-generic off" in fault.fix


def test_a_stream_that_the_way_back_breaks_accuses_nobody() -> None:
    assert [fault.cause for fault in faults(heard({("a", "b"): {"large", "stream"}, ("b", "a"): {"stream"}}))] == [
        Cause.MTU
    ]


def test_different_causes_are_told_apart_most_basic_first() -> None:
    found = faults(heard({("a", "b"): {"large"}, ("b", "c"): set(ALL)}))
    assert [fault.cause for fault in found] == [Cause.FILTERED, Cause.MTU]


@pytest.mark.parametrize(
    ("directions", "nodes", "says"),
    [
        ({("a", "b"), ("b", "a")}, ["a", "b"], "between a and b"),
        ({("a", "b")}, ["a", "b"], "from a to b"),
        (set(itertools.permutations("abc", 2)), NODES, "between any two nodes"),
        ({("a", "b"), ("c", "b")}, NODES, "to b"),
        ({("b", "a"), ("b", "c")}, NODES, "from b"),
        ({("a", "b"), ("c", "b"), ("b", "a")}, NODES, "to b, from b to a"),
        ({("a", "b"), ("c", "b"), ("b", "a"), ("b", "c")}, NODES, "to b, from b"),
    ],
)
def test_directions_are_put_briefly(directions: set[Direction], nodes: list[str], says: str) -> None:
    assert summary(frozenset(directions), nodes) == says


def test_a_long_list_is_cut() -> None:
    nodes = [f"n{number:02}" for number in range(10)]
    directions = frozenset(itertools.pairwise(nodes))
    said = summary(directions, nodes)
    assert said.count("from") == FEW
    assert said.endswith("and 3 more")


kinds = st.sets(st.sampled_from(ALL))
losses = st.dictionaries(st.sampled_from(list(itertools.permutations(NODES, 2))), kinds)


@given(losses)
def test_every_direction_has_at_most_one_cause_and_none_without_a_loss(lost: dict[Direction, set[str]]) -> None:
    found = faults(heard(lost))
    named = [direction for fault in found for direction in fault.directions]
    assert len(named) == len(set(named))
    assert all(lost.get(direction) for direction in named)
    assert [fault.cause for fault in found] == [cause for cause in Cause if cause in {f.cause for f in found}]


@given(losses)
def test_where_packets_of_one_direction_are_lost_somebody_is_told(lost: dict[Direction, set[str]]) -> None:
    packets = {direction for direction, each in lost.items() if each - {"stream"}}
    assert packets <= {direction for fault in faults(heard(lost)) for direction in fault.directions}
