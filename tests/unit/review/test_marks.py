"""The marks, and the quick look for a text that a fast model depends on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.diff import leaves
from review.marks import COMPUTED, HIDDEN, SEALED, SECRET_SIGNATURE, SIGNATURE, holds, unmark
from review.redact import Redactor, conceal, settle

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6)
marked = scalars | st.sampled_from([HIDDEN, SEALED, COMPUTED, "«hidden:0a1b2c3d»", "x «hidden:0a1b2c3d» y"])
values = st.recursive(
    marked,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | marked.map(str), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(values, st.sampled_from([HIDDEN, "«hidden:"]))
def test_a_text_is_found_wherever_it_is_and_nowhere_else(value: Any, text: str) -> None:
    assert holds(value, text) == (text in json.dumps(value, ensure_ascii=False))


@pytest.mark.parametrize("value", [HIDDEN, [HIDDEN], {"a": {"b": [1, f"x{HIDDEN}"]}}, {HIDDEN: 1}])
def test_it_is_found_in_texts_lists_values_and_names(value: Any) -> None:
    assert holds(value, HIDDEN)
    assert not holds(value, "«hidden:")


@given(values)
def test_a_settled_value_has_no_token_left_and_settling_again_changes_nothing(value: Any) -> None:
    settled = settle(value)
    assert not holds(settled, "«hidden:")
    assert settle(settled) == settled


@given(values)
def test_two_equal_sides_stay_as_they_are(value: Any) -> None:
    assert conceal(value, value) == (value, value)


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        ({"a": 1, "b": "x"}, {"a": 1, "b": "x"}, []),
        ({"a": 1}, {"a": True}, ["a"]),
        ({"a": 0}, {"a": False}, ["a"]),
        ({"a": 4}, {"a": 4.0}, []),
        ({"a": None}, {"a": None}, []),
        ({"a": None}, {}, []),
        ({"a": "1"}, {"a": 1}, ["a"]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, ["a.c"]),
    ],
)
def test_scalars_that_are_alike_are_passed_by_and_no_others(
    before: dict[str, Any], after: dict[str, Any], paths: list[str]
) -> None:
    assert [leaf.path for leaf in leaves(before, after)] == paths


def test_a_secret_of_pulumi_is_sealed() -> None:
    assert unmark({SIGNATURE: SECRET_SIGNATURE, "ciphertext": "c"}) == SEALED
    assert Redactor().value({"a": {SIGNATURE: SECRET_SIGNATURE, "ciphertext": "c"}}) == {"a": SEALED}
