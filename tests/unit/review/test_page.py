"""The HTML page: whole in itself, and deaf to whatever its data says."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

from review.redact import Redactor
from review.report.content import StackReview
from review.report.graph import graph
from review.report.page import render
from tests.unit.review import fixtures, log, stories


class Parts(HTMLParser):
    """The scripts, styles and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside, self.policy = "", ""
        self.texts: dict[str, str] = {}
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [str(given[name]) for name in ("src", "href") if name in given]
        if tag == "meta" and "http-equiv" in given:
            self.policy = str(given["content"])
        self.inside = "data" if given.get("id") == "data" else tag if tag in ("script", "style") else ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[self.inside] = self.texts.get(self.inside, "") + data

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag in ("script", "style") else self.inside


def data(page: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Parts(page).texts["data"])
    return content


def test_the_page_needs_nothing_else() -> None:
    page = render(stories.three_stacks())
    assert Parts(page).addresses == []
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|innerHTML", page)


def test_only_its_own_script_and_style_may_run() -> None:
    parts = Parts(render(stories.three_stacks()))
    for name in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(parts.texts[name].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in parts.policy
    assert "default-src 'none'" in parts.policy


def test_nothing_in_the_data_can_end_its_element() -> None:
    nasty = "</script><script>alert(1)</script><!-- &amp;"
    page = render(stories.review_of((nasty, [log.steps("update", log.VM, nasty, {"a": 1}, {"a": nasty})])))
    assert page.count("<script") == 2
    assert nasty in data(page)["stacks"][0]["nodes"][0]["name"]


def test_the_page_holds_every_stack_with_its_risks_on_its_resources() -> None:
    prod = data(render(stories.three_stacks()))["stacks"][2]
    lost = next(risk for risk in prod["risks"] if risk["rule"] == "SWARM-QUORUM-LOST")
    assert (prod["name"], lost["severity"]) == ("prod", 3)
    assert {prod["nodes"][number]["name"] for number in lost["nodes"]} == {f"shop-managers-{n}" for n in (1, 2, 3)}


def test_the_graph_has_parents_and_what_names_another_s_identifier() -> None:
    body = {
        "steps": [
            {"op": "same", "type": "longshore:index:DockerCluster", "name": "shop", "old": {}},
            {"op": "same", "type": "network", "name": "front", "old": {"name": "front"}},
            {"op": "same", "type": "service", "name": "web", "old": {"taskSpec": {"networks": ["id-front"]}}},
        ]
    }
    model = fixtures.model(body)
    nodes = graph(StackReview.of(model))["nodes"]
    by_name = {node["name"]: node for node in nodes}
    assert nodes[by_name["web"]["parent"]]["name"] == "shop"
    assert [nodes[number]["name"] for number in by_name["web"]["uses"]] == ["front"]


def test_the_page_gives_no_secret_away() -> None:
    page = render(stories.three_stacks())
    assert "hunter" not in page
    assert Redactor(["hunter2", "hunter3"]).verify(page)
