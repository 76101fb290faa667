"""The status page in a real browser, opened as a file: by keyboard, on a narrow screen. Needs no lab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from release.page import render
from tests.live.browser import Tab, browser
from tests.unit.release import stories

WIDE, NARROW = (1280, 900), (360, 740)
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture
def page(tab: Tab, tmp_path: Path) -> Tab:
    file = tmp_path / "status.html"
    file.write_text(render(stories.three()))
    screen(tab, WIDE)
    tab.open(file)
    return tab


def screen(tab: Tab, size: tuple[int, int]) -> None:
    tab.ask("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=False)


def press(tab: Tab, key: str) -> None:
    codes = {"Tab": 9, "Enter": 13}
    text = {"text": "\r"} if key == "Enter" else {}
    tab.ask("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=codes[key], **text)
    tab.ask("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=codes[key])


def focused(tab: Tab) -> str:
    return str(tab.value("document.activeElement.innerText"))


def test_a_wide_screen_shows_a_matrix(page: Tab) -> None:
    assert page.value("getComputedStyle(document.querySelector('tbody tr')).display") == "table-row"
    assert page.value("[...document.querySelectorAll('tbody th[scope=row] a')].map(each => each.innerText)") == [
        "dev", "staging", "prod",
    ]  # fmt: skip
    assert not page.value(TOO_WIDE)


def test_a_narrow_screen_shows_cards_with_every_name(page: Tab) -> None:
    screen(page, NARROW)
    assert page.value("getComputedStyle(document.querySelector('tbody tr')).display") == "block"
    names = page.value(
        "[...document.querySelector('tbody tr').querySelectorAll('td')]"
        ".map(each => getComputedStyle(each, '::before').content.replaceAll('\"', ''))"
    )
    assert names == ["release", "age", "verified", "lag", "drift", "next"]
    assert not page.value(TOO_WIDE)


def test_the_keyboard_reaches_and_opens_everything(page: Tab) -> None:
    reached = []
    for _ in range(7):
        press(page, "Tab")
        reached.append(focused(page).split(" of ")[0])
    assert reached == ["dev", "staging", "prod", "Checks", "Checks", "Gates", "Checks"]
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.value(outline) == "solid"
    closed = "document.activeElement.parentElement.open"
    assert page.value(closed) is False
    press(page, "Enter")
    assert page.value(closed) is True


def test_a_name_leads_to_its_environment(page: Tab) -> None:
    page.click("document.querySelectorAll('tbody th a')[2]")
    assert page.value("document.querySelector('section:target').id") == "prod"


def test_only_what_was_not_found_good_is_open_at_first(page: Tab) -> None:
    assert page.value("[...document.querySelectorAll('details[open] summary')].map(each => each.innerText)") == [
        f"Checks of {stories.SECOND.id}"
    ]


def test_what_a_value_says_is_text_and_nothing_was_asked_of_the_network(page: Tab) -> None:
    """The last one: of all the pages above."""
    assert page.value("document.title") == "Releases: what is where"
    assert page.value("document.querySelectorAll('script').length") == 0
    assert [url for url in page.requests if not url.startswith("file://")] == []
    assert page.complaints == []
