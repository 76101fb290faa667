"""The stamp under which a report is found again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.publish.comment import Text

orders = st.lists(st.integers(0, 10**12), max_size=3).map(tuple)
texts = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), texts, orders)
def test_what_is_published_is_read_back(key: str, text: str, order: tuple[int, ...]) -> None:
    published = Text(key, text, order)
    assert Text.parse(published.body) == published


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_key_ends_the_hidden_comment(key: str) -> None:
    first = Text(key, "text").body.splitlines()[0]
    assert first.startswith("<!-- ")
    assert first.index("-->") == len(first) - 3
    assert "--" not in first[4:-3]


@given(texts)
def test_what_platforms_do_to_white_space_makes_no_difference(text: str) -> None:
    published = Text("shop", text)
    stored = Text.parse(published.body.replace("\n", "\r\n").rstrip())
    assert stored is not None
    assert stored.says_the_same(published)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "a comment",
        "<!-- longshore:comment v1 key=shop -->\ntext",
        "<!-- longshore:comment v2 key=shop order= hash=" + "0" * 32 + " -->\ntext",
        "hello\n" + Text("shop", "text").body,
        "> " + Text("shop", "text").body,
    ],
)
def test_other_comments_are_not_ours(body: str) -> None:
    assert Text.parse(body) is None


@pytest.mark.parametrize(
    ("mine", "theirs", "older"),
    [((1,), (2,), True), ((2,), (2,), False), ((2, 1), (2, 2), True), ((), (2,), False), ((2,), (), False)],
)
def test_which_of_two_runs_is_the_older(mine: tuple[int, ...], theirs: tuple[int, ...], older: bool) -> None:
    assert Text("shop", "a", mine).is_older_than(Text("shop", "b", theirs)) is older


def test_a_different_word_is_a_different_report() -> None:
    assert not Text("shop", "one").says_the_same(Text("shop", "two"))
    assert not Text("shop", "one").says_the_same(Text("other", "one"))
