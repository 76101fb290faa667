"""Why something is replaced, in words."""

from __future__ import annotations

import pytest

from review.model import Action, Change, Resource
from review.reasons import SYNTHETIC, because, past

GONE = Resource(urn="u", type="t", name="n", action=Action.REPLACE)


def forced(*paths: str, replaces: bool = True) -> tuple[Change, ...]:
    return tuple(Change(path=path, kind="update", before=1, after=2, replaces=replaces) for path in paths)


@pytest.mark.parametrize(
    ("update", "clause"),
    [
        ({"changes": forced("a.b", "c"), "reasons": ("a", "c")}, "`a.b` changes, `c` changes"),
        ({"changes": forced("a", replaces=False), "reasons": ("b",)}, "`b` changes"),
        ({"reasons": ("b", "b")}, "`b` changes"),
        ({"reasons": ("provider", "x")}, "its provider's configuration changes, `x` changes"),
        ({}, "the engine does not say why"),
        ({"action": Action.DELETE, "reasons": ("x",)}, "it is no longer declared"),
    ],
)
def test_the_reason(update: dict[str, object], clause: str) -> None:
    assert because(GONE.model_copy(update=update)) == clause


@pytest.mark.parametrize("reason", sorted(SYNTHETIC))
def test_a_reason_that_is_no_property_is_said_in_words(reason: str) -> None:
    assert because(GONE.model_copy(update={"reasons": (reason,)})) == SYNTHETIC[reason]
    assert "`" not in SYNTHETIC[reason]


@pytest.mark.parametrize(
    ("action", "order", "word"),
    [
        (Action.REPLACE, "delete-first", "replaced (deleted first)"),
        (Action.REPLACE, "create-first", "replaced (created first)"),
        (Action.REPLACE, "", "replaced"),
        (Action.DELETE, "", "deleted"),
        (Action.CREATE, "", "created"),
        (Action.UPDATE, "", "updated"),
        (Action.IMPORT, "", "import"),
    ],
)
def test_what_becomes_of_it(action: Action, order: str, word: str) -> None:
    assert past(GONE.model_copy(update={"action": action, "order": order})) == word
