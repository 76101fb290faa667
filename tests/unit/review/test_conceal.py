"""Both sides of a change: what is hidden on one is hidden on the other, item by item."""

from __future__ import annotations

from typing import Any

import pytest

from review.marks import COMPUTED, HIDDEN, SEALED
from review.redact import Redactor, conceal, settle

TOKEN = Redactor().value("x", "password")


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a", "b", ("a", "b")),
        ("a", SEALED, (HIDDEN, SEALED)),
        (SEALED, "b", (SEALED, HIDDEN)),
        (SEALED, SEALED, (SEALED, SEALED)),
        ("a", HIDDEN, (HIDDEN, HIDDEN)),
        ("a", TOKEN, (HIDDEN, HIDDEN)),
        (TOKEN, SEALED, (HIDDEN, SEALED)),
        (None, SEALED, (None, SEALED)),
        (SEALED, None, (SEALED, None)),
        ("", SEALED, ("", SEALED)),
        (SEALED, COMPUTED, (SEALED, COMPUTED)),
        (COMPUTED, TOKEN, (COMPUTED, HIDDEN)),
        (3, SEALED, (HIDDEN, SEALED)),
        (0, SEALED, (HIDDEN, SEALED)),
        ({"a": "b"}, SEALED, (HIDDEN, SEALED)),
        (SEALED, ["a"], (SEALED, HIDDEN)),
        ({"a": "b", "c": "d"}, {"a": SEALED, "c": "e"}, ({"a": HIDDEN, "c": "d"}, {"a": SEALED, "c": "e"})),
        ({"a": {"b": "c"}}, {"a": {"b": TOKEN}}, ({"a": {"b": HIDDEN}}, {"a": {"b": HIDDEN}})),
        ({"a": "b"}, {"c": SEALED}, ({"a": "b"}, {"c": SEALED})),
        (["a", "b"], [SEALED], ([HIDDEN, "b"], [SEALED])),
    ],
)
def test_a_leaf_that_one_side_hides_is_hidden_on_both(before: Any, after: Any, shown: tuple[Any, Any]) -> None:
    assert tuple(map(settle, conceal(before, after))) == shown


def test_items_are_paired_by_what_identifies_them() -> None:
    before = [{"name": "a", "value": "open"}, {"name": "b", "value": "shut"}]
    after = [{"name": "b", "value": SEALED}, {"name": "a", "value": "open"}]
    old, new = conceal(before, after)
    assert old == [{"name": "a", "value": "open"}, {"name": "b", "value": HIDDEN}]
    assert new == after


def test_concealing_leaves_what_it_was_given_as_it_was() -> None:
    before, after = {"a": ["x", {"b": "y"}]}, {"a": [SEALED, {"b": SEALED}]}
    conceal(before, after)
    assert before == {"a": ["x", {"b": "y"}]}


@pytest.mark.parametrize(
    ("value", "settled"),
    [
        (TOKEN, HIDDEN),
        (f"pw={TOKEN} and {TOKEN}", f"pw={HIDDEN} and {HIDDEN}"),
        ({TOKEN: [TOKEN, 1, None, {"a": TOKEN}]}, {HIDDEN: [HIDDEN, 1, None, {"a": HIDDEN}]}),
        ("«hidden:nothex!»", "«hidden:nothex!»"),
        (SEALED, SEALED),
        (True, True),
    ],
)
def test_settling_leaves_one_mark_for_every_token(value: Any, settled: Any) -> None:
    assert settle(value) == settled
    assert settle(settle(value)) == settled
