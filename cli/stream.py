"""What `longshore logs` and `longshore events` share: which nodes are asked, and how a stream is shown."""

from __future__ import annotations

import re
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from typing import Annotated, Any

import typer

from cli import pulumi
from providers.swarm.clock import Clock
from providers.swarm.connection import Connection, connection_from
from providers.swarm.ssh import Ssh
from spec.errors import EngineError, SwarmError
from watch.entry import Entry
from watch.feed import Feed, Tell
from watch.stream import Stream, Tap

Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is new, until Ctrl-C.")]
Since = Annotated[
    str | None, typer.Option(help="Begin there: 90s, 10m, 2h, 1d ago, or a time such as 2026-11-25T08:00:00Z.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
OnNode = Annotated[list[str] | None, typer.Option("--node", help="Only from this node; may be repeated.")]

AGO = re.compile(r"(\d+)([smhd])")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
FeedOf = Callable[[str, Tell], Feed]


def nodes(stack: str, only: list[str]) -> tuple[dict[str, Any], list[Connection]]:
    """Return what the stack says of its cluster, and how to reach its nodes, or `only` those.

    Raises EngineError when the stack doesn't say, SwarmError for a node it doesn't have.
    """
    cluster: dict[str, Any] = pulumi.outputs(stack).get("cluster") or {}
    found = {name: node["connection"] for name, node in cluster.get("nodes", {}).items() if "connection" in node}
    if not found:
        fix = "ask its platform's stack: a services stack knows no way to the nodes" if "contract" in cluster else ""
        raise EngineError(
            f"stack {stack}", "its outputs name no connections to its nodes", fix or "run `longshore up` first"
        )
    if unknown := [name for name in only if name not in found]:
        raise SwarmError(f"stack {stack}", f"has no node {', '.join(unknown)}", f"its nodes: {', '.join(found)}")
    return cluster, [connection_from(values) for name, values in found.items() if not only or name in only]


def second(text: str | None) -> int | None:
    """Return the second since 1970 that `--since` means. Raises typer.BadParameter (exit code 2) for anything else."""
    if text is None:
        return None
    if ago := AGO.fullmatch(text):
        return int(time.time()) - int(ago[1]) * SECONDS[ago[2]]
    try:
        return int(datetime.fromisoformat(text).astimezone().timestamp())
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is neither a time nor like 90s, 10m, 2h, 1d", param_hint="--since"
        ) from None


def stream_of(connections: list[Connection], feed: FeedOf) -> Stream:
    """Return the nodes' stream, which tells on stderr what becomes of them."""
    clock = Clock()
    taps = [Tap(each, feed(each.where, tell)) for each in connections]
    return Stream(taps, Ssh(clock), clock, tell)


def show(entries: Iterable[Entry], as_json: bool) -> None:
    """Print entries as they come."""
    for entry in entries:
        typer.echo(entry.document() if as_json else entry.line())


def follow(stream: Stream, as_json: bool) -> None:
    """Print what is new until Ctrl-C (exit code 130) or SIGTERM (143); either way nothing is left behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with closing(stream.follow()) as entries:
        show(entries, as_json)


def tell(text: str) -> None:
    """Say on stderr what isn't part of the stream."""
    typer.echo(f"longshore: {text}", err=True)
