"""Rows of changes: grouped by what happens, then by component, equal siblings on one line."""

from __future__ import annotations

from typing import Any

import pytest

from review.build import from_lines
from review.model import Action, Change, Resource
from review.report.content import StackReview
from review.report.tree import DEEPEST, TITLES, component, components, fold, group, likeness, rows
from tests.unit.review import log
from tests.unit.review.ask import Steps, create, delete, forced, replace, same, step, update

PARENT = "longshore:index:DockerCluster"


def stack(*groups: Steps) -> StackReview:
    return StackReview.of(from_lines(log.lines(same(PARENT, "shop"), *groups)))


def told(*groups: Steps) -> list[tuple[str, str, str]]:
    return [(row.group, f"{row.component}/{row.names}", row.note) for row in rows(stack(*groups))]


@pytest.mark.parametrize(
    ("names", "folded"),
    [
        (["web"], "web"),
        (["m-1", "m-2"], "m-{1,2}"),
        (["m-10", "m-9", "m-1"], "m-{1,9,10}"),
        (["a-1-x", "a-2-x"], "a-{1,2}-x"),
        (["aa", "a"], "{a,aa}"),
        (["data", "data"], "data"),
        (["ab", "cd"], "{ab,cd}"),
        ([f"w-{n}" for n in range(10, 24)], "w-{10,11,12,13,14,15,16,17,18,19,20,21,… 2 more}"),
    ],
)
def test_names_are_folded(names: list[str], folded: str) -> None:
    assert fold(names) == fold(names[::-1]) == folded


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (create("vm", "a"), "create"),
        (delete("vm", "a"), "delete"),
        (replace("vm", "a"), "replace"),
        (step("import", "vm", "a", {}, {}), "import"),
        (update("vm", "a", {"x": 1}, {"x": 2}), "update"),
        (update("vm", "a", {"firmware": 1}, {"firmware": 2}), "reboot"),
        (update("service", "a", {"firmware": 1}, {"firmware": 2}), "update"),
        (update("service", "a", {"password": "a"}, {"password": "b"}), "secret"),
        (update("service", "a", {"password": "a", "x": 1}, {"password": "b", "x": 2}), "update"),
        (update("service", "a", {}, {}), "update"),
    ],
)
def test_what_group_a_change_is_in(steps: Steps, expected: str) -> None:
    (resource,) = from_lines(log.lines(steps)).resources
    assert group(resource) == expected
    assert expected in TITLES


def test_what_hurts_most_comes_first_and_names_are_in_order() -> None:
    found = told(
        create("vm", "new"),
        update("service", "s", {"x": 1}, {"x": 2}),
        delete("volume", "v"),
        update("vm", "b", {"firmware": 1}, {"firmware": 2}),
        replace("network", "n"),
        update("service", "key", {"password": "a"}, {"password": "b"}),
    )
    assert [(each[0], each[1]) for each in found] == [
        ("delete", "shop/v"),
        ("replace", "shop/n"),
        ("reboot", "shop/b"),
        ("update", "shop/s"),
        ("create", "shop/new"),
        ("secret", "shop/key"),
    ]


@pytest.mark.parametrize(
    ("steps", "note"),
    [
        (
            forced("vm", "a", {"clone": {"t": 1}}, {"clone": {"t": 2}}, "clone.t"),
            "deleted first, then created; because `clone.t` changes",
        ),
        (
            forced("vm", "a", {"c": 1}, {"c": 2}, "c", order="create-first"),
            "created first, then deleted; because `c` changes",
        ),
        (update("service", "a", {"x": 1}, {"x": 2}), "`x` 1 → 2"),
        (update("service", "a", {}, {"x": 2}), "`x` (none) → 2"),
        (update("service", "a", {"x": "y" * 80}, {"x": "z"}), "`x`"),
        (update("service", "a", {"x": "1\n2"}, {"x": "z"}), "`x`"),
        (update("service", "a", {"password": "y"}, {"password": "z"}), "`password`"),
        (
            update("vm", "a", {"memory": 2}, {"memory": 1}),
            "`memory` 2 → 1 MiB: memory can't be taken from a running machine",
        ),
        (
            update("service", "a", dict.fromkeys("abcde", 1), dict.fromkeys("abcde", 2)),
            "`a` 1 → 2, `b` 1 → 2, `c` 1 → 2 and 2 more",
        ),
        (create("vm", "a"), ""),
        (delete("vm", "a"), ""),
    ],
)
def test_the_one_thing_to_know_about_a_row(steps: Steps, note: str) -> None:
    assert [each[2] for each in told(steps)] == [note]


