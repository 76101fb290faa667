"""Questions asked of a model: nodes and their machines, order, dependence, what is going and coming."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from review.build import StateFacts, from_lines
from review.model import Change
from review.risk import Surroundings
from review.view import MEMBER, SERVICE, VM, Node, View, changed, inputs, listed, texts
from tests.unit.review import log
from tests.unit.review.ask import Steps, create, delete, member, replace, same, step, update


def view(*groups: Steps, needs: Mapping[str, list[str]] | None = None) -> View:
    urns = {each["urn"].rpartition("::")[2]: each["urn"] for group in groups for each in group}
    facts = StateFacts(
        {urns[name]: tuple(urns.get(each, each) for each in to) for name, to in (needs or {}).items()}, {}
    )
    return View(from_lines(log.lines(*groups), state=facts), Surroundings())


def node(*groups: Steps) -> Node:
    (found,) = view(*groups).nodes
    return found


def renamed(old: dict[str, Any], new: dict[str, Any], op: str = "update") -> Steps:
    return step(op, "node", "m1-member", {"name": "m1", **old}, {"name": "m1", **new})


@pytest.mark.parametrize(
    ("steps", "was", "will"),
    [
        (member("m1"), "manager", "manager"),
        (create("node", "m1-member", name="m1", role="worker"), "", "worker"),
        (delete("node", "m1-member", {"name": "m1", "role": "manager"}), "manager", ""),
        (renamed({"role": "worker"}, {"role": "manager"}), "worker", "manager"),
        (renamed({"role": "worker"}, {"role": "worker"}, "replace"), "worker", "worker"),
        (step("read", "node", "m1-member", {}, {"name": "m1", "role": "manager"}), "", "manager"),
        (create("node", "m1-member", name="m1"), "", ""),
    ],
)
def test_a_member_s_role_before_and_after(steps: Steps, was: str, will: str) -> None:
    found = node(steps)
    assert (found.name, found.was, found.will) == ("m1", was, will)


@pytest.mark.parametrize(
    ("steps", "labels"),
    [
        (member("m1", "worker", a="b"), {"a": "b"}),
        (renamed({"labels": {"a": "b"}}, {"labels": {"a": "c"}}), {"a": "c"}),
        (delete("node", "m1-member", {"name": "m1", "labels": {"a": "b"}}), {"a": "b"}),
        (renamed({}, {"labels": log.COMPUTED}), {}),
        (member("m1"), {}),
    ],
)
def test_a_member_s_labels_are_those_it_will_have(steps: Steps, labels: dict[str, str]) -> None:
    assert node(steps).labels == labels


@pytest.mark.parametrize(
    ("machine", "lost", "away"),
    [
        (same("vm", "x", name="m1"), False, False),
        (update("vm", "x", {"name": "m1", "a": 1}, {"name": "m1", "a": 2}), False, False),
        (update("vm", "x", {"name": "m1", "firmware": 1}, {"name": "m1", "firmware": 2}), False, True),
        (replace("vm", "x", {"name": "m1"}), True, True),
        (delete("vm", "x", {"name": "m1"}), True, True),
        (replace("vm", "x", {"name": "other"}), False, False),
        (replace("vm", "m1"), True, True),
        (delete("vm", "m1", was={"delete": True}), False, False),
    ],
)
def test_a_member_goes_with_its_machine(machine: Steps, lost: bool, away: bool) -> None:
    found = node(machine, member("m1"))
    assert (found.is_lost, found.is_away) == (lost, away)


def test_a_member_may_go_without_a_machine() -> None:
    assert node(delete("node", "m1-member", {"name": "m1", "role": "manager"})).is_lost
    assert node(member("m1")).machine is None


def test_managers_are_those_of_now() -> None:
    promoted = renamed({"role": "worker"}, {"role": "manager"})
    found = view(promoted, member("m2"), create("node", "m3-member", name="m3", role="manager"))
    assert [each.name for each in found.managers] == ["m2"]


@pytest.mark.parametrize(
    ("needs", "in_turn"),
    [
        ({}, False),
        ({"b": ["a"], "c": ["b"]}, True),
        ({"b": ["a"], "c": ["a"]}, False),
        ({"a": ["b", "c"], "b": ["c"]}, True),
        ({"a": ["b"], "b": ["a"], "c": ["a"]}, True),
        ({"b": ["gone"], "c": ["b"]}, False),
    ],
)
def test_things_change_in_turn_when_each_pair_is_ordered(needs: dict[str, list[str]], in_turn: bool) -> None:
    found = view(*(replace("vm", name) for name in "abc"), needs=needs)
    assert found.in_turn(found.of(VM)) is in_turn


def test_a_dependency_may_lead_over_others_to_another() -> None:
    found = view(replace("vm", "a"), same("network", "n"), replace("vm", "b"), needs={"b": ["n"], "n": ["a"]})
    assert found.in_turn(found.of(VM))
    far = [same("network", name) for name in "nopq"]
    chain = {"b": ["n"], "n": ["o"], "o": ["p", "n"], "p": ["q"], "q": ["a"]}
    assert (found := view(replace("vm", "a"), replace("vm", "b"), *far, needs=chain)).in_turn(found.of(VM))


def test_one_alone_is_always_in_turn_and_a_sequential_run_is_too() -> None:
    found = view(replace("vm", "a"), replace("vm", "b"))
    assert found.in_turn(found.of(VM)[:1])
    run = found.model.run.model_copy(update={"sequential": True})
    sequential = View(found.model.model_copy(update={"run": run}), Surroundings())
    assert sequential.in_turn(sequential.of(VM))


def test_what_is_there_what_goes_what_changes_and_what_comes() -> None:
    every = [
        create("vm", "new"),
        update("vm", "upd", {"a": 1}, {"a": 2}),
        replace("vm", "rep"),
        delete("vm", "del"),
        same("vm", "sam"),
        delete("vm", "old", was={"delete": True}),
        delete("vm", "ext", was={"external": True}),
        same("service", "srv"),
    ]
    found = view(*every)

    def names(resources: Any) -> set[str]:
        return {each.name for each in resources}

    assert names(found.of(VM)) == {"new", "upd", "rep", "del", "sam", "ext"}
    assert names(found.of(VM, SERVICE)) == names(found.of(VM)) | {"srv"}
    assert names(found.going(VM)) == {"rep", "del"}
    assert names(found.updated(VM)) == {"upd"}
    assert names(found.coming(VM)) == {"new", "upd", "rep"}
    assert found.of("nothing:of:the:kind") == ()


def test_what_uses_what_is_told_by_the_state_and_by_identifiers() -> None:
    found = view(
        same("network", "net"),
        step("same", "image", "img", {}, was={"outputs": {"imageId": "sha256:abc"}}),
        same("container", "c", image="sha256:abc"),
        same("service", "s", taskSpec={"networks": [{"id": "id-net"}]}),
        same("volume", "v"),
        needs={"v": ["net", "somewhere-else"]},
    )
    by_name = {each.name: each.urn for each in found.resources}
    assert {each.name for each in found.uses(found.model.by_urn[by_name["v"]])} == {"net"}
    users = {used: {name for name, urn in by_name.items() if urn in who} for used, who in found.dependents.items()}
    assert users == {by_name["net"]: {"s", "v"}, by_name["img"]: {"c"}}


def test_short_and_hidden_identifiers_bind_nothing() -> None:
    found = view(
        step("same", "network", "net", {}, was={"id": "abc"}, will={"id": "abc"}), same("service", "s", name="abc")
    )
    assert found.dependents == {}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (same("vm", "a", name="x"), {"name": "x"}),
        (update("vm", "a", {"name": "x"}, {"name": "y"}), {"name": "x"}),
        (create("vm", "a", name="y"), {"name": "y"}),
        (delete("vm", "a", {"name": "x"}), {"name": "x"}),
    ],
)
def test_the_inputs_of_now(steps: Steps, expected: dict[str, str]) -> None:
    assert inputs(view(steps).resources[0]) == expected


@pytest.mark.parametrize(
    ("value", "path", "expected"),
    [
        ({"a": [1]}, "a", [1]),
        ({"a": "«computed»"}, "a", []),
        ({"a": {"b": [2]}}, "a.b", [2]),
        (None, "a", []),
        ({}, "a", []),
    ],
)
def test_a_list_or_nothing(value: Any, path: str, expected: list[Any]) -> None:
    assert listed(value, path) == expected


@pytest.mark.parametrize(
    ("shapes", "paths"),
    [
        (("disks[].size",), ["disks[a].size"]),
        (("disks",), ["disks[a].size", "disks[b]"]),
        (("disks[]",), ["disks[a].size", "disks[b]"]),
        (("clone",), ["clone.x", "clone"]),
        (("clo",), []),
        (("size", "memory"), ["memory"]),
    ],
)
def test_changes_at_or_below_a_shape(shapes: tuple[str, ...], paths: list[str]) -> None:
    every = ["disks[a].size", "disks[b]", "clone.x", "clone", "cloneX", "memory"]
    resource = view(update("vm", "a", {"x": 1}, {"x": 2})).resources[0]
    changes = tuple(Change(path=path, kind="update") for path in every)
    assert [each.path for each in changed(resource.model_copy(update={"changes": changes}), *shapes)] == paths


def test_every_text_in_a_value() -> None:
    assert list(texts({"a": ["b", {"c": "d"}, 1, None], "e": "f"})) == ["b", "d", "f"]
    assert list(texts("a")) == ["a"]
    assert MEMBER.startswith("swarm:")
