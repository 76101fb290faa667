"""The arithmetic of managers: which change leaves the Swarm able to decide, and which does not.

A Swarm of n managers decides while more than half of them, n // 2 + 1, can be reached (Docker's "Raft consensus in
swarm mode"). A manager that is switched off still counts in n until it is demoted, and the majority that has to agree
to a demotion is the one from before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

Names = frozenset[str]
LAST_RESORT = "`docker swarm init --force-new-cluster` on a survivor"


class Change(Enum):
    """What is about to happen to one manager."""

    PROMOTE = "promoting"
    REMOVE = "removing"


@dataclass(frozen=True)
class Refusal:
    """Why a change is unsafe, and the order that is safe."""

    found: str
    fix: str


def majority(managers: int) -> int:
    """Return how many of `managers` must be reachable."""
    return managers // 2 + 1


def verdict(managers: Names, reachable: Names, change: Change, node: str) -> Refusal | None:
    """Judge `change` of `node` among `managers`, of which `reachable` answer; None when it is safe."""
    if len(reachable) < majority(len(managers)):
        return _lost(managers, reachable)
    if change is Change.PROMOTE:
        # The new one counts at once, and answers: it has just joined.
        return None
    if managers == {node}:
        return _last(node)
    left, answering = managers - {node}, reachable - {node}
    if len(answering) >= majority(len(left)):
        return None
    return _breaks(managers, reachable, node)


def _lost(managers: Names, reachable: Names) -> Refusal:
    found = f"{_count(managers, reachable)}: quorum needs {majority(len(managers))}, so nothing can be changed"
    absent = ", ".join(sorted(managers - reachable))
    return Refusal(found, f"bring {absent} back; if lost for good: {LAST_RESORT}")


def _last(node: str) -> Refusal:
    found = f"{node} is the last manager: removing it ends the Swarm and every service in it"
    return Refusal(found, "add another manager first, or destroy the whole cluster")


def _breaks(managers: Names, reachable: Names, node: str) -> Refusal:
    left, answering = managers - {node}, reachable - {node}
    arithmetic = f"removing {node} leaves {len(answering)} of {len(left)}; quorum needs {majority(len(left))}"
    absent = ", ".join(sorted(managers - reachable))
    return Refusal(
        f"{_count(managers, reachable)}: {arithmetic}",
        f"first bring {absent} back, or remove it from the stack in an update of its own; then {node}",
    )


def _count(managers: Names, reachable: Names) -> str:
    return f"{len(managers)} managers, {len(reachable)} reachable"
