"""The report for a terminal: the same content as the Markdown one, in colour where the terminal has it."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from review.gate import Verdict
from review.report.content import Review, StackReview
from review.report.lines import Line, lines
from review.report.remarks import acknowledge, banners
from review.report.tree import TITLES, Row, rows
from review.risk import Risk, Severity
from review.words import counted

VERDICTS = {
    Verdict.UNCHANGED: "green",
    Verdict.OK: "green",
    Verdict.ACK: "yellow",
    Verdict.BLOCKED: "bold red",
    Verdict.FAILED: "bold red",
}
SEVERITIES = {Severity.NOTE: "dim", Severity.WARN: "cyan", Severity.ACK: "yellow", Severity.BLOCK: "bold red"}
SIGNS = {"+": "green", "-": "red", "~": "yellow", " ": "dim"}


def show(review: Review, console: Console) -> None:
    """Print a report. Values are printed as text, never as rich's markup."""
    for part in _parts(review):
        console.print(part, highlight=False)


def _parts(review: Review) -> Iterator[RenderableType]:
    yield Text(f"Infrastructure review: {review.headline()}", style=VERDICTS[review.verdict])
    yield from (Text(line, style="bold yellow") for line in banners(review))
    yield _table(review)
    for stack in review.stacks:
        run = stack.model.run
        if run.failed:
            yield Text(f"{stack.name}: preview failed: {run.error}", style="bold red")
        for note in run.notes:
            yield Text(f"{stack.name}: {note}", style="yellow")
        yield from (Text(f"{stack.name}: {_plain(each)}", style="yellow") for each in stack.remarks)
    risks = [(stack, risk) for stack in review.stacks for risk in stack.risks]
    yield from (_risk(stack, risk) for stack, risk in sorted(risks, key=lambda pair: -pair[1].severity))
    for stack in review.stacks:
        yield from _policies(stack)
        yield from _changes(stack)
        yield from _drift(stack)


def _table(review: Review) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("stack", "verdict", "risk"):
        table.add_column(column, overflow="fold")
    for column in ("create", "update", "reboot", "replace", "delete"):
        table.add_column(column, justify="right")
    for stack in review.stacks:
        verdict = Text(stack.verdict.word, style=VERDICTS[stack.verdict])
        table.add_row(Text(stack.name), verdict, stack.level, *map(str, stack.counts()))
    return table


def _risk(stack: StackReview, risk: Risk) -> Text:
    head = (f"{risk.severity.word}: ", SEVERITIES[risk.severity])
    text = Text.assemble(head, (f"{risk.id} ({stack.name}) ", "bold"), _plain(risk.what))
    if stack.is_pending(risk):
        text.append("  (already pending, not by this change)", style="dim")
    way = acknowledge(stack, risk) if risk in stack.open_risks and risk.severity is Severity.ACK else ""
    for word, each in (("why", risk.why), ("instead", risk.do), ("or", way)):
        if each:
            text.append(f"\n  {word}: {_plain(each)}", style="dim")
    text.append("\n")
    return text


def _policies(stack: StackReview) -> Iterator[Text]:
    for each in stack.model.policies.violations:
        text = f"policy {each.policy} ({each.enforcement}, {stack.name}): {each.message}"
        yield Text(text, style="bold red" if each.blocks else "cyan")


def _changes(stack: StackReview) -> Iterator[RenderableType]:
    found = rows(stack)
    if found:
        yield Text(f"{stack.name}: {counted(len(stack.model.changed), 'change')}", style="bold underline")
    for group, title in TITLES.items():
        mine = [row for row in found if row.group == group]
        if mine:
            yield Text(f"{title} ({sum(len(row.resources) for row in mine)})", style="bold")
            yield from (Padding(_row(row), (0, 0, 0, 2)) for row in mine)


def _row(row: Row) -> RenderableType:
    where = f"{row.component}/" if row.component else ""
    head = Text(f"{where}{row.names}  ")
    head.append(row.kind, style="dim")
    if row.note:
        head.append(f"  {_plain(row.note)}")
    body = [_line(line) for change in row.resources[0].changes for line in lines(change)]
    return Group(head, *(Padding(line, (0, 0, 0, 2)) for line in body))


def _line(line: Line) -> Text:
    return Text(f"{line.sign} {line.text}", style=SIGNS[line.sign])


def _drift(stack: StackReview) -> Iterator[RenderableType]:
    if stack.model.drift:
        yield Text(f"{stack.name}: changed outside, not by this change", style="bold underline")
    for each in stack.model.drift:
        what = "was deleted" if each.kind == "delete" else "differs"
        yield Text(f"  {each.name} {what}")
        yield from (Padding(_line(line), (0, 0, 0, 4)) for change in each.changes for line in lines(change))


def _plain(text: str) -> str:
    """Take the backticks off: they mean code in Markdown only."""
    return text.replace("`", "")
