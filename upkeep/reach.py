"""A stack's Swarm, through whichever of its managers answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from providers.swarm.clock import Clock
from providers.swarm.connection import Connection, connection_from
from providers.swarm.control import Control, control
from providers.swarm.handler import Call
from providers.swarm.ssh import Ssh
from spec.errors import SwarmError

Outputs = Mapping[str, Any]
"""The stack output `cluster`."""


class Quiet:
    """Keeps what the provider's code tells on the way to itself."""

    def status(self, text: str) -> None:
        """Not shown: the verbs tell their own progress."""

    def warn(self, text: str) -> None:
        """Not shown: what is wrong comes back as an error."""


def call() -> Call:
    """Return the world as it is."""
    clock = Clock()
    return Call(Ssh(clock), clock, Quiet())


def managers(cluster: Outputs) -> list[Connection]:
    """Return how to reach each manager. Raises SwarmError when the stack has none yet."""
    found = [connection_from(each) for each in cluster.get("managers", [])]
    if not found:
        raise SwarmError("cluster", "has no manager yet", "run `longshore up` first")
    return found


@contextmanager
def swarm_of(cluster: Outputs, world: Call | None = None, avoid: str | None = None) -> Iterator[Control]:
    """Give the Swarm, through the manager at host `avoid` last.

    Raises NoManagerError when no manager answers, LeaderlessError when they have no quorum.
    """
    with control(world or call(), managers(cluster), str(cluster["swarmId"]), avoid=avoid) as swarm:
        yield swarm
