"""What was changed outside, and what differs in a stack's own outputs."""

from __future__ import annotations

from typing import Any

import pytest

from review.build import from_lines
from review.marks import HIDDEN, SEALED
from review.model import Change, ChangeModel, Drift
from tests.unit.review import log

STACK = "pulumi:pulumi:Stack"


def outputs_event(step: dict[str, Any]) -> dict[str, Any]:
    return {"resOutputsEvent": {"metadata": step}}


def refreshed(old: dict[str, Any], new: dict[str, Any] | None, op: str = "refresh") -> ChangeModel:
    """A machine's outputs before and after a refresh; `op`: what the outputs event calls it."""
    step = log.steps("refresh", log.VM, "a", {}, {}, was={"outputs": old})[0]
    seen = {**step, "op": op, "new": None if new is None else log.state(log.VM, "a", {}, outputs=new)}
    return from_lines(log.lines([step], extra=[outputs_event(seen)]))


def only(model: ChangeModel) -> Drift:
    (drift,) = model.drift
    return drift


def stack_outputs(old: dict[str, Any], new: dict[str, Any]) -> tuple[Change, ...]:
    sides: dict[str, Any] = {"was": {"outputs": old}, "will": {"outputs": new}}
    return from_lines(log.lines(extra=[outputs_event(log.steps("same", STACK, "s", {}, {}, **sides)[0])])).outputs


@pytest.mark.parametrize("op", ["refresh", "update", "delete"])
def test_a_refresh_tells_in_its_outputs_what_it_found_whatever_it_is_called_there(op: str) -> None:
    found = only(refreshed({"memory": 1}, {"memory": 2}, op))
    assert (found.name, found.kind, found.type) == ("a", "update", log.VM)
    assert [(each.path, each.before, each.after) for each in found.changes] == [("memory", 1, 2)]


def test_what_is_no_longer_there_was_deleted() -> None:
    assert only(refreshed({"memory": 1}, None)).kind == "delete"


def test_what_is_as_it_was_is_no_drift() -> None:
    assert refreshed({"memory": 1}, {"memory": 1.0}).drift == ()


def test_an_update_without_a_refresh_before_it_is_no_drift() -> None:
    step = log.steps("update", log.VM, "a", {}, {}, was={"outputs": {"x": 1}}, will={"outputs": {"x": 2}})
    assert from_lines(log.lines(step, extra=[outputs_event(step[0])])).drift == ()


def test_only_the_first_outputs_after_a_refresh_are_drift() -> None:
    refresh = log.steps("refresh", log.VM, "a", {}, {}, was={"outputs": {"x": 1}})[0]
    moved = {**refresh, "op": "update", "new": log.state(log.VM, "a", {}, outputs={"x": 2})}
    ours = log.steps("update", log.VM, "a", {}, {}, was={"outputs": {"x": 2}}, will={"outputs": {"x": 3}})[0]
    model = from_lines(log.lines([refresh], [ours], extra=[outputs_event(moved), outputs_event(ours)]))
    assert [change.after for each in model.drift for change in each.changes] == [2]


def test_drift_shows_no_secret() -> None:
    found = only(refreshed({"password": "old", "note": log.SECRET}, {"password": "new", "note": "open"}))
    assert [(each.path, each.before, each.after, each.concealed) for each in found.changes] == [
        ("password", HIDDEN, HIDDEN, True),
        ("note", SEALED, HIDDEN, True),
    ]


def test_something_new_without_an_old_side_is_no_drift() -> None:
    step = {**log.steps("refresh", log.VM, "a", None, {})[0], "old": None}
    assert from_lines(log.lines([step], extra=[outputs_event(step)])).drift == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {}, [("a", "delete", 1, None)]),
        ({}, {"a": {"b": 1}}, [("a", "add", None, {"b": 1})]),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [("a.b", "update", 1, 2)]),
        ({"token": "x"}, {"token": "y"}, [("token", "update", HIDDEN, HIDDEN)]),
        ({"a": log.SECRET}, {"a": "plain"}, [("a", "update", SEALED, HIDDEN)]),
    ],
)
def test_the_stack_s_own_outputs(old: dict[str, Any], new: dict[str, Any], expected: list[Any]) -> None:
    assert [(each.path, each.kind, each.before, each.after) for each in stack_outputs(old, new)] == expected


def test_the_last_word_on_the_stack_s_outputs_counts() -> None:
    both = [
        log.steps("same", STACK, "s", {}, {}, was={"outputs": {"a": 1}}, will={"outputs": {"a": n}})[0] for n in (2, 3)
    ]
    (change,) = from_lines(log.lines(extra=[outputs_event(each) for each in both])).outputs
    assert change.after == 3


def test_a_stack_that_is_new_has_nothing_to_compare_with() -> None:
    step = log.steps("create", STACK, "s", None, {}, will={"outputs": {"a": 1}})[0]
    assert [each.kind for each in from_lines(log.lines(extra=[outputs_event(step)])).outputs] == ["add"]


@pytest.mark.parametrize(("old", "new"), [(None, []), (None, {}), ("", None), ([], {}), ({}, "")])
def test_one_nothing_instead_of_another_is_no_drift(old: Any, new: Any) -> None:
    assert refreshed({"args": old}, {"args": new}).drift == ()
    assert [each.path for each in only(refreshed({"args": old, "n": 1}, {"args": new, "n": 2})).changes] == ["n"]


@pytest.mark.parametrize("value", [0, False, "x", [1], {"a": 1}])
def test_something_instead_of_nothing_is_drift(value: Any) -> None:
    assert only(refreshed({"args": None}, {"args": value})).changes


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"memory": {"diffKind": "update", "inputDiff": False}}, ["memory"]),
        ({}, ["memory", "tools"]),
        ({"elsewhere": {"diffKind": "update", "inputDiff": False}}, ["memory", "tools"]),
    ],
)
def test_what_the_engine_calls_different_is_told_when_it_says_so(given: dict[str, Any], paths: list[str]) -> None:
    old, new = {"memory": 1, "tools": 1}, {"memory": 2, "tools": 2}
    step = log.steps("refresh", log.VM, "a", {}, {}, was={"outputs": old})[0]
    seen = {**step, "op": "update", "new": log.state(log.VM, "a", {}, outputs=new), "detailedDiff": given}
    assert [each.path for each in only(from_lines(log.lines([step], extra=[outputs_event(seen)]))).changes] == paths
