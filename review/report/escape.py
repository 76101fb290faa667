"""Texts that a Markdown page shows and never obeys: no markup, no mention, no link comes out of a value."""

from __future__ import annotations

import html
import re

ZERO_WIDTH = "\u200b"
_SPECIAL = re.compile(r"([\\*_\[\]~|$])")
_LIVE = re.compile(r"([@#!])(?=[\w\[])")
_SCHEME = re.compile(r"(://|www(?=\.))", re.IGNORECASE)
_RUNS = re.compile(r"`+")


def prose(text: str, longest: int = 600) -> str:
    """Return a sentence as Markdown: what stands between backticks stays code, all else is literal text."""
    flat = " ".join(text.split())
    parts = (flat if len(flat) <= longest else flat[:longest] + "…").split("`")
    balanced = len(parts) % 2 == 1
    shown = []
    for index, part in enumerate(parts):
        is_code = index % 2 == 1 and (balanced or index < len(parts) - 1)
        lone = "'" if not balanced and index == len(parts) - 1 else ""
        shown.append(code(part) if is_code else lone + literal(part))
    return "".join(shown)


def literal(text: str) -> str:
    """Return a text as Markdown that reads as it stands."""
    escaped = _SPECIAL.sub(r"\\\1", html.escape(text.replace("`", "'"), quote=False))
    return _SCHEME.sub(rf"\1{ZERO_WIDTH}", _LIVE.sub(rf"\1{ZERO_WIDTH}", escaped))


def code(text: str) -> str:
    """Return a text as a code span. In a span nothing is obeyed, so only the backtick needs care."""
    flat = " ".join(text.replace("`", "'").split())
    return f"`{flat}`" if flat else ""


def fence(lines: list[str], language: str = "diff") -> list[str]:
    """Return lines in a code block whose fence is longer than any run of backticks inside."""
    longest = max((len(run) for line in lines for run in _RUNS.findall(line)), default=0)
    ticks = "`" * max(3, longest + 1)
    return [f"{ticks}{language}", *lines, ticks]


def comment(text: str) -> str:
    """Return a text that can stand in an HTML comment."""
    return re.sub(r"-{2,}", "-", re.sub(r"[^\w.:/ =-]", "", text))
