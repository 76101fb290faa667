"""The HTML report in a real browser, opened as a file. Needs no lab."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from review.report.page import render
from tests.live.browser import Tab, browser
from tests.unit.review import stories

NODES = "[...document.querySelectorAll('#graph g.node')].map(each => each.dataset.name)"


def node(name: str) -> str:
    return f"document.querySelector('#graph g.node[data-name={json.dumps(name)}] rect')"


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    folder = tmp_path_factory.mktemp("browser")
    with browser(folder) as opened:
        yield opened


@pytest.fixture
def page(tab: Tab, tmp_path: Path) -> Tab:
    file = tmp_path / "review.html"
    file.write_text(render(stories.three_stacks()))
    tab.open(file)
    return tab


def nodes(tab: Tab) -> list[str]:
    found: list[str] = tab.value(NODES)
    return found


def text(tab: Tab, identifier: str) -> str:
    return str(tab.value(f"document.getElementById({json.dumps(identifier)}).innerText"))


def test_it_opens_on_the_stack_with_the_blocker(page: Tab) -> None:
    assert page.value("document.querySelector('#stacks [aria-selected=true]').innerText") == "prod: blocked"
    assert "SWARM-QUORUM-LOST" in text(page, "risks")
    assert "shop-managers-1" in nodes(page)
    assert "3 replace" in text(page, "legend")


def test_a_node_folds_and_unfolds(page: Tab) -> None:
    before = nodes(page)
    page.click(node("shop"))
    assert nodes(page) == ["shop"]
    page.click(node("shop"))
    assert nodes(page) == before
    assert len(before) > 5


def test_the_search_finds_names_and_properties_with_the_way_to_them(page: Tab) -> None:
    page.type("search", "workers-2")
    assert nodes(page) == ["shop", "shop-workers-2"]
    page.type("search", "templateuuid")
    assert nodes(page) == ["shop", "shop-managers-1", "shop-managers-2"]
    page.type("search", "no such thing")
    assert nodes(page) == []
    assert text(page, "graph") == "nothing found"


def test_a_chosen_node_shows_what_changes_and_why_it_is_risky(page: Tab) -> None:
    page.click(node("shop-managers-2"))
    detail = text(page, "detail")
    assert "debian-12-v2" in detail
    assert "SWARM-QUORUM-LOST" in detail


def test_before_after_and_unchanged_choose_what_is_drawn(page: Tab) -> None:
    assert "api-token" in nodes(page)
    page.click("document.getElementById('before')")
    assert "api-token" not in nodes(page)
    page.click("document.getElementById('after')")
    assert "api-token" in nodes(page)
    changed = len(nodes(page))
    page.click("document.getElementById('unchanged')")
    assert len(nodes(page)) > changed


def test_another_stack_is_one_click_away(page: Tab) -> None:
    page.click("document.querySelector('#stacks button')")
    assert page.value("document.querySelector('#stacks [aria-selected=true]').innerText") == "dev: ok"
    assert "shop-managers-1" not in nodes(page)


def test_remarks_and_what_is_pending_already_are_told(tab: Tab, tmp_path: Path) -> None:
    review = stories.three_stacks()
    prod = review.stacks[-1]
    urns = frozenset(urn for risk in prod.risks for urn in risk.urns)
    told = replace(prod, pending=urns, remarks=("an acknowledgement is void",))
    file = tmp_path / "pending.html"
    file.write_text(render(replace(review, stacks=(told,))))
    tab.open(file)
    risks = text(tab, "risks")
    assert "an acknowledgement is void" in risks
    assert "already pending, not by this change" in risks
    tab.click(node("shop-managers-2"))
    assert "already pending, not by this change" in text(tab, "detail")


def test_what_a_value_says_is_text(tab: Tab, tmp_path: Path) -> None:
    evil = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    steps = stories.steps("update", "vm", "w1", stories.machine("w1"), stories.machine("w1", annotation=evil))
    file = tmp_path / "evil.html"
    file.write_text(render(stories.review_of(("dev", [steps]))))
    tab.open(file)
    tab.click(node("w1"))
    assert "onerror" in text(tab, "detail")
    assert tab.value("document.title") != "owned"
    assert tab.value("document.querySelectorAll('img').length") == 0


def test_ten_thousand_resources_can_still_be_searched(tab: Tab, tmp_path: Path) -> None:
    groups = [
        stories.steps("update", "vm", f"w{n}", stories.machine(f"w{n}"), stories.machine(f"w{n}", memory=8192))
        for n in range(10_000)
    ]
    file = tmp_path / "many.html"
    file.write_text(render(stories.review_of(("dev", groups))))
    tab.open(file)
    tab.type("search", "w9876")
    assert nodes(tab) == ["w9876"]


def test_nothing_was_asked_of_the_network_and_nothing_complained_of(page: Tab) -> None:
    """The last one: of all the pages above."""
    assert page.requests
    assert [url for url in page.requests if not url.startswith("file://")] == []
    assert page.complaints == []
