"""Parts that fold away, and parts that stand out, in whatever markup the place knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from review.report.dialect import Dialect
from review.report.escape import literal


def folded(title: str, body: Iterable[str], dialect: Dialect, is_open: bool = False) -> Iterator[str]:
    """Yield a part that a reader unfolds; under a heading where nothing folds."""
    if dialect.folds:
        yield f"<details{' open' if is_open else ''}><summary>{_summary(title)}</summary>"
        yield ""
        yield from body
        yield ""
        yield "</details>"
    else:
        yield f"### {literal(title)}"
        yield ""
        yield from body
    yield ""


def quoted(body: Iterable[str], alert: str, dialect: Dialect) -> Iterator[str]:
    """Yield a part that stands out: an alert, or a quotation where there are none."""
    if dialect.alerts:
        yield f"> [!{alert}]"
    for line in body:
        yield f"> {line}" if line else ">"


def broken(lines: Iterable[str]) -> list[str]:
    """Return the lines of a paragraph so that each stays one: two blanks at its end break a line everywhere."""
    every = list(lines)
    return [f"{line}  " for line in every[:-1]] + every[-1:]


def _summary(title: str) -> str:
    """A summary is HTML, not Markdown: escape for that."""
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("@", "@\u200b").replace("#", "#\u200b").replace("`", "'")[:300]
