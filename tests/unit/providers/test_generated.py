"""Generated secrets: drawn once, drawn anew when asked, foreseen truly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.swarm.generated import GeneratedSecretHandler, drawn
from providers.swarm.properties import UNKNOWN
from tests.unit.providers.world import World

handler = GeneratedSecretHandler()
ASKED: dict[str, Any] = {"name": "db", "length": 32, "alphabet": "abcdef0123456789", "rotation": "1"}


@given(st.integers(1, 200), st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_it_has_its_length_and_its_alphabets_characters(length: int, alphabet: str) -> None:
    text = drawn({"length": length, "alphabet": alphabet})
    assert len(text) == length
    assert set(text) <= set(alphabet)


def test_no_two_are_alike() -> None:
    call = World("m1").call
    assert len({handler.create(ASKED, call).outputs["value"] for _ in range(50)}) == 50


@pytest.mark.parametrize("change", [{"length": 33}, {"alphabet": "abc"}, {"rotation": "2"}])
def test_what_makes_another_one_draws_and_foresees_another_one(change: dict[str, Any]) -> None:
    old, new = ASKED | {"value": "before"}, ASKED | change
    diff = handler.diff(old, new)
    assert (list(diff.detailed_diff), diff.replaces) == ([*change], [])
    assert handler.foresee(new, old)["value"] is UNKNOWN
    assert handler.update("db", old, new, World("m1").call)["value"] != "before"


def test_otherwise_it_stays() -> None:
    old, renamed = ASKED | {"value": "before"}, ASKED | {"name": "database"}
    call = World("m1").call
    assert not handler.diff(old, renamed).changes
    assert handler.foresee(renamed, old)["value"] == "before"
    assert handler.update("db", old, renamed, call)["value"] == "before"
    assert handler.read("db", old, ASKED, call).outputs == old
    handler.delete("db", old, call)


def test_a_first_preview_does_not_know_it() -> None:
    assert handler.foresee(ASKED, None)["value"] is UNKNOWN


def test_what_is_wrong_is_named() -> None:
    assert {each.property for each in handler.check({}, {"length": 0, "alphabet": 5}).failures} == set(ASKED)
    assert handler.check({}, ASKED).failures == []
