"""Watching a cluster while it is changed: its managers' health, and a client that never stops asking."""

from __future__ import annotations

import json
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.live.project import Project

MANAGERS = "lab-managers-"


@dataclass
class Seen:
    """What a watcher saw: one entry for each look."""

    values: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@contextmanager
def repeating(look: Callable[[Seen], None], every: float) -> Iterator[Seen]:
    """Call `look` again and again beside the test, with what it saw so far."""
    seen, over = Seen(), threading.Event()

    def run() -> None:
        while not over.is_set():
            start = time.monotonic()
            look(seen)
            over.wait(max(0.0, every - (time.monotonic() - start)))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def healthy_managers(project: Project) -> Callable[[Seen], None]:
    """Note how many managers are reachable, as whichever of them answers says."""
    environment = project.environment()

    def look(seen: Seen) -> None:
        found = [_reachable(name, environment) for name in _machines(environment) if f"-{MANAGERS}" in name]
        known = [count for count in found if count is not None]
        if known:
            seen.values.append(max(known))

    return look


def client(urls: list[str]) -> Callable[[Seen], None]:
    """Ask the service once, of each of its addresses in turn."""

    def look(seen: Seen) -> None:
        if not urls:
            return
        url = urls[len(seen.values) % len(urls)]
        seen.values.append(1)
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                answer.read()
        except OSError as error:
            seen.failures.append(f"{url}: {error}")

    return look


def machines(project: Project, part: str) -> list[str]:
    """Return the containers that stand for the running machines whose name holds `part`."""
    return [name for name in _machines(project.environment()) if part in name]


def _machines(environment: dict[str, str]) -> list[str]:
    return _docker(environment, "ps", "--format", "{{.Names}}").split()


def _reachable(machine: str, environment: dict[str, str]) -> int | None:
    listed = _docker(environment, "exec", machine, "docker", "node", "ls", "--format", "{{json .}}")
    nodes = [json.loads(line) for line in listed.splitlines() if line.startswith("{")]
    return len([each for each in nodes if each["ManagerStatus"] in ("Leader", "Reachable")]) if nodes else None


def _docker(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], env=environment, capture_output=True, text=True, check=False)
    return done.stdout
