"""Any two values: their difference is empty exactly when they are equal, and says where and what."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from review.diff import leaves
from review.model import Change
from review.paths import child, item, lookup, parse, root, shape
from review.redact import conceal
from review.report.lines import lines

NAMES = st.text(min_size=1, max_size=8).filter(lambda name: not name.startswith("__"))
SCALARS = st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b", "A=1"])
TREES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
KEYED = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from("abcdef"), "size": SCALARS}),
    max_size=5,
    unique_by=lambda each: each["name"],
)
RELAXED = settings(max_examples=150, deadline=None)


def exactly(value: Any) -> Any:
    """A value that is equal to another only when its types are, too."""
    if isinstance(value, dict):
        return {key: exactly(each) for key, each in value.items()}
    if isinstance(value, list):
        return [exactly(each) for each in value]
    return (isinstance(value, bool), value)


@RELAXED
@given(TREES, TREES)
def test_trees_differ_exactly_when_they_have_leaves_that_differ(before: Any, after: Any) -> None:
    assert (list(leaves(before, after)) == []) is (exactly(before) == exactly(after))


@RELAXED
@given(VALUES)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert list(leaves(value, value)) == []


@RELAXED
@given(VALUES, VALUES)
def test_lists_that_differ_show_at_least_one_leaf_unless_only_their_order_does(before: Any, after: Any) -> None:
    found = list(leaves({"x": before}, {"x": after}))
    if not found:
        assert sorted(map(str, flat(before))) == sorted(map(str, flat(after)))


def flat(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [(key, each) for key in value for each in flat(value[key])] or [{}]
    if isinstance(value, list):
        return [each for one in value for each in flat(one)]
    return [value]


@RELAXED
@given(TREES, TREES)
def test_a_leaf_s_path_leads_to_its_sides(before: Any, after: Any) -> None:
    for leaf in leaves(before, after):
        assert lookup(before, leaf.path) == leaf.before
        assert lookup(after, leaf.path) == leaf.after
        assert leaf.kind == ("add" if leaf.before is None else "delete" if leaf.after is None else "update")


@RELAXED
@given(TREES, TREES)
def test_the_way_back_is_the_same_with_its_sides_exchanged(before: Any, after: Any) -> None:
    swapped = {"add": "delete", "delete": "add", "update": "update"}
    there = {(leaf.path, leaf.kind, repr(leaf.before), repr(leaf.after)) for leaf in leaves(before, after)}
    back = {(leaf.path, swapped[leaf.kind], repr(leaf.after), repr(leaf.before)) for leaf in leaves(after, before)}
    assert there == back


@RELAXED
@given(KEYED, KEYED, st.randoms(use_true_random=False))
def test_the_order_of_named_items_is_no_difference(before: list[Any], after: list[Any], random: Any) -> None:
    usual = set(map(str, leaves({"x": before}, {"x": after})))
    random.shuffle(before)
    random.shuffle(after)
    assert set(map(str, leaves({"x": before}, {"x": after}))) == usual


@RELAXED
@given(TREES, TREES)
def test_concealing_two_open_values_changes_neither(before: Any, after: Any) -> None:
    assert conceal(before, after) == (before, after)


@RELAXED
@given(st.lists(st.text(max_size=10), min_size=1, max_size=4))
def test_a_path_made_of_names_is_read_back(names: list[str]) -> None:
    path = ""
    for name in names:
        path = child(path, name)
    assert parse(path) == tuple(names)
    assert root(path) == names[0]


@RELAXED
@given(st.from_regex(r"[a-z]{1,5}", fullmatch=True), st.integers(0, 99), st.from_regex(r"[a-z/:]{1,9}", fullmatch=True))
def test_items_by_index_and_by_key_have_the_same_shape(name: str, index: int, key: str) -> None:
    assert shape(item(name, index)) == shape(item(name, key)) == f"{name}[]"
    assert parse(item(name, key)) == (name, key)
    assert parse(item(name, index)) == (name, index)


DOCUMENTS = VALUES | st.sampled_from(["{}", "[]", '{"a": 1}', '{"a": [1, 1]}', "A=1\nB=2", "A=2\nA=1", "---\na: 1\n"])
LONG = st.lists(st.sampled_from(["a", "b", "", "A=1", "- x", "k: v", "{", "#cloud-config"]), max_size=7).map("\n".join)


@RELAXED
@given(DOCUMENTS | LONG, DOCUMENTS | LONG, st.sampled_from(["x", 'extraConfig["guestinfo.userdata"]', "a.image"]))
def test_every_change_is_shown_on_at_least_one_line_with_a_sign(before: Any, after: Any, path: str) -> None:
    found = lines(Change(path=path, kind="update", before=before, after=after))
    assert any(line.sign != " " for line in found)
    assert all("\n" not in line.text for line in found)
