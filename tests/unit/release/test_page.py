from __future__ import annotations

import base64
import hashlib
import re

from release.page import render, short
from tests.unit.release.stories import SECOND, three

PAGE = render(three())


def test_it_needs_nothing_else_and_runs_no_script() -> None:
    assert "<script" not in PAGE
    assert not re.search(r"(src|href)=\"(?!#)", PAGE)
    [style] = re.findall(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    allowed = "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src '{allowed}'" in PAGE.replace("&#39;", "'")


def test_every_environment_has_a_row_a_section_and_a_column() -> None:
    for name in ("dev", "staging", "prod"):
        assert f'<a href="#{name}">{name}</a>' in PAGE
        assert f'<section id="{name}"' in PAGE
        assert f'<th scope="col">{name}</th>' in PAGE


def test_only_what_was_found_bad_is_red_and_opened() -> None:
    assert PAGE.count('<tr class="bad">') == 1
    assert PAGE.count("<details open>") == 1
    assert "no: http web / at 10.0.0.92" in PAGE
    assert "behind by 1 release, 2 commits, 2d" in PAGE


def test_values_are_text() -> None:
    assert "&lt;script&gt;" in PAGE


def test_an_image_is_shown_short_with_all_of_it_at_hand() -> None:
    image = SECOND.images["web"].pinned
    assert short(image) == "web:1.1 bbbbbbbb"
    assert f'<code title="{image}">web:1.1 bbbbbbbb</code>' in PAGE
