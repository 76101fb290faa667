"""One update's change of all managers together, over every size of Swarm and any set of changes."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from providers.swarm.quorum import turnover

Machines = dict[str, str]
NAMES = [f"m{i}" for i in range(1, 8)]


@st.composite
def changes(draw: st.DrawFn) -> tuple[Machines, Machines]:
    """1 to 7 managers, and the same with any of them replaced, removed, and any others added."""
    before = dict.fromkeys(NAMES[: draw(st.integers(1, 7))], "1")
    fates = draw(st.lists(st.sampled_from(["keep", "replace", "remove"]), min_size=len(before), max_size=len(before)))
    after = {
        name: "2" if fate == "replace" else "1" for name, fate in zip(before, fates, strict=True) if fate != "remove"
    }
    added = draw(st.sets(st.sampled_from([f"n{i}" for i in range(1, 8)])))
    return before, after | dict.fromkeys(added, "1")


def untouched(before: Machines, after: Machines) -> set[str]:
    return {name for name in before if after.get(name) == before[name]}


def replaced(before: Machines, after: Machines) -> set[str]:
    return {name for name in before if name in after and after[name] != before[name]}


def decides(managers: set[str], answering: set[str]) -> bool:
    return 2 * len(answering & managers) > len(managers)


@given(changes())
def test_where_one_is_replaced_the_others_decide_even_if_all_that_is_touched_is_lost(
    change: tuple[Machines, Machines],
) -> None:
    if replaced(*change) and turnover(*change) is None:
        assert decides(set(change[0]), untouched(*change))


@given(changes())
def test_one_manager_at_least_is_never_touched(change: tuple[Machines, Machines]) -> None:
    if turnover(*change) is None:
        assert untouched(*change)


@given(changes())
def test_what_is_refused_would_lose_the_quorum_or_the_swarm(change: tuple[Machines, Machines]) -> None:
    before, after = change
    if turnover(before, after) is not None:
        assert not decides(set(before), untouched(before, after))


@given(changes())
def test_a_refusal_shows_the_arithmetic_and_every_manager_concerned(change: tuple[Machines, Machines]) -> None:
    before, after = change
    refusal = turnover(before, after)
    if refusal is None:
        return
    assert refusal.fix
    assert all(name in refusal.found for name in set(before) - untouched(before, after))
    if len(before) > 1:
        assert f"leaves {len(untouched(before, after))} of {len(before)}" in refusal.found
        assert f"quorum needs {len(before) // 2 + 1}" in refusal.found


@given(changes())
def test_the_order_that_a_refusal_names_is_itself_allowed(change: tuple[Machines, Machines]) -> None:
    before, after = change
    assume(turnover(before, after) is not None and len(before) > 2 and set(before) & set(after))
    now = {name: machine for name, machine in before.items() if name in after}
    assert turnover(before, now) is None
    for name in sorted(replaced(before, after)):
        step = now | {name: after[name]}
        assert turnover(now, step) is None or len(now) < 3
        now = step


@given(changes())
def test_no_change_and_mere_growth_are_always_allowed(change: tuple[Machines, Machines]) -> None:
    before, _ = change
    assert turnover(before, before) is None
    assert turnover(before, before | {"n1": "1", "n2": "1"}) is None
    assert turnover({}, before) is None
