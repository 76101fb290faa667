"""No key of the published schema is without a fate, and the page that tells them is fresh."""

from __future__ import annotations

import json

from spec.compose.keys import KEYS
from spec.compose.page import page
from tests.conftest import ROOT


def published() -> set[str]:
    schema = json.loads((ROOT / "spec" / "compose" / "compose-spec.json").read_text())
    return set(schema["definitions"]["service"]["properties"])


def test_every_key_of_the_published_schema_has_a_fate() -> None:
    assert set(KEYS) == published()


def test_what_is_left_out_or_refused_has_an_alternative() -> None:
    assert not [name for name, key in KEYS.items() if key.status != "honoured" and not key.says]


def test_the_page_is_fresh() -> None:
    assert (ROOT / "docs" / "compose.md").read_text() == page(), "write it anew: python -m spec.compose.page"
