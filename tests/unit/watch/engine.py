"""Nodes in memory whose engines have logs and events, and whose connections can be cut."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from docker.api import APIClient

from providers.swarm.connection import Connection
from providers.swarm.ssh import UnreachableError
from watch.cursor import SECOND
from watch.entry import stamp

T0 = 1_700_000_000
"""The second at which these nodes begin."""
END = object()


def at(seconds: float) -> int:
    return T0 * SECOND + int(seconds * SECOND)


class Answer:
    """What an engine goes on sending, until somebody closes it."""

    def __init__(self) -> None:
        self._items: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def send(self, item: Any) -> None:
        self._items.put(item)

    def close(self) -> None:
        self._items.put(END)

    def __iter__(self) -> Iterator[Any]:
        while (item := self._items.get(timeout=30)) is not END:
            yield item


@dataclass
class Container:
    """A task's container: its log as the engine has it."""

    labels: dict[str, str]
    log: list[tuple[int, str]] = field(default_factory=list)
    running: bool = True
    readers: list[Answer] = field(default_factory=list)
    refusal: Exception | None = None


@dataclass
class Engine:
    """One node. Strict: an argument that no engine knows is an error."""

    containers: dict[str, Container] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    on: bool = True
    asked: list[dict[str, Any]] = field(default_factory=list)
    listeners: list[tuple[Answer, set[str] | None]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, ident: str, service: str = "web", slot: str = "1") -> None:
        """Start a task's container."""
        labels = {"service.name": service, "task.name": f"{service}.{slot}.t{ident}", "task.id": f"t{ident}"}
        with self.lock:
            self.containers[ident] = Container({f"com.docker.swarm.{key}": value for key, value in labels.items()})
            self.tell(event("container", "start", ident, at(0), **self.containers[ident].labels))

    def write(self, ident: str, seconds: float, text: str, end: str = "\n") -> None:
        """Let a container print a line."""
        with self.lock:
            container = self.containers[ident]
            container.log.append((at(seconds), text + end))
            for reader in container.readers:
                reader.send(frame(*container.log[-1]))

    def stop(self, ident: str) -> None:
        """Let a container end."""
        with self.lock:
            self.containers[ident].running = False
            for reader in self.containers[ident].readers:
                reader.close()

    def rotate(self, ident: str) -> None:
        """End whoever reads a container's log, though it runs on."""
        with self.lock:
            readers, self.containers[ident].readers = self.containers[ident].readers, []
            for reader in readers:
                reader.close()

    def tell(self, told: dict[str, Any]) -> None:
        """Let something happen."""
        with self.lock:
            self.events.append(told)
            for listener, types in self.listeners:
                if types is None or told["Type"] in types:
                    listener.send(told)

    def cut(self, on: bool = False) -> None:
        """End every connection; it takes new ones when it is `on`."""
        with self.lock:
            self.on = on
            answers = [each for container in self.containers.values() for each in container.readers]
            for answer in answers + [listener for listener, _ in self.listeners]:
                answer.close()
            self.listeners.clear()
            for container in self.containers.values():
                container.readers.clear()


class Client:
    """The calls that a stream makes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ping(self) -> bool:
        return self._engine.on

    def info(self) -> dict[str, Any]:
        return {"SystemTime": stamp(at(100))}

    def inspect_container(self, ident: str) -> dict[str, Any]:
        return {"State": {"Running": self._engine.containers[ident].running}}

    def containers(self, *, all: bool, filters: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: A002
        assert all, "tasks that have ended have logs, too"
        name, _, value = filters["label"][0].partition("=")
        return [
            {"Id": ident, "Labels": each.labels}
            for ident, each in self._engine.containers.items()
            if not value or each.labels[name] == value
        ]

    def logs(
        self, ident: str, *, stream: bool, timestamps: bool, follow: bool, since: int = 0, tail: int | None = None
    ) -> Answer:
        assert stream
        assert timestamps
        with self._engine.lock:
            self._engine.asked.append({"id": ident, "follow": follow, "since": since, "tail": tail})
            container, answer = self._engine.containers[ident], Answer()
            if container.refusal:
                raise container.refusal
            lines = [line for line in container.log if line[0] >= since * SECOND]
            for line in lines if tail is None else lines[-tail:]:
                answer.send(frame(*line))
            if follow and container.running:
                container.readers.append(answer)
            else:
                answer.close()
        return answer

    def events(
        self, *, decode: bool, since: int | None = None, until: int | None = None, filters: dict[str, Any] | None = None
    ) -> Answer:
        assert decode
        with self._engine.lock:
            answer, kinds = Answer(), (filters or {}).get("type")
            types = None if kinds is None else {kinds} if isinstance(kinds, str) else set(kinds)
            past = [] if since is None else [each for each in self._engine.events if each["timeNano"] >= since * SECOND]
            for each in past:
                if types is None or each["Type"] in types:
                    answer.send(each)
            if until is None:
                self._engine.listeners.append((answer, types))
            else:
                answer.close()
        return answer


class Nodes:
    """The seam to the outside: engines by the name of their node."""

    def __init__(self, **engines: Engine) -> None:
        self._engines = engines
        self.open = 0

    @contextmanager
    def docker(self, connection: Connection, seconds: int = 30) -> Iterator[APIClient]:
        assert seconds > 0
        engine = self._engines[connection.name]
        if not engine.on:
            raise UnreachableError(connection.name, "no route to host")
        self.open += 1
        try:
            yield client_of(engine)
        finally:
            self.open -= 1


def client_of(engine: Engine) -> APIClient:
    return cast(APIClient, Client(engine))


def node(name: str) -> Connection:
    return Connection(host="10.0.0.9", name=name)


def frame(when: int, text: str) -> bytes:
    return f"{stamp(when)} {text}".encode()


def event(kind: str, action: str, ident: str, when: int, scope: str = "local", **attributes: str) -> dict[str, Any]:
    actor = {"ID": ident, "Attributes": attributes}
    return {"Type": kind, "Action": action, "Actor": actor, "scope": scope, "timeNano": when}
