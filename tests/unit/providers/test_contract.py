"""A platform's promise, held against its engines: kept, broken, or about another Swarm."""

from __future__ import annotations

from typing import Any

import pytest

from providers.swarm.contract import ContractHandler
from providers.swarm.properties import UNKNOWN
from spec.errors import SwarmError
from tests.unit.providers.world import World

contract = ContractHandler()
INFO = {"LoggingDriver": "json-file", "CgroupVersion": "2"}


def world() -> World:
    made = World("m1", "m2", "m3", "w1")
    made.formed(m1="manager", m2="manager", m3="manager", w1="worker")
    for machine in made.machines.values():
        machine.info = dict(INFO)
    return made


def inputs(there: World, **changes: Any) -> dict[str, Any]:
    promise = {
        "cluster": "shop",
        "swarmId": "swarm-0",
        "managers": [there[name].connection for name in ("m1", "m2", "m3")],
        "engineVersion": "20.10.24",
        "apiVersion": "1.41",
        "storageDriver": "overlay2",
        "cgroupVersion": "2",
        "logDriver": "json-file",
        "contentHash": "sha256:1",
    }
    return promise | changes


def test_a_kept_promise_is_recorded_as_it_is() -> None:
    there = world()
    state = contract.create(inputs(there), there.call)
    assert (state.id, state.outputs) == ("swarm-0", inputs(there))
    assert there.changes == []
    assert there.removed == []


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"Driver": "vfs"}, "storageDriver is vfs, not overlay2"),
        ({"LoggingDriver": "journald"}, "logDriver is journald, not json-file"),
        ({"CgroupVersion": "1"}, "cgroupVersion is 1, not 2"),
        ({"ServerVersion": "20.10.5"}, "engineVersion is 20.10.5, not 20.10.24"),
    ],
)
def test_a_broken_promise_is_refused_by_create_and_update_with_the_fact(fact: dict[str, str], said: str) -> None:
    there = world()
    there["m1"].info |= fact
    with pytest.raises(SwarmError) as caught:
        contract.create(inputs(there), there.call)
    assert said in caught.value.found
    assert "m1" in caught.value.found
    with pytest.raises(SwarmError, match="doesn't keep it"):
        contract.update("swarm-0", inputs(there), inputs(there, contentHash="sha256:2"), there.call)


@pytest.mark.parametrize("version", ["20.10.24", "20.10.25+dfsg1", "20.11.0", "29.0.1", "29"])
def test_a_newer_engine_keeps_the_promise(version: str) -> None:
    there = world()
    there["m1"].info["ServerVersion"] = version
    assert contract.create(inputs(there), there.call).id == "swarm-0"


def test_an_older_api_breaks_it() -> None:
    there = world()
    there["m1"].api = "1.40"
    with pytest.raises(SwarmError, match=r"apiVersion is 1\.40, not 1\.41"):
        contract.create(inputs(there), there.call)


def test_every_broken_fact_is_told_at_once() -> None:
    there = world()
    there["m1"].info |= {"Driver": "vfs", "CgroupVersion": "1"}
    with pytest.raises(SwarmError, match=r"storageDriver.*cgroupVersion|cgroupVersion.*storageDriver"):
        contract.create(inputs(there), there.call)


def test_another_manager_answers_where_the_first_does_not() -> None:
    there = world()
    there["m1"].on = False
    assert contract.create(inputs(there), there.call).id == "swarm-0"


def test_another_swarm_is_not_taken_for_the_promised_one() -> None:
    there = world()
    with pytest.raises(SwarmError, match="no manager of the Swarm swarm-9"):
        contract.create(inputs(there, swarmId="swarm-9"), there.call)


def test_a_contract_about_another_swarm_is_refused_before_anything_is_done() -> None:
    there = world()
    checked = contract.check(inputs(there), inputs(there, swarmId="swarm-9"))
    [failure] = checked.failures
    assert failure.property == "swarmId"
    assert "swarm-0 -> swarm-9" in failure.reason
    assert "stack rm --force --preserve-config" in failure.reason


@pytest.mark.parametrize("old", [{}, {"swarmId": "swarm-0"}, {"swarmId": UNKNOWN}])
def test_a_first_contract_and_the_same_swarm_pass(old: dict[str, Any]) -> None:
    assert contract.check(old, inputs(world())).failures == []


def test_a_swarm_that_is_not_known_yet_passes() -> None:
    there = world()
    assert contract.check(inputs(there), inputs(there, swarmId=UNKNOWN, managers=UNKNOWN)).failures == []


def test_what_is_missing_or_no_text_is_named() -> None:
    there = world()
    asked = inputs(there, storageDriver=7)
    del asked["contentHash"]
    failures = {each.property for each in contract.check({}, asked).failures}
    assert failures == {"storageDriver", "contentHash"}
    assert [each.property for each in contract.check({}, inputs(there, managers=[])).failures] == ["managers"]


@pytest.mark.parametrize("change", [{"contentHash": "sha256:2"}, {"engineVersion": "29"}, {"cluster": "bank"}])
def test_a_changed_promise_is_an_update_in_place(change: dict[str, str]) -> None:
    there = world()
    diff = contract.diff(inputs(there), inputs(there, **change))
    assert list(diff.detailed_diff) == list(change)
    assert diff.replaces == []


def test_where_the_private_key_lies_is_no_change() -> None:
    there = world()
    elsewhere = [{**each, "keyFile": "/home/x/id"} for each in inputs(there)["managers"]]
    assert not contract.diff(inputs(there), inputs(there, managers=elsewhere)).changes


def test_previews_know_everything() -> None:
    there = world()
    assert contract.foresee(inputs(there), None) == inputs(there)


def test_a_refresh_shows_what_is_not_kept_any_more_and_the_next_update_checks_again() -> None:
    there = world()
    there["m1"].info["LoggingDriver"] = "local"
    state = contract.read("swarm-0", inputs(there), inputs(there), there.call)
    assert state.outputs["logDriver"] == "local"
    assert state.inputs == inputs(there)
    assert list(contract.diff(state.outputs, inputs(there)).detailed_diff) == ["logDriver"]


def test_a_refresh_of_a_kept_promise_changes_nothing_even_with_a_newer_engine() -> None:
    there = world()
    there["m1"].info["ServerVersion"] = "29.0.1"
    state = contract.read("swarm-0", inputs(there), inputs(there), there.call)
    assert state.outputs == inputs(there)


def test_a_refresh_without_any_manager_keeps_what_is_known() -> None:
    there = world()
    for name in ("m1", "m2", "m3"):
        there[name].on = False
    state = contract.read("swarm-0", inputs(there), inputs(there), there.call)
    assert state.outputs == inputs(there)
    assert "last known state" in there.listener.warnings[0]


def test_its_deletion_touches_nothing() -> None:
    there = World("m1")
    there["m1"].on = False
    contract.delete("swarm-0", {}, there.call)
