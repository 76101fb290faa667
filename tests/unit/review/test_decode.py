"""Texts inside encodings: which are opened, which are left alone, and how much of one."""

from __future__ import annotations

import base64
import gzip
import os

import pytest

from review.decode import LIMIT, decode


def base(raw: bytes | str) -> str:
    return base64.b64encode(raw.encode() if isinstance(raw, str) else raw).decode()


def packed(text: str) -> str:
    return base(gzip.compress(text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        "#cloud-config\nhostname: a\n",
        "server {\n\tlisten 80;\r\n}\n",
        '{"log-level": "debug"}',
        "nine okay",
        "=" * 9,
    ],
)
@pytest.mark.parametrize("sure", [True, False])
def test_plain_text_in_base64_is_read(text: str, sure: bool) -> None:
    assert decode(base(text), sure) == text


def test_text_that_is_not_english_is_read_where_the_place_or_the_packing_says_so() -> None:
    text = "grüße: 世界, and more of it\n"
    assert decode(base(text), sure=True) == text
    assert decode(packed(text)) == text


def test_lines_of_base64_and_its_alphabet_for_urls_are_read() -> None:
    text = "?>" * 30 + "~~~ some text"
    wrapped = base64.encodebytes(text.encode()).decode()
    assert "\n" in wrapped.strip()
    assert decode(wrapped) == text
    url = base64.urlsafe_b64encode(text.encode()).decode()
    assert "-" in url or "_" in url
    assert decode(url) == text
    assert decode(url.rstrip("=")) == text


@pytest.mark.parametrize(
    "value",
    [
        "production",
        "shop-managers-1",
        "registry.acme/web:1.8.2",
        "PasswordPolicyDefault",
        "workersworkersworkers",
        "d41d8cd98f00b204e9800998ecf8427e",
        "4c4c4544-0042-3510-8052-b4c04f4a3333",
        "",
        "    ",
        "not base64, as it says!",
    ],
)
def test_words_names_and_identifiers_stay_what_they_are(value: str) -> None:
    assert decode(value) is None


@pytest.mark.parametrize("size", [16, 32, 256])
def test_bytes_that_are_no_text_are_left_alone(size: int) -> None:
    raw = bytes([0xFF, 0x00]) + os.urandom(size)
    assert decode(base(raw), sure=True) is None


def test_a_text_of_other_letters_is_believed_only_where_the_place_says_it_is_encoded() -> None:
    assert decode(base("größenwahn"), sure=True) == "größenwahn"
    assert decode(base("größenwahn")) is None


def test_a_broken_archive_is_left_alone() -> None:
    head = gzip.compress(b"#cloud-config\n" * 100)[:12]
    assert decode(base(head + b"\xff" * 20), sure=True) is None


def test_an_archive_up_to_the_limit_is_read_and_one_beyond_it_is_not() -> None:
    assert decode(packed("a" * (LIMIT - 1)), sure=True) == "a" * (LIMIT - 1)
    assert decode(packed("a" * (LIMIT + 1)), sure=True) is None


def test_a_value_over_the_limit_is_not_even_tried() -> None:
    assert decode(base("a " * LIMIT), sure=True) is None


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u00a0", "\u2028"])
def test_marks_that_nobody_sees_do_not_make_it_bytes(mark: str) -> None:
    text = f"{mark}#cloud-config\npassword: x\n"
    assert decode(base(text), sure=True) == text


def test_control_characters_make_it_no_text() -> None:
    assert decode(base("a bell \x07 rings here"), sure=True) is None
    assert decode(base("\x1b[31mred alert\x1b[0m"), sure=True) is None
