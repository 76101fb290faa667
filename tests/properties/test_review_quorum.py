"""What the review says of a Swarm's managers, for every size, every set that goes, in turn or at once."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from review.build import StateFacts, from_lines
from review.rules import assess
from review.view import MEMBER
from tests.unit.review import log


@st.composite
def fleets(draw: st.DrawFn) -> tuple[int, list[int], list[int]]:
    """How many managers there are, which are replaced, and which reboot."""
    size = draw(st.integers(1, 7))
    numbers = list(range(1, size + 1))
    replaced = draw(st.sets(st.sampled_from(numbers)))
    rebooted = draw(st.sets(st.sampled_from(numbers)))
    return size, sorted(replaced), sorted(rebooted - replaced)


def rules(size: int, replaced: list[int], rebooted: list[int], in_turn: bool) -> set[str]:
    steps: list[list[dict[str, Any]]] = []
    for number in range(1, size + 1):
        name = f"m-{number}"
        member = {"name": name, "role": "manager"}
        steps.append(log.steps("same", MEMBER, f"{name}-member", member))
        op = "replace" if number in replaced else "update" if number in rebooted else "same"
        steps.append(log.steps(op, log.VM, name, {"name": name, "firmware": "a"}, {"name": name, "firmware": "b"}))
    urns = [log.urn(log.VM, f"m-{number}") for number in range(1, size + 1)]
    needs = {urn: tuple(urns[:index]) for index, urn in enumerate(urns)} if in_turn else {}
    return {risk.rule for risk in assess(from_lines(log.lines(*steps), state=StateFacts(needs, {})))}


@settings(max_examples=150, deadline=None)
@given(fleets(), st.booleans())
def test_quorum_is_lost_exactly_when_too_many_go_at_once(
    fleet: tuple[int, list[int], list[int]], in_turn: bool
) -> None:
    size, replaced, rebooted = fleet
    found = rules(size, replaced, rebooted, in_turn)
    away = len(replaced) + len(rebooted)
    majority_stays = 2 * (size - away) > size or (in_turn and size > 2)
    assert ("SWARM-QUORUM-LOST" in found) == (size > 1 and not majority_stays)
    assert ("SWARM-LAST-MANAGER" in found) == (size == 1 and bool(replaced))
    assert ("SWARM-MANAGER-REPLACED" in found) == (size > 1 and bool(replaced) and majority_stays)
