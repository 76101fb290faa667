"""Quorum arithmetic, over every size of Swarm that makes sense and every set of managers that may be away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from providers.swarm.quorum import Change, majority, verdict

Names = frozenset[str]
MANAGERS = st.integers(1, 7).map(lambda size: frozenset(f"m{i}" for i in range(1, size + 1)))


@st.composite
def swarms(draw: st.DrawFn) -> tuple[Names, Names, str]:
    """Some managers, those that answer, and one of the former."""
    managers = draw(MANAGERS)
    reachable = draw(st.sets(st.sampled_from(sorted(managers))))
    return managers, frozenset(reachable), draw(st.sampled_from(sorted(managers)))


def decides(managers: Names, reachable: Names) -> bool:
    return 2 * len(reachable) > len(managers)


@given(st.integers(1, 1000))
def test_two_majorities_always_share_a_manager(size: int) -> None:
    assert 2 * majority(size) > size
    assert 2 * (majority(size) - 1) <= size


@given(swarms())
def test_a_removal_that_is_allowed_leaves_a_swarm_that_decides(swarm: tuple[Names, Names, str]) -> None:
    managers, reachable, node = swarm
    if verdict(managers, reachable, Change.REMOVE, node) is None:
        assert decides(managers, reachable)
        assert decides(managers - {node}, reachable - {node})


@given(swarms())
def test_a_removal_that_is_refused_would_not(swarm: tuple[Names, Names, str]) -> None:
    managers, reachable, node = swarm
    if verdict(managers, reachable, Change.REMOVE, node) is not None:
        left = managers - {node}
        assert not left or not decides(managers, reachable) or not decides(left, reachable - {node})


@given(swarms())
def test_promoting_is_allowed_exactly_while_the_swarm_decides(swarm: tuple[Names, Names, str]) -> None:
    managers, reachable, _ = swarm
    allowed = verdict(managers, reachable, Change.PROMOTE, "new") is None
    assert allowed == decides(managers, reachable)
    if allowed:
        assert decides(managers | {"new"}, reachable | {"new"})


@given(swarms())
def test_every_refusal_says_what_and_what_to_do(swarm: tuple[Names, Names, str]) -> None:
    managers, reachable, node = swarm
    refusal = verdict(managers, reachable, Change.REMOVE, node)
    if refusal:
        assert refusal.fix
        assert node in refusal.found or f"{len(managers)} managers, {len(reachable)} reachable" in refusal.found
        assert all(absent in refusal.fix for absent in managers - reachable) or managers == {node}


@given(swarms())
def test_a_dead_manager_can_always_go_while_the_rest_decides(swarm: tuple[Names, Names, str]) -> None:
    managers, reachable, _ = swarm
    if decides(managers, reachable):
        for dead in managers - reachable:
            assert verdict(managers, reachable, Change.REMOVE, dead) is None


@given(MANAGERS)
def test_a_whole_swarm_can_be_taken_down_to_its_last_manager_but_no_further(managers: Names) -> None:
    left = managers
    for node in sorted(managers)[1:]:
        assert verdict(left, left, Change.REMOVE, node) is None
        left -= {node}
    (last,) = left
    assert verdict(left, left, Change.REMOVE, last) is not None
