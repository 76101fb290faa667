"""Counts with their nouns."""

from __future__ import annotations

import pytest

from review.words import counted


@pytest.mark.parametrize(("count", "says"), [(0, "0 changes"), (1, "1 change"), (2, "2 changes")])
def test_a_noun_agrees_with_its_count(count: int, says: str) -> None:
    assert counted(count, "change") == says
