"""What only the Swarm and the nodes themselves know: asked once, over ssh, by reading calls only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from drift.engines import DAEMON_FILE
from providers.swarm.connection import Connection
from providers.swarm.ssh import Outside
from spec.errors import EngineError, LongshoreError

Entry = Mapping[str, Any]
AT_ONCE = 8
SECONDS = 20


@dataclass(frozen=True)
class Observed:
    """The Swarm's own lists, as one of its managers gave them, and each node's daemon.json as far as it was read."""

    nodes: Sequence[Entry] = ()
    services: Sequence[Entry] = ()
    tasks: Sequence[Entry] = ()
    secrets: Sequence[Entry] = ()
    configs: Sequence[Entry] = ()
    daemons: Mapping[str, str] = field(default_factory=dict)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    unreachable: str = ""
    """Why no manager could be asked; empty when one was."""


def observe(outside: Outside, managers: Sequence[Connection], engines: Sequence[Connection], swarm_id: str) -> Observed:
    """Ask the first manager of this Swarm that answers, and read daemon.json on every node that does."""
    daemons = read_daemons(outside, engines)
    reasons = []
    for manager in managers:
        try:
            return _ask(outside, manager, swarm_id, daemons)
        except LongshoreError as reason:
            reasons.append(f"{reason.where}: {reason.found}")
    return Observed(daemons=daemons, unreachable="; ".join(reasons) or "the stack has no manager")


def read_daemons(outside: Outside, engines: Sequence[Connection]) -> dict[str, str]:
    """Return the text of each node's daemon.json by node name; nodes that don't answer, or have none, are left out."""

    def read(engine: Connection) -> tuple[str, str | None]:
        try:
            ran = outside.run(engine, f"cat {DAEMON_FILE}", SECONDS)
        except LongshoreError:
            return engine.name, None  # what is wrong with that node is told by its state
        return engine.name, ran.output if ran.code == 0 else None

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return {name: text for name, text in threads.map(read, engines) if text is not None}


def _ask(outside: Outside, manager: Connection, swarm_id: str, daemons: Mapping[str, str]) -> Observed:
    with outside.docker(manager) as docker:
        client: Any = docker  # its lists have no types
        swarm = client.info()["Swarm"]
        if (swarm.get("Cluster") or {}).get("ID") != swarm_id:
            raise EngineError(manager.where, f"is no manager of the Swarm {swarm_id}")
        return Observed(
            nodes=client.nodes(),
            services=client.services(),
            tasks=client.tasks(),
            secrets=client.secrets(),
            configs=client.configs(),
            daemons=daemons,
        )
