"""The logs of a node's tasks, by its own engine: also of tasks that have ended, and of those that start later."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docker.api import APIClient
from docker.errors import APIError

from watch.cursor import Cursor
from watch.entry import Entry
from watch.feed import BROKEN, Answer, Open, Put, Tell
from watch.lines import Line, Lines

LABEL = "com.docker.swarm."
"""Labels by which Swarm says whose a container is (swarmkit, agent/exec/dockerapi/container.go)."""

AGAIN_SECONDS = 1.0


@dataclass(frozen=True)
class Wanted:
    """Which lines: of a service or of all, from when on or the last ones of each task, matching a pattern."""

    service: str | None = None
    since: int | None = None
    """The second since 1970 to begin with."""
    tail: int | None = 100
    """The most lines of each task to begin with; None for all."""
    grep: re.Pattern[str] | None = None

    def filters(self) -> dict[str, Any]:
        """Return what the engine is asked for: containers of tasks only."""
        name = f"{LABEL}service.name"
        return {"label": [f"{name}={self.service}" if self.service else name]}

    def asked(self, tail: bool) -> dict[str, Any]:
        """Return what of a task that nothing was read of yet is asked for: with `tail`, only its last lines."""
        since = {"since": self.since} if self.since is not None else {}
        return since | ({"tail": self.tail} if tail and self.tail is not None else {})


class LogFeed:
    """One node's logs; a Feed."""

    def __init__(self, node: str, wanted: Wanted, tell: Tell) -> None:
        self._node = node
        self._wanted = wanted
        self._tell = tell
        self._cursors: dict[str, Cursor] = {}
        self._mute: set[str] = set()
        self._met = False

    @property
    def tasks(self) -> int:
        """How many tasks were met so far."""
        return len(self._cursors)

    def history(self, client: APIClient, put: Put) -> None:
        """Give what there is by now, one task after the other."""
        for container in self._listed(client):
            self._read(client, container["Id"], container["Labels"], put, None)
        self._met = True

    def follow(self, client: APIClient, put: Put, streams: Open) -> None:
        """Give what is new, of tasks that start later too, until the connection or `streams` end."""
        filters = {"type": "container", "event": "start", **self._wanted.filters()}
        readers: dict[str, threading.Thread] = {}

        def begin(ident: str, labels: Mapping[str, str]) -> None:
            if ident not in readers or not readers[ident].is_alive():
                arguments = (client, ident, labels, put, streams)
                readers[ident] = threading.Thread(target=self._keep_reading, args=arguments, daemon=True)
                readers[ident].start()

        try:
            # Listening begins before the list is made: no task can start unseen in between.
            with streams.reading(client.events(filters=filters, decode=True)) as starts:
                for container in self._listed(client):
                    begin(container["Id"], container["Labels"])
                self._met = True
                for event in starts:
                    begin(event["Actor"]["ID"], event["Actor"]["Attributes"])
        finally:
            streams.end()
            for reader in readers.values():
                reader.join()

    def _listed(self, client: APIClient) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = client.containers(all=True, filters=self._wanted.filters())
        return found

    def _keep_reading(self, client: APIClient, ident: str, labels: Mapping[str, str], put: Put, streams: Open) -> None:
        """Read a task's log until the task or the connection ends: the engine's answer may end before either."""
        while self._read(client, ident, labels, put, streams):
            if streams.pause(AGAIN_SECONDS) or not _runs(client, ident):
                return

    def _read(self, client: APIClient, ident: str, labels: Mapping[str, str], put: Put, streams: Open | None) -> bool:
        """Read one task's log: on from where it was left; of a task that was silent, or is new, all of it.

        Tell whether it could be read to its end.
        """
        begins = ident not in self._cursors and not self._met
        cursor = self._cursors.setdefault(ident, Cursor())
        since = cursor.resume()
        asked = {"since": since} if since else self._wanted.asked(tail=begins)
        try:
            stream = client.logs(ident, stream=True, timestamps=True, follow=streams is not None, **asked)
            with (streams or Open()).reading(stream) as reading:
                self._give(client, reading, cursor, Origin.of(self._node, ident, labels), put)
        except APIError as refusal:
            self._cannot(ident, labels, refusal)
            return False
        except BROKEN:
            return False  # the node's connection ends too, and is what is told
        return True

    def _give(self, client: APIClient, stream: Answer, cursor: Cursor, origin: Origin, put: Put) -> None:
        lines = Lines()
        for data in stream:
            for line in lines.feed(data):
                self._take(line, cursor, origin, put)
        if (rest := lines.rest()) and client.ping():  # cut off by its end, not by a lost connection
            self._take(rest[0], cursor, origin, put)

    def _take(self, line: Line, cursor: Cursor, origin: Origin, put: Put) -> None:
        wanted = self._wanted.grep is None or self._wanted.grep.search(line[1])
        if cursor.is_new(*line) and wanted:
            put(origin.entry(line))

    def _cannot(self, ident: str, labels: Mapping[str, str], refusal: APIError) -> None:
        """Tell once why a log can't be read; a container that was removed meanwhile has nothing to say."""
        if refusal.status_code != 404 and ident not in self._mute:
            self._mute.add(ident)
            self._tell(f"{Origin.of(self._node, ident, labels).task}@{self._node}: {refusal.explanation or refusal}")


def _runs(client: APIClient, ident: str) -> bool:
    try:
        return bool(client.inspect_container(ident)["State"]["Running"])
    except BROKEN:
        return False


@dataclass(frozen=True)
class Origin:
    """Whose lines they are."""

    node: str
    container: str
    service: str
    task: str

    @classmethod
    def of(cls, node: str, container: str, labels: Mapping[str, str]) -> Origin:
        """Read it from a container's labels: a task's name is its service's, its slot (or node), and its own id."""
        name = labels.get(f"{LABEL}task.name", container[:12])
        own = labels.get(f"{LABEL}task.id", "")
        return cls(node, container, labels.get(f"{LABEL}service.name", ""), name.removesuffix(f".{own}"))

    def entry(self, line: Line) -> Entry:
        """Return a line as part of a stream."""
        at, text = line
        slot = self.task.removeprefix(f"{self.service}.")
        short = self.task if slot.isdigit() else self.service  # a global service's task is named after its node
        facts = {"service": self.service, "task": self.task, "container": self.container[:12], "line": text}
        return Entry(at, self.node, self.container, short, text, facts)
