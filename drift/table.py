"""A report as a table for people."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from drift.finding import Harm, Report

COLOURS = {Harm.HARMFUL: "red", Harm.HARMLESS: "green"}


def show(report: Report, out: Console) -> None:
    """Print the findings and one line that sums them up."""
    if report.findings:
        out.print(_table(report))
    out.print(summary(report), highlight=False)


def summary(report: Report) -> str:
    """Return the report in one line."""
    if not report.findings:
        return f"stack {report.stack}: no drift"
    return f"stack {report.stack}: {report.harmful} harmful, {report.harmless} harmless"


def _table(report: Report) -> Table:
    table = Table(title="Drift", title_justify="left", box=box.SIMPLE_HEAD)
    for column in ("class", "kind", "of", "found", "against", "up", "to do"):
        table.add_column(column, overflow="fold")
    for each in report.findings:
        row = (each.kind, each.subject, each.what, each.against, each.up, each.fix)
        table.add_row(f"[{COLOURS[each.harm]}]{each.harm}[/]", *(_plain(text) for text in row))
    return table


def _plain(text: str) -> str:
    """Keep what looks like console markup as text."""
    return text.replace("[", "\\[")
