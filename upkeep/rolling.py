"""Replacing a pool's machines one at a time. What is done and what is left is in the stack file itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from components.names import NodeIdentity
from spec.errors import SwarmError
from spec.pool import PoolSpec
from upkeep.pools import StackFile

Say = Callable[[str], None]


class Cluster(Protocol):
    """The running cluster, as a roll needs it."""

    def settled(self) -> bool:
        """Whether a preview of the stack shows nothing to do."""

    def update(self) -> bool:
        """Show what the stack file changes, and do it; whether that succeeded."""

    def troubles(self) -> list[str]:
        """Return what is wrong with nodes and services right now."""

    def wait(self, seconds: float) -> list[str]:
        """Wait until nothing is wrong; return what still is after `seconds`."""

    def leader(self) -> str:
        """Return the name of the managers' leader."""

    def rebalance(self, say: Say) -> None:
        """Place the tasks of each service anew, one service after another."""


@dataclass(frozen=True)
class Plan:
    """Which generation a pool goes to, and which of its nodes, by number, are there already."""

    target: int
    done: tuple[int, ...]
    left: tuple[int, ...]


def plan(pool: PoolSpec) -> Plan:
    """Read the plan off the pool: a roll that was stopped goes on to the generation it was going to."""
    highest = max((pool.generation_of(number) for number in pool.numbers()), default=pool.generation)
    target = highest if highest > pool.generation else pool.generation + 1
    done = tuple(number for number in pool.numbers() if pool.generation_of(number) >= target)
    return Plan(target, done, tuple(number for number in pool.numbers() if number not in done))


def order(nodes: list[NodeIdentity], leader: str) -> list[NodeIdentity]:
    """Return the nodes in the order they go in: ascending, the managers' leader last."""
    return sorted(nodes, key=lambda node: (node.name == leader, node.number))


@dataclass
class Roll:
    """One roll of one pool."""

    file: StackFile
    pool: str
    cluster: Cluster
    say: Say
    patience: float = 600.0
    """For how many seconds services may take to converge after each node."""

    def run(self, rebalance: bool) -> None:
        """Replace every node that is left. Raises SwarmError at the first that fails, saying how to go on."""
        whole = plan(self.file.pool(self.pool))
        self._begin(whole)
        start = time.monotonic()
        total = len(whole.done) + len(whole.left)
        for count in range(len(whole.done) + 1, total + 1):
            node = self._next(whole.target)
            with self._step(f"{count} of {total}", node, whole.target):
                self._replace(node, whole.target)
        self.file.finish(self.pool, whole.target)
        if rebalance:
            self.cluster.rebalance(self.say)
        self.say(f"pool {self.pool} is at generation {whole.target}, after {time.monotonic() - start:.0f} s")

    def _begin(self, whole: Plan) -> None:
        if whole.done:
            self.say(f"going on with generation {whole.target}: {len(whole.done)} done, {len(whole.left)} left")
            if not self.cluster.update():
                raise self._stopped("the update that was begun fails again")
        elif not self.cluster.settled():
            raise SwarmError(
                f"pool {self.pool}", "the stack file has changes that are not applied", "run `longshore up` first"
            )
        if wrong := self.cluster.wait(self.patience if whole.done else 0):
            raise self._stopped(f"not begun, as not all is well: {'; '.join(wrong)}")

    def _next(self, target: int) -> NodeIdentity:
        left = [node for node in self.file.nodes(self.pool) if node.generation < target]
        return order(left, self.cluster.leader())[0]

    @contextmanager
    def _step(self, place: str, node: NodeIdentity, target: int) -> Iterator[None]:
        start = time.monotonic()
        self.say(f"{place}: {node.name}, generation {node.generation} -> {target} ...")
        yield
        self.say(f"{place}: {node.name}: done in {time.monotonic() - start:.0f} s")

    def _replace(self, node: NodeIdentity, target: int) -> None:
        self.file.set_generation(self.pool, node.number, target)
        if not self.cluster.update():
            raise self._stopped(f"the update that replaces {node.name} failed, or was not agreed to")
        if wrong := self.cluster.wait(self.patience):
            raise self._stopped(
                f"{node.name} is replaced, but after {self.patience:.0f} s not all is well: {'; '.join(wrong)}"
            )

    def _stopped(self, found: str) -> SwarmError:
        now = plan(self.file.pool(self.pool))
        named = {node.number: node.name for node in self.file.nodes(self.pool)}
        left = ", ".join(named[number] for number in now.left) or "nothing"
        return SwarmError(
            f"pool {self.pool}",
            f"{found}\n  still to do: {left}",
            f"mend that, then run the same command again: it goes on from here ({self.file.where} says what is done)",
        )


def describe(file: StackFile, pool: str, leader: str) -> list[str]:
    """Return the lines of a dry run."""
    whole = plan(file.pool(pool))
    nodes = {node.number: node for node in file.nodes(pool)}
    lines = [f"{node.name}: at generation {node.generation} already" for node in (nodes[n] for n in whole.done)]
    for node in order([nodes[number] for number in whole.left], leader):
        note = ", the leader, last" if node.name == leader else ""
        lines.append(f"{node.name}: generation {node.generation} -> {whole.target}, {node.address}{note}")
    return [*lines, f"each: drained, replaced at the same address, joined again as {file.pool(pool).role}, waited for"]
