"""Secrets known by value, found in whatever form they come."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from review.clean import clean
from review.known import SHORTEST, forms, pattern

SECRET = 'pa$$ "wörd" <&> 100%/+'


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        json.dumps({"a": json.dumps({"b": SECRET})}),
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        html.escape(SECRET),
        repr(SECRET),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"a{SECRET}".encode()).decode(),
        base64.b64encode(f"ab{SECRET}z".encode()).decode(),
        base64.urlsafe_b64encode(f"{SECRET}??>>".encode()).decode(),
    ],
    ids=lambda text: text[:24],
)
def test_every_form_gives_it_away(text: str) -> None:
    found = pattern([SECRET])
    assert found
    assert found.search(f"before {text} after")


@pytest.mark.parametrize("text", ["", "nothing", SECRET[:-1], SECRET.upper(), base64.b64encode(b"nothing").decode()])
def test_other_texts_do_not(text: str) -> None:
    found = pattern([SECRET])
    assert found
    assert not found.search(text)


@pytest.mark.parametrize("secret", ["", "a", "abc", " ab ", "\n\n\n\n"])
def test_a_secret_that_is_too_short_is_not_looked_for(secret: str) -> None:
    assert len(secret.strip()) < SHORTEST
    assert forms(secret) == set()
    assert pattern([secret]) is None


def test_no_secrets_make_no_pattern() -> None:
    assert pattern([]) is None


def test_the_longer_of_two_secrets_is_taken_whole() -> None:
    found = pattern(["hunter", "hunter22"])
    assert found
    assert found.sub("X", "hunter22 hunter2") == "X X2"


def test_each_longer_line_of_a_secret_is_one_too() -> None:
    found = pattern(["first-line\nshort\n  second-line\n"])
    assert found
    assert found.search("x: second-line")
    assert found.search("- first-line!")
    assert not found.search("short")


def test_a_secret_with_spaces_around_it_is_found_without_them() -> None:
    found = pattern(["  hunter2\n"])
    assert found
    assert found.search("(hunter2)")


@pytest.mark.parametrize("secret", ["tab\x0bbed-secret", "soft\u00adhyphen", "a\r\nb\r\nc", "zero\u200bwidth"])
def test_a_secret_with_what_is_cleaned_away_is_found_in_the_clean_text(secret: str) -> None:
    found = pattern([secret])
    assert found
    assert found.search(f"x {clean(secret)} y")


def test_a_secret_is_taken_literally_never_as_a_pattern() -> None:
    found = pattern(["a.*b(c"])
    assert found
    assert not found.search("a123b(c")
    assert found.search("a.*b(c")
