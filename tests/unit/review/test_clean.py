"""Texts without what a terminal or a browser obeys."""

from __future__ import annotations

import pytest

from review.clean import clean


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("tab\tand\nlines", "tab\tand\nlines"),
        ("grüße 世界 ✅", "grüße 世界 ✅"),
        ("<{%reset%}>red<{%fg 1%}>!", "red!"),
        ("<{%never closed", "<{%never closed"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[1;38;5;208mbold\x1b[m", "bold"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bMup", "up"),
        ("a\x00b\x07c\x7fd", "abcd"),
        ("line\r\nline", "line\nline"),
        ("over\rwritten", "overwritten"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("zero\u200bwidth\u200d\ufeff", "zerowidth"),
        ("isolate\u2066x\u2069", "isolatex"),
        ("soft\u00adhyphen\u061c", "softhyphen"),
        ("nel\x85csi\x9b31m", "nelcsi31m"),
        ("para\u2029graph\u2028", "paragraph"),
    ],
)
def test_what_is_obeyed_is_taken_out(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_nothing_is_left_of_a_sequence_inside_a_sequence() -> None:
    for nested in ("\x1b\x1b[31m[31mx", "\x1b[\x1b[0m31mx", "\x1b]0;\x1b[31mx\x07"):
        assert "\x1b" not in clean(nested)
        assert clean(clean(nested)) == clean(nested)
