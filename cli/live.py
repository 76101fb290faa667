"""`longshore status --watch`: a table that is drawn anew in a terminal, and printed once in a pipe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from rich.console import Console
from rich.live import Live

from cli import pulumi
from cli.console import console
from providers.swarm.clock import Clock, StoppedError
from providers.swarm.control import Control
from spec.errors import LongshoreError
from upkeep.reach import Outputs, swarm_of
from watch.board import Lists, board

EVERY_SECONDS = 2.0
NOTHING = Lists((), (), ())
Look = Callable[[Lists, str], None]


def watch(stack: str, out: Console | None = None, clock: Clock | None = None) -> None:
    """Show the table until Ctrl-C (exit code 130), or once in a pipe. Raises SwarmError in a pipe without a manager."""
    out, clock = out or console(), clock or Clock()
    cluster = pulumi.outputs(stack).get("cluster") or {}
    if not out.is_terminal:
        with swarm_of(cluster) as swarm:
            out.print(board(lists(swarm), datetime.now(UTC)))
        return
    with Live(console=out, auto_refresh=False, transient=False) as shown:
        redraw(cluster, clock, lambda found, note: shown.update(board(found, datetime.now(UTC), note), refresh=True))


def redraw(cluster: Outputs, clock: Clock, look: Look) -> None:
    """Ask a manager again and again; when it goes away, say so over the last lists, and ask the next one."""
    last = NOTHING
    while True:
        try:
            with swarm_of(cluster) as swarm:
                while True:
                    last = lists(swarm)
                    look(last, "")
                    clock.pause(EVERY_SECONDS)
        except StoppedError:
            raise
        except LongshoreError as trouble:
            look(last, f"asking again: {trouble.where}: {trouble.found}")
        clock.pause(EVERY_SECONDS)


def lists(swarm: Control) -> Lists:
    """Return what a manager says now."""
    return Lists(swarm.client.nodes(), swarm.services(), swarm.client.tasks())  # type: ignore[no-untyped-call]
