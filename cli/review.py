"""`longshore review`: what an update would do, its risks first, from an engine event log."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.publish import publish
from cli.report import (
    Detailed,
    Environment,
    Form,
    Format,
    MaskEnv,
    Output,
    Shown,
    Shows,
    every_of,
    limited,
    put,
    redactor_of,
)
from cli.review_ack import ack as acknowledge
from cli.review_run import run
from cli.stale import stale
from review.build import NO_STATE, StateFacts, from_lines
from review.gate import exit_code
from review.model import ChangeModel
from review.redact import Redactor
from review.report.content import Review, StackReview
from review.risk import Surroundings
from review.rules import RULES
from review.rules.classes import CLASSES
from review.schema import schema as render_model
from review.settings import schema as render_settings
from spec.errors import ReviewError

review = typer.Typer(help="What an update would do, its risks first.", no_args_is_help=True)
review.command()(run)
review.command()(publish)
review.command()(stale)
review.command("ack")(acknowledge)


class Schema(StrEnum):
    """What there is a schema of."""

    MODEL = "model"
    SETTINGS = "settings"


Logs = Annotated[list[Path], typer.Argument(help="Event logs of `pulumi preview --event-log`, one for each stack.")]
State = Annotated[list[Path] | None, typer.Option(help="`pulumi stack export` of each stack, in the same order.")]
Ack = Annotated[list[str] | None, typer.Option(help="The identifier of a risk that is acknowledged.")]


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
def schema(of: Annotated[Schema, typer.Argument(help="Of what.")] = Schema.MODEL) -> None:
    """Print the JSON schema of the change model, or of .review.yaml."""
    typer.echo(render_settings() if of is Schema.SETTINGS else render_model(), nl=False)


@review.command()
def show(
    logs: Logs,
    state: State = None,
    environment: Environment = "",
    form: Form = Format.TERMINAL,
    values: Shows = Shown.SAFE,
    mask_env: MaskEnv = None,
    ack: Ack = None,
    output: Output = None,
    detailed: Detailed = False,
) -> None:
    """Report what event logs say. Exit code: 0 fine, 20 needs acknowledgement, 30 blocked, 40 preview failed."""
    redactor, every = redactor_of(mask_env or []), every_of(mask_env or [], values)
    states = [*(_facts(file) for file in state or []), *[NO_STATE] * len(logs)]
    pairs = list(zip(logs, states, strict=False))
    stacks = [_stack(log, facts, environment, redactor, ack or []) for log, facts in pairs]
    if every:  # shown with all values, judged without
        models = [_model(log, facts, every) for log, facts in pairs]
        stacks = [replace(stack, model=model) for stack, model in zip(stacks, models, strict=True)]
    content = limited(Review(tuple(stacks), project=stacks[0].model.run.project), values)
    put(content, form, redactor, output)
    raise typer.Exit(exit_code((stack.verdict for stack in stacks), detailed))


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


def _read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError as error:
        raise ReviewError(str(file), error.strerror or "can't be read", "give the file of an event log") from None
