"""What differs, entry by entry, and how the engine is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.provider.experimental.provider import PropertyDiffKind

from providers.swarm.differences import differences, path, response
from providers.swarm.properties import UNKNOWN

ADD, DELETE, UPDATE = PropertyDiffKind.ADD, PropertyDiffKind.DELETE, PropertyDiffKind.UPDATE
KEYS = st.sampled_from(["a", "b", "c.d", "e f"])
BAGS = st.dictionaries(KEYS, st.integers(0, 2) | st.dictionaries(KEYS, st.integers(0, 2), max_size=3), max_size=4)


@pytest.mark.parametrize(
    ("key", "written"),
    [("a", "l.a"), ("a_1", "l.a_1"), ("a.b", 'l["a.b"]'), ("a-b", 'l["a-b"]'), ("1", 'l["1"]'), ("", 'l[""]')],
)
def test_a_path_is_written_as_the_engine_reads_it(key: str, written: str) -> None:
    assert path("l", key) == written


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({}, {"a": 1}, {"a": ADD}),
        ({"a": 1}, {}, {"a": DELETE}),
        ({"a": 1}, {"a": 2}, {"a": UPDATE}),
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {"a": UNKNOWN}, {"a": UPDATE}),
        ({}, {"a": UNKNOWN}, {"a": UPDATE}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 3, "z": 4}}, {"a.x": DELETE, "a.y": UPDATE, "a.z": ADD}),
        ({"a": {"x": {"y": 1}}}, {"a": {"x": {"y": UNKNOWN}}}, {"a.x.y": UPDATE}),
        ({"a": {"x": 1}}, {"a": "text"}, {"a": UPDATE}),
        ({"a": {"x": 1}}, {}, {"a": DELETE}),
        ({"b": 1}, {"b": 2}, {}),
    ],
)
def test_each_difference_has_its_path_and_kind(old: Any, new: Any, found: dict[str, PropertyDiffKind]) -> None:
    assert differences(old, new, ("a",)) == found


@given(BAGS)
def test_nothing_differs_from_itself(bag: dict[str, Any]) -> None:
    assert differences(bag, bag, bag) == {}


@given(BAGS, BAGS)
def test_the_way_back_is_the_way_there_turned_around(one: dict[str, Any], two: dict[str, Any]) -> None:
    keys = sorted({*one, *two})
    turned = {ADD: DELETE, DELETE: ADD, UPDATE: UPDATE}
    there, back = differences(one, two, keys), differences(two, one, keys)
    assert back == {place: turned[kind] for place, kind in there.items()}


def test_only_replacements_delete_first() -> None:
    update = response({"labels.a": ADD}, {})
    assert (update.changes, update.replaces, update.delete_before_replace) == (True, [], False)
    replace = response({"role": UPDATE}, {"connection.host": UPDATE})
    assert (replace.replaces, replace.delete_before_replace) == (["connection"], True)
    assert replace.diffs == ["role", "connection"]
    assert replace.detailed_diff["connection.host"].kind is PropertyDiffKind.UPDATE_REPLACE
    assert replace.detailed_diff["role"].kind is UPDATE


@pytest.mark.parametrize(
    ("kind", "replacing"),
    [(ADD, PropertyDiffKind.ADD_REPLACE), (DELETE, PropertyDiffKind.DELETE_REPLACE)],
)
def test_a_kind_stays_itself_when_it_replaces(kind: PropertyDiffKind, replacing: PropertyDiffKind) -> None:
    assert response({}, {"a": kind}).detailed_diff["a"].kind is replacing


def test_a_property_is_listed_once_however_much_of_it_differs() -> None:
    assert response({"labels.a": ADD, 'labels["b.c"]': DELETE, "labels.d": UPDATE}, {}).diffs == ["labels"]


def test_no_difference_is_no_change() -> None:
    nothing = response({}, {})
    assert (nothing.changes, nothing.replaces, nothing.diffs, nothing.detailed_diff) == (False, [], [], {})
