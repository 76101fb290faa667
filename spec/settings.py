"""Engine settings that contradict each other, or Swarm."""

from __future__ import annotations

from collections.abc import Iterator

from spec.problems import Problem
from spec.stack import StackSpec

OWN_RUNTIME = "runc"


def live_restore_is_off(spec: StackSpec) -> Iterator[Problem]:
    """The engine itself refuses to start in Swarm mode with live restore (docs.docker.com, "Live restore")."""
    if spec.engine.live_restore:
        yield Problem(
            "engine.live_restore",
            "is on, and every node is in a Swarm, which live restore can't be used with",
            "leave it out: Swarm starts a stopped node's tasks elsewhere",
        )


def the_default_runtime_is_known(spec: StackSpec) -> Iterator[Problem]:
    """The default runtime is runc or a declared one; runc itself can't be declared."""
    engine = spec.engine
    if OWN_RUNTIME in engine.runtimes:
        yield Problem("engine.runtimes.runc", "runc is Docker's own and reserved", "give yours another name")
    if engine.default_runtime not in (OWN_RUNTIME, *engine.runtimes):
        known = ", ".join((OWN_RUNTIME, *engine.runtimes))
        yield Problem("engine.default_runtime", f"`{engine.default_runtime}` is not declared", f"use one of: {known}")
