"""Any text: cleaned once and for all, masked once and for all, and never markup."""

from __future__ import annotations

import base64
import gzip
import html
import re

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from review.clean import clean
from review.decode import decode
from review.images import parse
from review.known import pattern
from review.lines import redact_lines
from review.redact import Redactor
from review.report.escape import code, comment, fence, literal, prose
from review.report.show import cap, show
from review.report.tree import fold

RELAXED = settings(max_examples=200, deadline=None)
PIECES = st.sampled_from(
    [
        "`",
        "``",
        "<b>",
        "&amp;",
        "@all",
        "#1",
        "!",
        "[x](y)",
        "|",
        "\n",
        "\\",
        "https://x",
        "www.x",
        "--",
        "*",
        "_",
        "\x1b[0m",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=6).map("".join)
LINES = st.lists(
    st.sampled_from(
        [
            "password: a b",
            "  - token: x",
            "tokens:",
            "- y",
            "  deep: z",
            "A=1",
            "DB_PASSWORD='q r'",
            "--secret s",
            "",
            "{",
            "}",
        ]
    ),
    max_size=8,
).map("\n".join)


@RELAXED
@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once_and_leaves_no_control_character(text: str) -> None:
    assume("<{%" not in text)
    once = clean(text)
    assert clean(once) == once
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", once)


@RELAXED
@given(LINES | TEXTS)
def test_masking_lines_twice_is_masking_once(text: str) -> None:
    once = redact_lines(text, lambda _: "«hidden»")
    assert redact_lines(once, lambda _: "«hidden»") == once
    assert once.count("\n") == text.count("\n")


@RELAXED
@given(LINES | TEXTS, st.sampled_from(["password", "note", "env"]))
def test_redacting_a_text_twice_is_redacting_it_once(text: str, name: str) -> None:
    redactor = Redactor()
    once = redactor.value(text, name)
    assert redactor.value(once, name) == once


@RELAXED
@given(TEXTS)
@example("\\`")
@example("a` `")
def test_prose_has_no_open_code_span_and_no_live_markup(text: str) -> None:
    shown = prose(text)
    assert shown.count("`") % 2 == 0
    outside = re.sub(r"`[^`]*`", "", shown)
    assert not re.search(r"[<>]", outside)
    assert not re.search(r"[@#][A-Za-z0-9]", outside)
    assert "://" not in outside.replace("://\u200b", "")
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_\[\]~|$]", outside.replace("\\\\", ""))


@RELAXED
@given(st.text(max_size=30))
def test_literal_text_can_be_read_back(text: str) -> None:
    assume("`" not in text and "\u200b" not in text)
    shown = re.sub(r"\\(.)", r"\1", literal(text)).replace("\u200b", "")
    assert html.unescape(shown) == html.unescape(html.escape(text, quote=False))


@RELAXED
@given(TEXTS)
def test_a_code_span_is_one_line_and_one_span(text: str) -> None:
    shown = code(text)
    assert shown == "" or (shown[0] == shown[-1] == "`" and shown.count("`") == 2 and len(shown) > 2)
    assert "\n" not in shown


@RELAXED
@given(st.lists(TEXTS.map(lambda text: text.replace("\n", " ")), max_size=4))
def test_nothing_inside_a_fence_can_end_it(lines: list[str]) -> None:
    first, *inside, last = fence(lines)
    assert inside == lines
    assert first == f"{last}diff"
    assert not any(last in line for line in inside)


@RELAXED
@given(TEXTS)
def test_a_comment_never_ends_early(text: str) -> None:
    assert not re.search(r"--|[<>]", comment(text))


@RELAXED
@given(st.text(max_size=400), st.integers(1, 300))
def test_a_value_is_one_line_of_bounded_length(text: str, longest: int) -> None:
    assert len(cap(text, longest)) <= longest + 30
    assert "\n" not in show("x", text)


@RELAXED
@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=9, max_size=80))
def test_what_was_encoded_is_read(text: str) -> None:
    assert decode(base64.b64encode(text.encode()).decode(), sure=True) == text
    assert decode(base64.b64encode(gzip.compress(text.encode())).decode()) == text


@RELAXED
@given(st.text(max_size=200) | st.binary(max_size=60).map(lambda raw: base64.b64encode(raw).decode()))
def test_decoding_never_fails(text: str) -> None:
    found = decode(text, sure=True)
    assert found is None or all(each.isprintable() or each in "\n\r\t" for each in found)


SECRETS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=4, max_size=24
)


@RELAXED
@given(SECRETS, st.binary(max_size=5), st.binary(max_size=5))
def test_a_known_secret_is_found_between_any_other_bytes_in_base64(secret: str, before: bytes, after: bytes) -> None:
    assume(len(secret.strip()) >= 4)
    assume(len(secret.strip().encode()) >= 8)
    found = pattern([secret])
    assert found
    encoded = base64.b64encode(before + secret.encode() + after).decode()
    assert found.search(encoded)
    assert found.search(encoded.replace("+", "-").replace("/", "_"))


@RELAXED
@given(st.lists(st.from_regex(r"[a-z]{1,3}-?[0-9]{0,3}", fullmatch=True), min_size=1, max_size=12, unique=True))
def test_folded_names_can_be_unfolded(names: list[str]) -> None:
    folded = fold(names)
    match = re.fullmatch(r"([^{]*)\{([^}]*)\}(.*)", folded)
    unfolded = [f"{match[1]}{middle}{match[3]}" for middle in match[2].split(",")] if match else [folded]
    assert sorted(unfolded) == sorted(names)


@RELAXED
@given(st.text(max_size=60))
def test_an_image_reference_is_read_whole_or_not_at_all(text: str) -> None:
    found = parse(text)
    if found:
        tag, digest = f":{found.tag}" if found.tag else "", f"@{found.digest}" if found.digest else ""
        assert f"{found.repo}{tag}{digest}" == text
