"""`longshore review ack`: a risk taken upon oneself, as a line in a file of the repository."""

from __future__ import annotations

import getpass
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from cli.root import ROOT
from review import acks, settings
from review.acks import EVERY, Ack
from review.git import Git
from review.risk import Severity
from review.rules.classes import severity
from spec.edit import replace
from spec.errors import ReviewError

Risk = Annotated[str, typer.Argument(help="The risk's identifier, as the report says it: RULE-fingerprint.")]
Resource = Annotated[str, typer.Argument(help=f"The resource's name; `{EVERY}` for whatever the risk names.")]
Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack's name.")]
Reason = Annotated[str, typer.Option(help="Why it may happen all the same.")]
By = Annotated[str, typer.Option(help="Who says so; git's user name by default.")]
Until = Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The last day on which it counts.")]


def ack(risk: Risk, resource: Resource, stack: Stack, reason: Reason, by: By = "", until: Until = "") -> None:
    """Acknowledge a risk as it is now. Another change of the same resource voids it. Commit the file it prints."""
    own = settings.parse(_text(settings.FILE))
    now = datetime.now(UTC)
    _refuse_blockers(acks.rule_of(risk), stack, own, now.date())
    if not reason.strip():
        raise ReviewError("--reason", "says nothing", "say why it may happen all the same")
    who = by or Git(ROOT).user() or getpass.getuser()
    entry = Ack(stack=stack, risk=risk, resource=resource, reason=reason, by=who, at=now, until=_day(until))
    text = acks.added(_text(own.acknowledgements), entry, own.acknowledgements)
    replace(ROOT / own.acknowledgements, text)
    typer.echo(f"{own.acknowledgements}: {risk} ({resource}) is acknowledged by {who}; commit it with the change")


def _refuse_blockers(rule: str, stack: str, own: settings.Settings, today: date) -> None:
    around = own.surroundings(stack, today)
    if severity(rule, around.environment, around.classes) is Severity.BLOCK:
        fix = f"change the change; to override it, say `classes: {{{rule}: {{…: ack}}}}` in {settings.FILE}"
        raise ReviewError(f"{rule} in {stack}", "blocks, and what blocks can't be acknowledged", fix)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ReviewError("--until", f"{text} is no day", "write it as 2026-12-31") from None


def _text(path: str) -> str | None:
    file = ROOT / path
    return file.read_text() if file.exists() else None
