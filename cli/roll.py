"""`longshore roll`: a pool's machines replaced one at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated

import typer

from cli import pulumi
from cli.root import Stack, stack_file
from upkeep.live import LiveCluster
from upkeep.pools import StackFile
from upkeep.rolling import Roll, describe

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask before each node.")]
Pool = Annotated[str, typer.Argument(help="The pool's name in the stack file.")]


def roll(
    pool: Pool,
    stack: Stack = "lab",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the plan.")] = False,
    rebalance: Annotated[bool, typer.Option("--rebalance", help="Then place every service's tasks anew.")] = False,
    patience: Annotated[int, typer.Option(help="Minutes that services may take after each node.")] = 10,
    yes: Yes = False,
) -> None:
    """Replace a pool's machines, one at a time, the managers' leader last; run it again to go on after a failure."""
    file = StackFile(stack_file(stack))
    live = live_cluster(stack, yes)
    file.pool(pool)
    if dry_run:
        typer.echo("\n".join(describe(file, pool, live.leader())))
        return
    start = time.monotonic()
    Roll(file, pool, live, lambda line: typer.echo(f"[{time.monotonic() - start:6.1f}s] {line}"), patience * 60).run(
        rebalance
    )


def live_cluster(stack: str, yes: bool, update: Callable[[], bool] | None = None) -> LiveCluster:
    """Return the running cluster of `stack`, updated by Pulumi, or by `update`."""
    asked = ["--yes"] * yes
    return LiveCluster(
        outputs=lambda: pulumi.outputs(stack)["cluster"],
        update=update or (lambda: pulumi.run(stack, ["up", "--stack", stack, "--suppress-outputs", *asked]) == 0),
        settled=lambda: pulumi.run(stack, ["preview", "--stack", stack, "--expect-no-changes"]) == 0,
    )
