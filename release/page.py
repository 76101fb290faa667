"""The status as one HTML page that needs nothing else: no server, no network, no script, no other file."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader

from release.gate import Gate, State
from release.shown import age, coming, lag, verified
from release.status import Row, Status, Verified
from release.words import moment

MARKS = {State.PASSED: "✓", State.OVERRIDDEN: "✓", State.WAITING: "…", State.FAILED: "✗", State.UNKNOWN: "?"}


def render(status: Status) -> str:
    """Return the page. Every value is text there: the template escapes it, and no script may run."""
    style = resources.files("release").joinpath("page", "status.css").read_text(encoding="utf-8")
    environment = Environment(loader=PackageLoader("release", "page"), autoescape=True, trim_blocks=True)
    environment.filters |= {"age": age, "lag": lag, "next": coming, "verified": verified, "moment": moment}
    template = environment.get_template("status.html.j2")
    services = sorted({name for row in status.rows for name in row.images})
    return template.render(
        status=status,
        services=services,
        style=style,
        style_hash=_hash(style),
        short=short,
        gate=told,
        tone=tone,
    )


def told(gate: Gate) -> dict[str, Any]:
    """Return a gate as the page shows it."""
    return {"mark": MARKS[gate.state], "state": gate.state.value, "name": gate.name, "found": gate.found}


def short(image: str) -> str:
    """Return an image as a column has room for it: name, tag and the digest's first digits."""
    reference, _, digest = image.partition("@")
    return f"{reference.rpartition('/')[2]} {digest.removeprefix('sha256:')[:8]}"


def tone(row: Row) -> str:
    """Return the tone of a row: an environment that lags is none of anybody's trouble."""
    return "bad" if row.verified is Verified.NO else "good" if row.verified is Verified.YES else "plain"


def _hash(text: str) -> str:
    """Return a text's hash as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
