"""`longshore preview|up|destroy|pulumi`: the Pulumi CLI, found or built, in the right environment."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli import pulumi
from cli.recover import recover, unsettled
from cli.revive import revive
from cli.root import Stack
from cli.status import report

NEXT = """Try next:
  change a replica count, an image or a config in stacks/Pulumi.{stack}.yaml, then: longshore preview -s {stack}
  look again:   longshore status -s {stack}
  take it down: longshore destroy -s {stack}   (the lab and all that is in it: make down)"""

PATIENCE = 180.0
"""How long a published port may stay silent after an update, in seconds: a machine that was changed boots first."""


def preview(stack: Stack = "lab", refresh: bool = False, expect_no_changes: bool = False) -> None:
    """Show what `up` would change."""
    raise typer.Exit(look(stack, refresh, *["--expect-no-changes"] * expect_no_changes))


def look(stack: str, refresh: bool = False, *flags: str) -> int:
    """Show what an update would change; return Pulumi's exit code."""
    first = _refresh(pulumi.deployment(stack), refresh)
    return pulumi.run(stack, ["preview", "--stack", stack, "--diff", *first, *flags])


def up(
    stack: Stack = "lab",
    refresh: bool = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Make the stack so, then show that its nodes and services answer."""
    apply(stack, refresh, yes)
    typer.echo(NEXT.format(stack=stack))


def apply(stack: str, refresh: bool, yes: bool, previewed: bool = False) -> None:
    """Clear what is in the way, update, and show what runs. Exits with Pulumi's code when the update fails.

    `previewed`: the user has seen and agreed to it already.
    """
    deployment = pulumi.deployment(stack)
    recover(stack, deployment, yes)
    revive(stack, deployment, yes)
    flags = _refresh(deployment, refresh) + ["--yes"] * yes + ["--skip-preview"] * previewed
    code = pulumi.run(stack, ["up", "--stack", stack, "--suppress-outputs", *flags])
    if code:
        raise typer.Exit(code)
    report(stack, patience=PATIENCE)


def destroy(stack: Stack = "lab", yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False) -> None:
    """Remove everything the stack made."""
    raise typer.Exit(pulumi.run(stack, ["destroy", "--stack", stack, *["--yes"] * yes]))


def _refresh(deployment: dict[str, Any], asked: bool) -> list[str]:
    """Return the flag that looks at what really runs first: when asked for, or after a failed rollout."""
    services = unsettled(deployment)
    if services:
        typer.echo(f"the last rollout of {', '.join(services)} failed: looking at what runs first")
    return ["--refresh"] if asked or services else []


def pulumi_command(context: typer.Context) -> None:
    """Run any Pulumi command: `longshore pulumi stack export -s lab`."""
    raise typer.Exit(pulumi.run(pulumi.named_stack(context.args), context.args))
