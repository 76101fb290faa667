"""`longshore certificates` and `longshore tokens rotate`: what proves who belongs to the Swarm."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from cli import pulumi
from cli.console import console
from cli.root import Stack
from upkeep.certificates import authority, of_node, table
from upkeep.nodes import node_connections
from upkeep.reach import call, swarm_of
from upkeep.tokens import rotate_tokens

tokens = typer.Typer(help="The secrets with which nodes join.", no_args_is_help=True)
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]


def certificates(stack: Stack = "lab") -> None:
    """Show when the Swarm's authority and each node's certificate end; exit with 5 when one needs care."""
    now, world, cluster = datetime.now(UTC), call(), pulumi.outputs(stack)["cluster"]
    with swarm_of(cluster, world) as swarm:
        found = [authority(swarm)]
    found += [of_node(name, each, world.outside) for name, each in node_connections(pulumi.deployment(stack)).items()]
    rows = Table("certificate of", "ends (UTC)", "left")
    for row in table(found, now):
        rows.add_row(*row)
    console().print(rows)
    if any(each.bad(now) for each in found):
        raise typer.Exit(5)


@tokens.command()
def rotate(stack: Stack = "lab", yes: Yes = False) -> None:
    """Make the present join tokens worthless; nodes that have joined stay, and `up` never needs an old one."""
    if not yes:
        typer.confirm("Whoever joins by hand with a present token will be refused. Rotate?", abort=True)
    with swarm_of(pulumi.outputs(stack)["cluster"]) as swarm:
        rotate_tokens(swarm)
    typer.echo("both join tokens are new; Longshore asks for them whenever a node joins")
