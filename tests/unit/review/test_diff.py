"""Two values, leaf by leaf: what identifies an item, what is no difference, what a list may gain or lose."""

from __future__ import annotations

from typing import Any

import pytest

from review.diff import Leaf, identity, leaves


def found(before: Any, after: Any) -> list[tuple[str, str, Any, Any]]:
    return [tuple(leaf) for leaf in leaves(before, after)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": 4.0}, {"a": 4}),
        ({"a": [1, 2.0]}, {"a": [1.0, 2]}),
        ({"a": None}, {}),
        ({}, {"a": None}),
        ({"__defaults": ["x"]}, {"__defaults": []}),
        ({"a": {"__meta": 1, "b": 2}}, {"a": {"b": 2}}),
        ({"a": [{"name": "x", "v": 1}, {"name": "y", "v": 2}]}, {"a": [{"name": "y", "v": 2}, {"name": "x", "v": 1}]}),
        ({"env": ["A=1", "B=2"]}, {"env": ["B=2", "A=1"]}),
    ],
)
def test_no_difference(before: Any, after: Any) -> None:
    assert found(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "leaf"),
    [
        ({"a": 1}, {"a": 2}, ("a", "update", 1, 2)),
        ({"a": 1}, {}, ("a", "delete", 1, None)),
        ({}, {"a": 1}, ("a", "add", None, 1)),
        ({"a": True}, {"a": 1}, ("a", "update", True, 1)),
        ({"a": 0}, {"a": False}, ("a", "update", 0, False)),
        ({"a": "1"}, {"a": 1}, ("a", "update", "1", 1)),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, ("a.b.c", "update", 1, 2)),
        ({"a": {"b": 1}}, {"a": "x"}, ("a", "update", {"b": 1}, "x")),
        ({"a": [1]}, {"a": {"0": 1}}, ("a", "update", [1], {"0": 1})),
        ({"a": {}}, {"a": {"b": {}}}, ("a.b", "add", None, {})),
        ({"x.y": 1}, {"x.y": 2}, ('["x.y"]', "update", 1, 2)),
    ],
)
def test_one_difference(before: Any, after: Any, leaf: tuple[str, str, Any, Any]) -> None:
    assert found(before, after) == [leaf]


def test_leaves_come_in_the_order_of_the_old_side_then_what_is_new() -> None:
    paths = [leaf.path for leaf in leaves({"z": 1, "a": 1}, {"n": 1, "a": 2, "z": 2, "b": 1})]
    assert paths == ["z", "a", "n", "b"]


@pytest.mark.parametrize(
    ("items", "key"),
    [
        ([{"name": "a", "id": 1}, {"name": "b", "id": 1}], "name"),
        ([{"name": "a", "id": 1}, {"name": "a", "id": 2}], "id"),
        ([{"label": "root"}, {"label": "data"}], "label"),
        ([{"targetPort": 80}, {"targetPort": 443}], "targetPort"),
        ([{"size": 1}, {"size": 2}], None),
        ([{"name": None}, {"name": "b"}], None),
        ([{"name": "a"}, "b"], None),
        ([], None),
    ],
)
def test_what_identifies_an_item(items: list[Any], key: str | None) -> None:
    assert identity(items, items) == key


def test_a_key_must_tell_items_apart_on_either_side() -> None:
    unique, double = [{"name": "a", "id": 1}], [{"name": "a", "id": 2}, {"name": "a", "id": 3}]
    assert identity(unique, double) == identity(double, unique) == "id"


def test_keyed_items_are_added_changed_and_taken_away_by_their_key() -> None:
    old = {"ports": [{"targetPort": 80, "publishedPort": 8080}, {"targetPort": 443, "publishedPort": 8443}]}
    new = {"ports": [{"targetPort": 22, "publishedPort": 2222}, {"targetPort": 443, "publishedPort": 443}]}
    assert found(old, new) == [
        ("ports[80]", "delete", {"targetPort": 80, "publishedPort": 8080}, None),
        ("ports[443].publishedPort", "update", 8443, 443),
        ("ports[22]", "add", None, {"targetPort": 22, "publishedPort": 2222}),
    ]


def test_items_without_a_key_are_compared_by_position() -> None:
    old, new = [{"networkId": "a"}, {"networkId": "b"}], [{"networkId": "b"}]
    assert found({"nics": old}, {"nics": new}) == [
        ("nics[0].networkId", "update", "a", "b"),
        ("nics[1]", "delete", {"networkId": "b"}, None),
    ]


def test_an_environment_is_compared_by_name() -> None:
    assert found({"env": ["A=1", "B=x=y"]}, {"env": ["B=x=z", "C="]}) == [
        ("env[A]", "delete", "1", None),
        ("env[B]", "update", "x=y", "x=z"),
        ("env[C]", "add", None, ""),
    ]


@pytest.mark.parametrize("before", [["A=1", "A=2"], ["A=1", "b c=2"], ["A=1", "plain"], ["=1"]])
def test_what_only_looks_like_an_environment_is_compared_as_a_list(before: list[str]) -> None:
    after = [*before[:-1], "A=9"]
    assert [leaf.path for leaf in leaves({"x": before}, {"x": after})] == [f"x[{len(before) - 1}]"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["a", "b"], ["b", "a"], [("x[0]", "update", "a", "b"), ("x[1]", "update", "b", "a")]),
        (["a"], ["a", "b"], [("x[1]", "add", None, "b")]),
        (["a", "b", "c"], ["c"], [("x[0]", "delete", "a", None), ("x[1]", "delete", "b", None)]),
        (["-v", "-v"], ["-v"], [("x[1]", "delete", "-v", None)]),
        (["-v"], ["-v", "-v", "-v"], [("x[1]", "add", None, "-v"), ("x[2]", "add", None, "-v")]),
        ([], ["a"], [("x[0]", "add", None, "a")]),
        ([1, 2], [True, 2, 3], [("x[0]", "delete", 1, None), ("x[0]", "add", None, True), ("x[2]", "add", None, 3)]),
    ],
)
def test_lists_of_plain_values(before: list[Any], after: list[Any], expected: list[Any]) -> None:
    assert found({"x": before}, {"x": after}) == expected


def test_a_list_of_lists_is_compared_item_by_item() -> None:
    assert found({"x": [[1, 2], [3]]}, {"x": [[1, 2], [4], [5]]}) == [
        ("x[1][0]", "update", 3, 4),
        ("x[2]", "add", None, [5]),
    ]


def test_whole_values_may_differ() -> None:
    assert list(leaves("a", "b")) == [Leaf("", "update", "a", "b")]
    assert list(leaves(None, {"a": 1})) == [Leaf("", "update", None, {"a": 1})]
