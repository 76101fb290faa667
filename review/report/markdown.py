"""The report as Markdown, at any level of detail; `plan.fit` picks the level."""

from __future__ import annotations

from collections.abc import Iterator

from review.gate import Verdict
from review.report import remarks, sections
from review.report.content import Review
from review.report.detail import Detail
from review.report.dialect import Dialect
from review.report.escape import comment, literal, prose

ICONS = {
    Verdict.UNCHANGED: "✅",
    Verdict.OK: "✅",
    Verdict.ACK: "⚠️",
    Verdict.BLOCKED: "⛔",
    Verdict.FAILED: "❌",
}
NEXT = {
    Verdict.UNCHANGED: "nothing to do.",
    Verdict.OK: "merge.",
    Verdict.ACK: "acknowledge each item, or change it → merge.",
    Verdict.BLOCKED: "fix the blocker, or override it (`classes` in `.review.yaml`) → acknowledge the rest → merge.",
    Verdict.FAILED: "fix the error and push again; what is shown here is incomplete.",
}
MARKER = "longshore:review v1"


def render(review: Review, dialect: Dialect, detail: Detail) -> str:
    """Return the report at one level of detail. Verdict, failures, risks and policies are in every one."""
    return "\n".join(_lines(review, dialect, detail)).rstrip() + "\n"


def marker(review: Review) -> str:
    """Return the comment by which a published report is found again."""
    fields = {"project": review.project, "head": review.head, "model": review.fingerprint()[:16]}
    return f"<!-- {MARKER} {comment(' '.join(f'{key}={value}' for key, value in fields.items()))} -->"


def _lines(review: Review, dialect: Dialect, detail: Detail) -> Iterator[str]:
    yield marker(review) if dialect.folds else f"[//]: # ({marker(review)[5:-4]})"
    head = f" ({literal(review.head[:7])})" if review.head else ""
    yield f"## {ICONS[review.verdict]} Infrastructure review: {prose(review.headline())}{head}"
    yield ""
    yield from remarks.banner(review, dialect)
    yield from sections.table(review, detail, ICONS)
    yield from sections.failures(review, detail)
    yield from sections.attention(review, dialect, detail)
    yield from remarks.remarks(review, detail)
    yield from sections.policies(review, detail)
    yield from sections.warnings(review, dialect, detail)
    yield from sections.stacks(review, dialect, detail)
    yield from remarks.stack_files(review, dialect, detail)
    yield from remarks.pending(review, dialect, detail)
    yield from sections.drift(review, dialect, detail)
    yield from sections.messages(review, dialect, detail)
    yield f"**Next**: {NEXT[review.verdict]}"
    yield ""
    yield from sections.footer(review, dialect, detail)
