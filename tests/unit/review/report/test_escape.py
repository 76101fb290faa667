"""Texts that are shown and never obeyed, in prose, in code, in summaries and in comments."""

from __future__ import annotations

import pytest

from review.report.dialect import DIALECTS, GITHUB, GITLAB, PLAIN, Dialect
from review.report.escape import code, comment, fence, literal, prose
from review.report.fold import folded, quoted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, with (brackets) & more", "plain, with (brackets) &amp; more"),
        ("*bold* _it_ ~no~ $x$", "\\*bold\\* \\_it\\_ \\~no\\~ \\$x\\$"),
        ("[a](b) | c", "\\[a\\](b) \\| c"),
        ("back\\slash", "back\\\\slash"),
        ("<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"),
        ("`code`", "'code'"),
        ("@team #12 !34 ![x]", "@\u200bteam #\u200b12 !\u200b34 !\\[x\\]"),
        ("a@b.c", "a@\u200bb.c"),
        ("50 # 60", "50 # 60"),
        ("https://x ftp://y", "https://\u200bx ftp://\u200by"),
        ("WWW.example.org", "WWW\u200b.example.org"),
    ],
)
def test_literal_text(text: str, shown: str) -> None:
    assert literal(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`a` and `b`", "`a` and `b`"),
        ("`a*b` *c*", "`a*b` \\*c\\*"),
        ("`@team`: @team", "`@team`: @\u200bteam"),
        ("``", ""),
        ("a `b", "a 'b"),
        ("`a` `b", "`a` 'b"),
        ("  spaced \n out  ", "spaced out"),
        ("", ""),
    ],
)
def test_prose_keeps_code_and_nothing_else(text: str, shown: str) -> None:
    assert prose(text) == shown


@pytest.mark.parametrize(("text", "shown"), [("abcdef", "abcde…"), ("a `bcdef` g", "a 'bc…"), ("`a` `b` c", "`a` '…")])
def test_prose_is_cut_without_an_open_end(text: str, shown: str) -> None:
    assert prose(text, 5) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a", "`a`"), ("a`b``c", "`a'b''c`"), (" a\n b ", "`a b`"), ("", ""), ("\n", ""), ("<b>", "`<b>`")],
)
def test_code_spans(text: str, shown: str) -> None:
    assert code(text) == shown


@pytest.mark.parametrize(
    ("lines", "ticks"), [([], 3), (["+ a"], 3), (["+ ```"], 4), (["- `````", "+ ``"], 6), (["+ `` ` ``"], 3)]
)
def test_a_fence_is_longer_than_what_it_holds(lines: list[str], ticks: int) -> None:
    assert fence(lines) == [f"{'`' * ticks}diff", *lines, "`" * ticks]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("project=shop head=3f2c", "project=shop head=3f2c"),
        ("--> <script>", "- script"),
        ("a--b", "a-b"),
        ("new\nline", "newline"),
    ],
)
def test_a_comment_can_not_end_early(text: str, shown: str) -> None:
    assert comment(text) == shown


@pytest.mark.parametrize("text", ["-----", "a---->b", "----", "- -", "--!>"])
def test_no_comment_holds_two_dashes(text: str) -> None:
    assert "--" not in comment(text)


@pytest.mark.parametrize("dialect", [GITHUB, GITLAB], ids=lambda dialect: str(dialect.name))
def test_a_part_folds_where_the_place_can_fold(dialect: Dialect) -> None:
    assert list(folded("a & <b>", ["x"], dialect)) == [
        "<details><summary>a &amp; &lt;b&gt;</summary>", "", "x", "", "</details>", ""
    ]  # fmt: skip
    assert next(iter(folded("a", [], dialect, is_open=True))) == "<details open><summary>a</summary>"


def test_a_part_has_a_heading_where_nothing_folds() -> None:
    assert list(folded("a <b>", ["x"], PLAIN)) == ["### a &lt;b&gt;", "", "x", ""]


@pytest.mark.parametrize(
    ("title", "shown"),
    [("@team #1", "@\u200bteam #\u200b1"), ("`a`", "'a'"), ("&lt;", "&amp;lt;"), ("x" * 400, "x" * 300)],
)
def test_a_summary_is_text(title: str, shown: str) -> None:
    assert next(iter(folded(title, [], GITHUB))) == f"<details><summary>{shown}</summary>"


def test_what_stands_out_is_an_alert_or_a_quotation() -> None:
    assert list(quoted(["a", "", "b"], "CAUTION", GITHUB)) == ["> [!CAUTION]", "> a", ">", "> b"]
    assert list(quoted(["a", "", "b"], "CAUTION", GITLAB)) == ["> a", ">", "> b"]


def test_every_dialect_stays_below_its_place_s_limit() -> None:
    limits = {"github": 65_536, "github-summary": 1024**2, "gitlab": 1_000_000, "plain": 1_000_000}
    assert {name: dialect.budget < limits[name] for name, dialect in DIALECTS.items()} == dict.fromkeys(limits, True)
