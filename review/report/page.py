"""The report as one HTML page that needs nothing else: no server, no network, no other file."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader

from review.report.content import Review
from review.report.graph import graph
from review.report.remarks import banners


def render(review: Review) -> str:
    """Return the page. What is in the data is only ever shown as text, and only our own script may run."""
    style, script = _part("page.css"), _part("page.js")
    template = Environment(loader=PackageLoader("review.report", "page"), autoescape=True).get_template("page.html.j2")
    return template.render(
        title=f"Infrastructure review: {review.headline()}",
        verdict=review.verdict.name.lower(),
        facts=[*banners(review), *_facts(review)],
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=_embedded({"stacks": [graph(stack) for stack in review.stacks]}),
    )


def _facts(review: Review) -> list[object]:
    return [review.project, review.head[:7], f"change {review.fingerprint()[:12]}", *review.provenance.items()]


def _part(name: str) -> str:
    return resources.files("review.report").joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return a text's hash as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _embedded(value: Any) -> str:
    """Return JSON that can't end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