def test_equal_siblings_are_one_row_and_others_are_not() -> None:
    def resize(name: str, size: int) -> Steps:
        return update("service", name, {"hostname": f"{name}.x", "n": 1}, {"hostname": f"{name}.y", "n": size})

    found = rows(stack(resize("w-1", 2), resize("w-2", 2), resize("w-3", 9)))
    assert [row.names for row in found] == ["w-{1,2}", "w-3"]
    assert [len(row.resources) for row in found] == [2, 1]


def test_what_an_earlier_stack_has_told_is_left_out() -> None:
    review = stack(update("service", "a", {"x": 1}, {"x": 2}), update("service", "b", {"x": 1}, {"x": 2}))
    known = frozenset({likeness(review.model.changed[0])})
    assert [row.names for row in rows(review, known)] == ["b"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (({"x": 1}, {"x": 2}), ({"x": 1}, {"x": 2}), True),
        (({"x": 1}, {"x": 2}), ({"x": 1}, {"x": 3}), False),
        (({"x": 1}, {"x": 2}), ({"y": 1}, {"y": 2}), False),
        (({"x": 1, "z": 1}, {"x": 2, "z": 1}), ({"x": 1, "z": 5}, {"x": 2, "z": 5}), True),
    ],
)
def test_a_change_is_like_another_by_what_differs(one: Any, other: Any, alike: bool) -> None:
    first, second = (from_lines(log.lines(update("service", "a", *sides))).resources[0] for sides in (one, other))
    assert (likeness(first) == likeness(second)) is alike
    renamed = first.model_copy(update={"name": "b"})
    assert likeness(renamed) != likeness(first)


def resource(urn: str, parent: str, kind: str = "c") -> Resource:
    return Resource(urn=urn, type=kind, name=urn, action=Action.SAME, parent=parent)


def test_components_are_named_from_the_outside_in_and_the_stack_is_none() -> None:
    chain = [resource("s", "", "pulumi:pulumi:Stack"), resource("a", "s"), resource("b", "a"), resource("c", "b")]
    by_urn = {each.urn: each for each in chain}
    assert component(by_urn["c"], by_urn) == "a/b"
    assert component(by_urn["a"], by_urn) == ""
    assert component(resource("x", "nowhere"), by_urn) == ""


def test_a_circle_of_parents_ends() -> None:
    by_urn = {each.urn: each for each in (resource("a", "b"), resource("b", "a"))}
    assert component(by_urn["a"], by_urn).count("/") == DEEPEST - 1


def test_components_are_counted() -> None:
    found = rows(stack(create("vm", "a"), create("vm", "b"), create("longshore:index:Other", "o")))
    assert list(components(found)) == [("(top level)", 1), ("shop", 2)]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("vm", "vsphere VirtualMachine"),
        ("docker:index/service:Service", "docker Service"),
        ("pulumi:providers:docker", "pulumi docker"),
        ("swarm:index:Node", "swarm Node"),
    ],
)
def test_a_type_as_people_say_it(kind: str, said: str) -> None:
    (row,) = [row for row in rows(stack(create(kind, "x"))) if row.names == "x"]
    assert row.kind == said


def test_a_change_without_sides_makes_a_note() -> None:
    change = Change(path="x", kind="update")
    bare = resource("a", "").model_copy(update={"action": Action.UPDATE, "changes": (change,)})
    model = from_lines(log.lines()).model_copy(update={"resources": (bare,)})
    assert [row.note for row in rows(StackReview(model, ()))] == ["`x` (none) → (none)"]
