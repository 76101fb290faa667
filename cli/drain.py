"""`longshore drain|activate`: a node emptied for maintenance, and given back."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import pulumi
from cli.root import Stack, stack_file
from spec.errors import SwarmError
from upkeep.draining import await_empty, set_drained
from upkeep.nodes import member_urns
from upkeep.pools import StackFile

Node = Annotated[str, typer.Argument(help="The node's name, such as prod-workers-2.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]


def drain(node: Node, stack: Stack = "lab", yes: Yes = False) -> None:
    """Note in the stack file that a node is kept empty, move its tasks elsewhere, and wait until they have gone."""
    set_drained(StackFile(stack_file(stack)), node, True, lambda: _update(stack, node, yes), typer.echo)
    await_empty(pulumi.outputs(stack)["cluster"], node, typer.echo)


def activate(node: Node, stack: Stack = "lab", yes: Yes = False) -> None:
    """Take that note back: tasks may be put on the node again. Nothing moves there by itself."""
    set_drained(StackFile(stack_file(stack)), node, False, lambda: _update(stack, node, yes), typer.echo)
    typer.echo(f"{node} takes tasks again; those that run elsewhere stay there until they are started anew")


def _update(stack: str, node: str, yes: bool) -> bool:
    """Update this node's membership only: whatever else the stack file changes is for `up`."""
    urn = member_urns(pulumi.deployment(stack), [node])
    if not urn:
        raise SwarmError(node, "is not in the stack's state yet", "run `longshore up` first")
    asked = ["--yes"] * yes
    return pulumi.run(stack, ["up", "--stack", stack, "--suppress-outputs", "--target", urn[0], *asked]) == 0
