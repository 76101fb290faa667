"""`longshore review`: what an update would do, its risks first, from an engine event log."""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from review.build import NO_STATE, StateFacts, from_lines
from review.gate import exit_code
from review.model import ChangeModel
from review.redact import Redactor
from review.redact import Values as RedactorValues
from review.report import data, page, terminal
from review.report.content import Review, StackReview
from review.report.dialect import DIALECTS
from review.report.plan import fit
from review.risk import Surroundings
from review.rules import RULES
from review.rules.classes import CLASSES
from review.schema import schema as render_schema
from review.withhold import withheld
from spec.errors import ReviewError

review = typer.Typer(help="What an update would do, its risks first.", no_args_is_help=True)


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


Logs = Annotated[list[Path], typer.Argument(help="Event logs of `pulumi preview --event-log`, one for each stack.")]
State = Annotated[list[Path] | None, typer.Option(help="`pulumi stack export` of each stack, in the same order.")]
Environment = Annotated[str, typer.Option(help="dev, staging or prod; by default the stack's name decides.")]
Values = Annotated[Shown, typer.Option(help="Which values to show. A risk always names what it judges.")]
MaskEnv = Annotated[list[str] | None, typer.Option(help="A variable whose value must not be shown, in any form.")]
Ack = Annotated[list[str] | None, typer.Option(help="The identifier of a risk that is acknowledged.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write it there instead of printing it.")]
Detailed = Annotated[bool, typer.Option("--detailed-exitcode", help="Exit with 10, not 0, when there are changes.")]


@review.command()
def rules() -> None:
    """List the risk rules and their class in each kind of environment."""
    typer.echo(f"{'rule':<30}{'dev':<8}{'staging':<9}{'prod':<7}what it looks for")
    for each in RULES.values():
        dev, staging, prod = (severity.name.lower() for severity in CLASSES[each.id])
        typer.echo(f"{each.id:<30}{dev:<8}{staging:<9}{prod:<7}{each.title}")


@review.command()
def explain(rule: Annotated[str, typer.Argument(help="A rule's or a risk's identifier.")]) -> None:
    """Explain a rule: what it looks for, what that means, where the fact comes from."""
    longest = max((each for each in RULES if rule.upper().startswith(each)), key=len, default="")
    if not longest:
        raise ReviewError(f"rule {rule}", "no such rule", "see `longshore review rules`")
    found, classes = RULES[longest], CLASSES[longest]
    lines = [found.title, "", found.text, "", *(f"{name}: {each.word}" for name, each in classes._asdict().items())]
    typer.echo("\n".join([found.id, *lines, *([f"source: {found.source}"] if found.source else [])]))


@review.command()
def schema() -> None:
    """Print the JSON schema of the change model."""
    typer.echo(render_schema(), nl=False)


@review.command()
def show(
    logs: Logs,
    state: State = None,
    environment: Environment = "",
    form: Annotated[Format, typer.Option("--format", "-f", help="The form of the report.")] = Format.TERMINAL,
    values: Annotated[
        Shown, typer.Option(help="Which values to show. A risk always names what it judges.")
    ] = Shown.SAFE,
    mask_env: MaskEnv = None,
    ack: Ack = None,
    output: Output = None,
    detailed: Detailed = False,
) -> None:
    """Report what event logs say. Exit code: 0 fine, 20 needs acknowledgement, 30 blocked, 40 preview failed."""
    redactor = _redactor(mask_env or [], "safe")
    states = [*(_facts(file) for file in state or []), *[NO_STATE] * len(logs)]
    pairs = list(zip(logs, states, strict=False))
    stacks = [_stack(log, facts, environment, redactor, ack or []) for log, facts in pairs]
    if values is Shown.NONE:
        stacks = [replace(stack, model=withheld(stack.model)) for stack in stacks]
    if values is Shown.ALL:  # shown with all values, judged without
        every = _redactor(mask_env or [], "all")
        models = [_model(log, facts, every) for log, facts in pairs]
        stacks = [replace(stack, model=model) for stack, model in zip(stacks, models, strict=True)]
    content = Review(tuple(stacks), project=stacks[0].model.run.project)
    if form is Format.TERMINAL:
        _show(content, redactor, output)
    else:
        _write(redactor.verify(_rendered(content, form)), output)
    raise typer.Exit(exit_code((stack.verdict for stack in stacks), detailed))


def _rendered(content: Review, form: Format) -> str:
    if form is Format.JSON:
        return data.render(content)
    return page.render(content) if form is Format.HTML else fit(content, DIALECTS[form.value])


def _facts(file: Path) -> StateFacts:
    try:
        return StateFacts.of(json.loads(_read(file)))
    except (ValueError, TypeError, AttributeError, KeyError):
        raise ReviewError(str(file), "is no state export", "give what `pulumi stack export` wrote") from None


def _stack(log: Path, facts: StateFacts, environment: str, redactor: Redactor, ack: list[str]) -> StackReview:
    model = _model(log, facts, redactor)
    around = Surroundings(environment=environment or model.run.stack, today=datetime.now(UTC).date())
    return StackReview.of(model, around, ack)


def _model(log: Path, facts: StateFacts, redactor: Redactor) -> ChangeModel:
    return from_lines(_read(log).split("\n"), redactor, facts)


def _redactor(mask_env: list[str], values: RedactorValues) -> Redactor:
    """Raise ReviewError for a variable that isn't set: a mask that masks nothing is a mistake."""
    missing = [name for name in mask_env if not os.environ.get(name)]
    if missing:
        raise ReviewError("--mask-env", f"{', '.join(missing)} is not set", "set it, or leave it out")
    return Redactor([os.environ[name] for name in mask_env], values)


def _show(content: Review, redactor: Redactor, output: Path | None) -> None:
    """Render first and look through the text, then print: nothing is shown of a report that is refused."""
    buffer = io.StringIO()
    terminal.show(content, Console(file=buffer, width=WIDTH, color_system=None))
    text = redactor.verify(buffer.getvalue())
    if output is None:
        terminal.show(content, Console())
    else:
        _write(text, output)


def _read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError as error:
        raise ReviewError(str(file), error.strerror or "can't be read", "give the file of an event log") from None


def _write(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text)
