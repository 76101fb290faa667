"""The `longshore` command. Parses, calls, prints; exit codes are those of spec/errors.py."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from cli.backup import backup, restore
from cli.certificates import certificates, tokens
from cli.check import check, schema
from cli.drain import activate, drain
from cli.drift import drift
from cli.engine import destroy, preview, pulumi_command, up
from cli.lab import lab
from cli.nodes import nodes
from cli.ports import ports
from cli.publish import publish
from cli.review import review
from cli.roll import roll
from cli.status import status
from spec.errors import LongshoreError

app = typer.Typer(
    help="Docker on VMware as code.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
app.add_typer(lab, name="lab")
review.command()(publish)
app.add_typer(review, name="review")
app.add_typer(tokens, name="tokens")
app.command()(check)
app.command()(schema)
app.command()(preview)
app.command()(up)
app.command()(destroy)
app.command()(status)
app.command()(roll)
app.command()(drain)
app.command()(activate)
app.command()(backup)
app.command()(restore)
app.command()(certificates)
app.command()(nodes)
app.command()(ports)
app.command()(drift)
app.command("pulumi", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(pulumi_command)


def main() -> None:
    """Run the command; print an expected failure without a traceback and exit with its documented code."""
    try:
        app()
    except LongshoreError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"error: {error}", markup=False)
        sys.exit(error.exit_code)
