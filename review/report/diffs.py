"""One stack's changes in Markdown: rows by what happens, and the differences of each property."""

from __future__ import annotations

from collections.abc import Iterator

from review.model import Action, Resource
from review.report.content import StackReview
from review.report.detail import Detail
from review.report.dialect import Dialect
from review.report.escape import code, fence, prose
from review.report.fold import folded
from review.report.lines import Line, lines
from review.report.tree import TITLES, Row, components, likeness, rows
from review.risk import Severity
from review.words import counted

SIGNS = {"~": "!"}
"""A diff block colours `!` as a change."""


def stack(review: StackReview, told: dict[str, str], dialect: Dialect, detail: Detail) -> Iterator[str]:
    """Yield a stack's part. `told`: which stack has told each change already; this one's are added."""
    own = {likeness(resource): resource for resource in review.model.changed}
    known = frozenset(own.keys() & told.keys())
    found = rows(review, known)
    body = list(_body(review, found, dialect, detail))
    if known:
        first = sorted({told[each] for each in known})
        verb = "is" if len(known) == 1 else "are"
        body.append(f"{counted(len(known), 'change')} {verb} the same as in {prose(', '.join(first[:3]))}.")
    told.update({each: review.name for each in own if each not in told})
    is_open = bool(review.open_risks) and detail < Detail.COMPONENTS
    yield from folded(f"{review.name}: {counted(len(review.model.changed), 'change')}", body, dialect, is_open)


def block(found: list[Line]) -> list[str]:
    """Return lines as a diff block."""
    return fence([f"{SIGNS.get(line.sign, line.sign)} {line.text}" for line in found])


def _body(review: StackReview, found: list[Row], dialect: Dialect, detail: Detail) -> Iterator[str]:
    if detail >= Detail.COMPONENTS:
        yield from (f"- {code(name[:120])}: {count}" for name, count in components(found))
        return
    for group, title in TITLES.items():
        mine = [row for row in found if row.group == group]
        if mine:
            yield f"**{title} ({sum(len(row.resources) for row in mine)})**"
            yield from (_row(row) for row in mine)
            yield ""
    differing = [row for row in found if _has_diff(row, review, detail)]
    if differing:
        body = [line for row in differing for line in _diff(row)]
        yield from folded("Property differences", body, dialect)


def _row(row: Row) -> str:
    where = f"{row.component}/" if row.component else ""
    note = f": {prose(row.note, 300)}" if row.note else ""
    return f"- {code((where + row.names)[:300])} {row.kind}{note}"


def _has_diff(row: Row, review: StackReview, detail: Detail) -> bool:
    if detail >= Detail.PATHS or not row.resources[0].changes:
        return False
    if detail is Detail.FULL:
        return True
    risky = {urn for risk in review.risks if risk.severity > Severity.NOTE for urn in risk.urns}
    return any(resource.urn in risky or resource.action is not Action.UPDATE for resource in row.resources)


def _diff(row: Row) -> Iterator[str]:
    first: Resource = row.resources[0]
    yield f"{code(row.names[:300])} {row.kind}"
    yield ""
    yield from block([line for change in first.changes for line in lines(change)])
    yield ""
