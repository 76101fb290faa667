"""The committed schemas are those of the models."""

from __future__ import annotations

import pytest

from release.schema import Noun, schema
from tests.conftest import ROOT


@pytest.mark.parametrize("noun", list(Noun))
def test_the_committed_schema_is_fresh(noun: Noun) -> None:
    committed = ROOT / "stacks" / f"{noun}.schema.json"
    assert committed.read_text() == schema(noun), f"longshore release schema {noun} > stacks/{noun}.schema.json"
