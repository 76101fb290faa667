"""A report on its way out: the forms it has, the options they share, and the last look before anything is written."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from review.redact import Redactor
from review.report import data, page, terminal
from review.report.content import Review
from review.report.dialect import DIALECTS
from review.report.plan import fit
from review.withhold import withheld
from spec.errors import ReviewError

WIDTH = 140
"""Columns of a terminal's report that goes into a file."""


class Format(StrEnum):
    """The forms of a report."""

    TERMINAL = "terminal"
    GITHUB = "github"
    GITHUB_SUMMARY = "github-summary"
    GITLAB = "gitlab"
    PLAIN = "plain"
    JSON = "json"
    HTML = "html"


class Shown(StrEnum):
    """Which values a report shows."""

    NONE = "none"
    SAFE = "safe"
    ALL = "all"


FILES = {
    Format.TERMINAL: "review.txt",
    Format.GITHUB: "review.github.md",
    Format.GITHUB_SUMMARY: "review.github-summary.md",
    Format.GITLAB: "review.gitlab.md",
    Format.PLAIN: "review.md",
    Format.JSON: "review.json",
    Format.HTML: "review.html",
}
"""What each form is called in a folder that holds them all."""
Environment = Annotated[
    str, typer.Option(help="dev, staging or prod; by default .review.yaml or the stack's name decides.")
]
MaskEnv = Annotated[list[str] | None, typer.Option(help="A variable whose value must not be shown, in any form.")]
Form = Annotated[Format, typer.Option("--format", "-f", help="The form of the report.")]
Shows = Annotated[Shown, typer.Option("--values", help="Which values to show. A risk always names what it judges.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write it there instead of printing it.")]
Detailed = Annotated[bool, typer.Option("--detailed-exitcode", help="Exit with 10, not 0, when there are changes.")]


def redactor_of(mask_env: list[str]) -> Redactor:
    """Return what everything is judged with, whichever values are shown.

    Raise ReviewError for a variable that isn't set: a mask that masks nothing is a mistake.
    """
    missing = [name for name in mask_env if not os.environ.get(name)]
    if missing:
        raise ReviewError("--mask-env", f"{', '.join(missing)} is not set", "set it, or leave it out")
    return Redactor([os.environ[name] for name in mask_env])


def every_of(mask_env: list[str], values: Shown) -> Redactor | None:
    """Return what a model that shows all values is built with, when that was asked for; `redactor_of` comes first."""
    return Redactor([os.environ[name] for name in mask_env], "all") if values is Shown.ALL else None


def limited(content: Review, values: Shown) -> Review:
    """Return a report, already judged, with the values that may be shown."""
    if values is not Shown.NONE:
        return content
    stacks = tuple(replace(stack, model=withheld(stack.model)) for stack in content.stacks)
    return replace(content, stacks=stacks)


def put(content: Review, form: Format, redactor: Redactor, output: Path | None = None) -> None:
    """Print a report or write it to a file; nothing of it when it raises RedactionError."""
    text = redactor.verify(rendered(content, form))
    if output is not None:
        output.write_text(text)
    elif form is Format.TERMINAL:
        terminal.show(content, Console())
    else:
        typer.echo(text, nl=False)


def put_all(content: Review, redactor: Redactor, folder: Path) -> None:
    """Write every form of a report into a folder, or none of them: RedactionError comes before the first."""
    texts = {FILES[form]: redactor.verify(rendered(content, form)) for form in Format}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text)


def rendered(content: Review, form: Format) -> str:
    """Return a report as text."""
    if form is Format.JSON:
        return data.render(content)
    if form is Format.HTML:
        return page.render(content)
    if form is not Format.TERMINAL:
        return fit(content, DIALECTS[form.value])
    buffer = io.StringIO()
    terminal.show(content, Console(file=buffer, width=WIDTH, color_system=None))
    return buffer.getvalue()
