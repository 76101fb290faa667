"""`longshore events`: what the engines of a stack's nodes, and the Swarm, tell of themselves, in one stream."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import stream
from cli.root import Stack
from cli.stream import AsJson, Follow, OnNode, Since
from watch.events import TYPES, EventFeed, Told

Types = Annotated[
    list[str] | None, typer.Option("--type", help=f"Only events of this type; may be repeated: {', '.join(TYPES)}.")
]


def events(
    stack: Stack = "lab",
    following: Follow = False,
    kinds: Types = None,
    since: Since = None,
    as_json: AsJson = False,
    node: OnNode = None,
) -> None:
    """Show the events of all engines and of the Swarm in order of time; -f only what is new, over lost nodes too.

    Exit code: 0; 130 after Ctrl-C; 4 when no node answers.
    """
    if unknown := [kind for kind in kinds or [] if kind not in TYPES]:
        raise typer.BadParameter(f"no such type: {', '.join(unknown)}", param_hint="--type")
    begin, told = stream.second(since or ("0s" if following else None)) or 0, Told()
    _, connections = stream.nodes(stack, node or [])
    whole = stream.stream_of(connections, lambda name, _: EventFeed(name, kinds or [], begin, told))
    stream.show(whole.history(), as_json)
    if following:
        stream.follow(whole, as_json)
