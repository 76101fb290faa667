"""What a reader has to know about the report itself: what it compares, what is not of this change, what is void."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from review.report import diffs
from review.report.content import Review, StackReview
from review.report.detail import Detail
from review.report.dialect import Dialect
from review.report.escape import code, literal, prose
from review.report.fold import folded, quoted
from review.report.lines import lines
from review.risk import Risk
from review.words import counted

OFFLINE = (
    "Not compared with real state: base and head were rehearsed without secrets, and the two results compared. "
    "The ordinary review follows when a maintainer has approved it."
)
MOST = 12
"""Lines of each kind that are told before the rest is counted."""


def banners(review: Review) -> list[str]:
    """Return what stands above everything else."""
    return [OFFLINE] if any(stack.model.run.offline for stack in review.stacks) else []


def banner(review: Review, dialect: Dialect) -> Iterator[str]:
    """What stands above everything else, in Markdown."""
    for text in banners(review):
        yield from quoted([prose(text)], "IMPORTANT", dialect)
        yield ""


def remarks(review: Review, detail: Detail) -> Iterator[str]:
    """Acknowledgements that are void or over, and settings that change with this change. In every report."""
    found = [(stack, each) for stack in review.stacks for each in stack.remarks]
    if found:
        longest = 120 if detail is Detail.BARE else 400
        yield "### To be known"
        yield from (f"- **{literal(stack.name[:40])}**: {prose(each, longest)}" for stack, each in found[:MOST])
        if len(found) > MOST:
            yield f"- … {len(found) - MOST} more"
        yield ""


def pending(review: Review, dialect: Dialect, detail: Detail) -> Iterator[str]:
    """What an update of the base would do just as well."""
    for stack in review.stacks if detail < Detail.COUNTS else ():
        if stack.pending:
            names = sorted(stack.model.by_urn[urn].name for urn in stack.pending if urn in stack.model.by_urn)
            total = counted(len(stack.model.changed), "change")
            title = f"{stack.name}: pending on the base already: {len(stack.pending)} of {total}"
            rest = f" and {len(names) - 3 * MOST} more" if len(names) > 3 * MOST else ""
            body = ", ".join(code(name[:120]) for name in names[: 3 * MOST])
            yield from folded(title, [f"Not by this change: {body}{rest}."], dialect)


def stack_files(review: Review, dialect: Dialect, detail: Detail) -> Iterator[str]:
    """What differs in the stack files themselves, where base and head were compared."""
    for stack in review.stacks if detail < Detail.PATHS else ():
        found = stack.model.stack_file
        if found:
            body = diffs.block([line for change in found for line in lines(change)][: 10 * MOST])
            yield from folded(f"{stack.name}: {counted(len(found), 'difference')} in the stack file", body, dialect)


def acknowledge(stack: StackReview, risk: Risk) -> str:
    """Return the command that acknowledges a risk."""
    only = risk.urns[0].rpartition("::")[2] if len(risk.urns) == 1 else "all"
    resource = only if only.replace("-", "").replace("_", "").isalnum() else "all"
    return f"longshore review ack {risk.id} {resource} -s {shlex.quote(stack.name)} --reason …"
