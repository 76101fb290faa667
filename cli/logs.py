"""`longshore logs`: the lines of a stack's services, of all their tasks on all nodes, in one stream."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from cli import stream
from cli.root import Stack
from cli.stream import AsJson, Follow, OnNode, Since
from spec.errors import SwarmError
from watch.logs import LogFeed, Wanted

TAIL = 100
Service = Annotated[str | None, typer.Argument(help="The service's name; all services when left out.")]
Tail = Annotated[
    int | None, typer.Option(min=0, help=f"The last lines of each task to begin with; {TAIL} unless --since is given.")
]
Grep = Annotated[str | None, typer.Option(help="Only lines in which this regular expression is found.")]


def logs(
    service: Service = None,
    stack: Stack = "lab",
    following: Follow = False,
    since: Since = None,
    tail: Tail = None,
    as_json: AsJson = False,
    node: OnNode = None,
    grep: Grep = None,
) -> None:
    """Show the logs of a service, or of all, as one stream in order of time; -f goes on, over lost nodes too.

    Exit code: 0; 130 after Ctrl-C; 4 when no node answers; 5 when nothing of the service is there.
    """
    wanted = Wanted(service, *_begin(since, tail), _pattern(grep))
    cluster, connections = stream.nodes(stack, node or [])
    feeds: dict[str, LogFeed] = {}
    whole = stream.stream_of(connections, lambda name, tell: feeds.setdefault(name, LogFeed(name, wanted, tell)))
    stream.show(whole.history(), as_json)
    known = cluster.get("services", {})
    if service and service not in known and not any(feed.tasks for feed in feeds.values()):
        raise SwarmError(f"stack {stack}", f"no node has a task of `{service}`", f"services: {', '.join(known)}")
    if following:
        stream.follow(whole, as_json)


def _begin(since: str | None, tail: int | None) -> tuple[int | None, int | None]:
    """Return from when on, and how many lines: without both the last of each task; none means from now on."""
    if tail == 0:
        return stream.second(since or "0s"), None
    return stream.second(since), TAIL if tail is None and since is None else tail


def _pattern(text: str | None) -> re.Pattern[str] | None:
    try:
        return re.compile(text) if text is not None else None
    except re.error as error:
        raise typer.BadParameter(f"{text!r} is no regular expression: {error}", param_hint="--grep") from None
