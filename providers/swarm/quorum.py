"""The arithmetic of managers: which change leaves the Swarm able to decide, and which does not.

A Swarm of n managers decides while more than half of them, n // 2 + 1, can be reached (Docker's "Raft consensus in
swarm mode"). A manager that is switched off still counts in n until it is demoted, and the majority that has to agree
to a demotion is the one from before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

Names = frozenset[str]
LAST_RESORT = "`longshore restore -s STACK` starts the Swarm anew from a survivor (docs/day2.md)"


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


def turnover(before: Mapping[str, str], after: Mapping[str, str]) -> Refusal | None:
    """Judge one update's change of all managers, given as name -> the machine behind it; None when it is safe.

    Where a manager is replaced, those that nobody touches must still be a majority of all that there are: then the
    Swarm decides even if every other one is lost on the way. Managers that only go are demoted one after another, which
    lowers the count first, so any number may go while one stays.
    """
    removed, kept = before.keys() - after.keys(), before.keys() & after.keys()
    replaced = {name for name in kept if before[name] != after[name]}
    untouched = len(kept) - len(replaced)
    if not before or (not replaced and kept) or untouched >= majority(len(before)):
        return None
    if len(before) == 1:
        return _only(next(iter(before)), bool(replaced))
    return _too_many(before, replaced, removed)


def _only(name: str, replaced: bool) -> Refusal:
    change = "replacing" if replaced else "removing"
    return Refusal(
        f"{name} is the only manager: {change} it ends the Swarm with all its services and secrets",
        "go to 3 managers first, then one at a time",
    )


def _too_many(before: Mapping[str, str], replaced: Iterable[str], removed: Iterable[str]) -> Refusal:
    changes = {"replaced": sorted(replaced), "removed": sorted(removed)}
    told = " and ".join(f"{len(names)} {what} ({', '.join(names)})" for what, names in changes.items() if names)
    left = len(before) - sum(map(len, changes.values()))
    return Refusal(
        f"{len(before)} managers, {told} in one update: that leaves {left} of {len(before)}; "
        f"quorum needs {majority(len(before))}",
        _order(changes["removed"], changes["replaced"]),
    )


def _order(removed: list[str], replaced: list[str]) -> str:
    if not replaced:
        return "keep at least one of them in this update; the others can go in it, the last one in the next"
    first = "first the removal, then " if removed else ""
    order = ", then ".join(replaced)
    return f"{first}one update for each: {order}, the leader last; `longshore roll POOL -s STACK` does that"
