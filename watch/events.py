"""The events of a node's engine; a manager's engine tells those of the Swarm, too."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from docker.api import APIClient

from watch.cursor import SECOND, Cursor
from watch.entry import Entry, moment
from watch.feed import Open, Put
from watch.logs import LABEL

TYPES = ("container", "service", "node", "secret", "config", "network", "volume", "image", "plugin", "daemon")
"""The types of events there are ("docker events" in Docker's reference)."""
REMEMBERED = 10_000
NOISE = "exec_"
"""Actions that are left out: every run of a health check makes three, with the command that was run in it."""
SHOWN = ("name", "image", "exitCode", "signal", "container", "updatestate.new", "state.new", "availability.new",
         "replicas.new", "image.new")  # fmt: skip
"""Attributes that text shows; JSON shows all."""


class Told:
    """Each manager tells every event of the Swarm: only the first telling counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: OrderedDict[tuple[Any, ...], None] = OrderedDict()

    def is_new(self, event: Mapping[str, Any]) -> bool:
        """Tell whether no other manager has told this event of the Swarm.

        All stamp it with the object's own time, but for a removal, of which each notes when it heard of it
        (moby, daemon/events.go).
        """
        at = None if event["Action"] == "remove" else event.get("timeNano")
        key = (event["Type"], event["Action"], event["Actor"]["ID"], at)
        with self._lock:
            known = key in self._told
            self._told[key] = None
            if len(self._told) > REMEMBERED:
                self._told.popitem(last=False)
        return not known


class EventFeed:
    """One node's events; a Feed. `since`: the second since 1970 to begin with."""

    def __init__(self, node: str, types: list[str], since: int, told: Told) -> None:
        self._node = node
        self._filters = {"type": types} if types else None
        self._since = since
        self._told = told
        self._cursor = Cursor()

    def history(self, client: APIClient, put: Put) -> None:
        """Give what the engine remembers: its latest 256 events."""
        now = moment(client.info()["SystemTime"])  # the node's own: an `until` ahead of it would be waited for
        self._read(client, put, Open(), until=(now or 0) // SECOND)

    def follow(self, client: APIClient, put: Put, streams: Open) -> None:
        """Give what is new, until the connection or `streams` end."""
        self._read(client, put, streams)

    def _read(self, client: APIClient, put: Put, streams: Open, **until: int) -> None:
        since = self._cursor.resume() or self._since
        stream = client.events(since=since, filters=self._filters, decode=True, **until)
        with streams.reading(stream) as events:
            for event in events:
                self._take(event, put)

    def _take(self, event: Mapping[str, Any], put: Put) -> None:
        mark = f"{event['Type']} {event['Action']} {event['Actor']['ID']}"
        if not self._cursor.is_new(event["timeNano"], mark) or event["Action"].startswith(NOISE):
            return
        if event.get("scope") != "swarm" or self._told.is_new(event):
            put(entry(self._node, event))


def entry(node: str, event: Mapping[str, Any]) -> Entry:
    """Return an engine's event as part of a stream."""
    kind, action, actor = event["Type"], event["Action"], event["Actor"]
    attributes = actor.get("Attributes") or {}
    name = attributes.get(f"{LABEL}task.name") or attributes.get("name") or actor["ID"][:12]
    more = [f"{key}={attributes[key]}" for key in SHOWN if key in attributes and attributes[key] != name]
    facts = {"type": kind, "action": action, "id": actor["ID"], "name": name, "scope": event.get("scope", "local"),
             "attributes": dict(attributes)}  # fmt: skip
    return Entry(event["timeNano"], node, f"events of {node}", kind, " ".join([action, name, *more]), facts)
