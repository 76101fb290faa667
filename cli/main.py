"""The `longshore` command. Parses, calls, prints; exit codes are those of spec/errors.py."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from spec.errors import LongshoreError

VERBS = {
    "lab": "cli.lab:lab",
    "review": "cli.review:review",
    "release": "cli.release:release",
    "tokens": "cli.certificates:tokens",
    "check": "cli.check:check",
    "schema": "cli.check:schema",
    "preview": "cli.engine:preview",
    "up": "cli.engine:up",
    "destroy": "cli.engine:destroy",
    "status": "cli.status:status",
    "push": "cli.push:push",
    "logs": "cli.logs:logs",
    "events": "cli.events:events",
    "roll": "cli.roll:roll",
    "drain": "cli.drain:drain",
    "activate": "cli.drain:activate",
    "backup": "cli.backup:backup",
    "restore": "cli.backup:restore",
    "certificates": "cli.certificates:certificates",
    "nodes": "cli.nodes:nodes",
    "ports": "cli.ports:ports",
    "drift": "cli.drift:drift",
    "images": "cli.images:images",
    "pulumi": "cli.engine:pulumi_command",
}
"""Each verb's function, or group of verbs, as `module:name`: only the verb that runs is imported."""

ANY_ARGUMENTS = {"pulumi": {"allow_extra_args": True, "ignore_unknown_options": True}}
"""Settings of the verbs that hand their arguments on."""


class Verbs(TyperGroup):
    """The verbs, imported when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return their names."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return one verb, or nothing when there is none of that name."""
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        found, alone = getattr(import_module(module), name), typer.Typer()
        if isinstance(found, typer.Typer):
            alone.add_typer(found, name=cmd_name)
        else:
            alone.command(cmd_name, context_settings=ANY_ARGUMENTS.get(cmd_name))(found)
        return typer.main.get_group(alone).commands[cmd_name]


app = typer.Typer(cls=Verbs, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def longshore() -> None:
    """Docker on VMware as code."""


def main() -> None:
    """Run the command; print an expected failure without a traceback and exit with its documented code."""
    try:
        app()
    except LongshoreError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"error: {error}", markup=False)
        sys.exit(error.exit_code)
