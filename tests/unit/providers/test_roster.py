"""The managers in one place: a change that takes too many away is refused before anything is touched."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from providers.swarm.properties import UNKNOWN
from providers.swarm.roster import RosterHandler
from tests.unit.providers.test_provider import Stub, ask, struct, urn
from tests.unit.providers.world import World

roster = RosterHandler()
THREE = {"m1": "1@10.0.0.11", "m2": "1@10.0.0.12", "m3": "1@10.0.0.13"}


def inputs(**changed: Any) -> dict[str, Any]:
    managers = {name: machine for name, machine in {**THREE, **changed}.items() if machine is not None}
    return {"name": "shop", "managers": managers}


def refusals(new: dict[str, Any], old: dict[str, Any] | None = None) -> list[str]:
    return [each.reason for each in roster.check(inputs() if old is None else old, new).failures]


def test_one_manager_may_be_replaced() -> None:
    assert refusals(inputs(m2="2@10.0.0.12")) == []


def test_two_of_three_are_refused_with_the_arithmetic_and_the_safe_order() -> None:
    assert refusals(inputs(m1="2@10.0.0.11", m3="2@10.0.0.13")) == [
        "3 managers, 2 replaced (m1, m3) in one update: that leaves 1 of 3; quorum needs 2\n"
        "  -> one update for each: m1, then m3, the leader last; `longshore roll POOL -s STACK` does that"
    ]


def test_another_address_is_another_machine() -> None:
    assert "2 replaced (m1, m2)" in refusals(inputs(m1="1@10.0.0.31", m2="1@10.0.0.32"))[0]


def test_a_removal_counts_beside_a_replacement() -> None:
    [reason] = refusals(inputs(m1="2@10.0.0.11", m2=None, m3=None))
    assert "1 replaced (m1) and 2 removed (m2, m3)" in reason
    assert "first the removal, then one update for each: m1" in reason


def test_scaling_down_is_allowed_as_managers_step_down_one_by_one() -> None:
    assert refusals(inputs(m2=None, m3=None)) == []


def test_renaming_all_managers_at_once_is_refused() -> None:
    [reason] = refusals({"name": "shop", "managers": {"n1": "1", "n2": "1", "n3": "1"}})
    assert "3 removed (m1, m2, m3) in one update: that leaves 0 of 3" in reason
    assert "keep at least one" in reason


@pytest.mark.parametrize(("after", "verb"), [({"m1": "2"}, "replacing"), ({"n1": "1"}, "removing")])
def test_the_only_manager_stays(after: dict[str, str], verb: str) -> None:
    one = {"name": "shop", "managers": {"m1": "1"}}
    [reason] = refusals({"name": "shop", "managers": after}, one)
    assert f"m1 is the only manager: {verb} it ends the Swarm" in reason


def test_the_first_update_has_nothing_to_compare_with() -> None:
    assert refusals(inputs(), {}) == []


@pytest.mark.parametrize("managers", [UNKNOWN, {"m1": UNKNOWN, "m2": "9", "m3": "9"}])
def test_what_is_not_known_yet_is_not_judged(managers: Any) -> None:
    assert refusals({"name": "shop", "managers": managers}) == []


@pytest.mark.parametrize(
    ("wrong", "path"),
    [({"managers": ["m1"]}, "managers"), ({"managers": {"m1": 1}}, "managers.m1"), ({"name": "no name"}, "name")],
)
def test_what_is_wrong_is_said_at_its_path(wrong: dict[str, Any], path: str) -> None:
    assert [each.property for each in roster.check({}, inputs() | wrong).failures] == [path]


def test_each_manager_that_changes_is_shown() -> None:
    answer = roster.diff(inputs(), inputs(m2="2@10.0.0.12", m4="1@10.0.0.14"))
    assert sorted(answer.detailed_diff) == ["managers.m2", "managers.m4"]
    assert not answer.replaces


def test_it_only_writes_down() -> None:
    world = World()
    state = roster.create(inputs(), world.call)
    assert (state.id, state.outputs) == ("shop", inputs())
    assert roster.read("shop", inputs(), inputs(), world.call).outputs == inputs()
    assert roster.update("shop", inputs(), inputs(m1="2"), world.call) == inputs(m1="2")
    roster.delete("shop", inputs(), world.call)
    assert roster.foresee(inputs(), None) == inputs()


def test_the_engine_hears_the_refusal_as_a_failed_check() -> None:
    async def question(stub: Stub) -> Any:
        two = inputs(m1="2@10.0.0.11", m3="2@10.0.0.13")
        return await stub.Check(provider_pb2.CheckRequest(urn=urn("Roster"), olds=struct(inputs()), news=struct(two)))

    [failure] = ask(World(), question).failures
    assert failure.property == ""
    assert "quorum needs 2" in failure.reason
