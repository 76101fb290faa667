"""Whether a release works in an environment: its Swarms, its images and its services, until all hold or time is up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from providers.swarm.clock import Clock
from release import ask, checks
from release.ask import Page
from release.checks import AskPage, Question
from release.observe import Seen, look
from spec.base import whole_seconds
from spec.errors import LongshoreError
from spec.promotion import Check
from spec.release import Release
from spec.verification import VerifySpec
from upkeep.reach import Outputs

EVERY = 2.0
"""Seconds between two looks."""
AT_ONCE = 8


class World(Protocol):
    """What a verification asks."""

    @property
    def clock(self) -> Clock:
        """How time passes."""

    def look(self, stack: str) -> Seen:
        """Return what a stack's Swarm shows. Raises LongshoreError when it can't be asked."""

    def page(self, url: str) -> Page:
        """Ask for a page."""

    def port(self, host: str, number: int) -> str:
        """Try a port; nothing when it is open, else why not."""


@dataclass(frozen=True)
class Live:
    """The world as it is. `outputs`: returns a stack's output `cluster`."""

    outputs: Callable[[str], Outputs]
    clock: Clock

    def look(self, stack: str) -> Seen:
        """Return what a stack's Swarm shows. Raises LongshoreError when it can't be asked."""
        return look(self.outputs(stack))

    def page(self, url: str) -> Page:
        """Ask for a page."""
        return ask.page(url)

    def port(self, host: str, number: int) -> str:
        """Try a port; nothing when it is open, else why not."""
        return ask.port(host, number)


def verified(spec: VerifySpec, stacks: tuple[str, ...], release: Release | None, world: World) -> tuple[Check, ...]:
    """Return every check as it was at the first look at which all held, or at the last one within `spec.within`."""
    last: tuple[Check, ...] = ()

    def all_hold() -> bool | None:
        nonlocal last
        last = once(spec, stacks, release, world)
        return True if holds(last) else None

    world.clock.until(whole_seconds(spec.within), all_hold, every=EVERY)
    return last


def once(spec: VerifySpec, stacks: tuple[str, ...], release: Release | None, world: World) -> tuple[Check, ...]:
    """Look once, and return every check."""
    seen = {stack: _seen(stack, world) for stack in stacks}
    asked = checks.questions(spec, seen)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answered = list(pool.map(lambda each: each if isinstance(each, Check) else _answer(each, world), asked))
    return (*checks.of_swarm(spec, seen, release), *answered)


def holds(found: tuple[Check, ...]) -> bool:
    """Say whether a release with these checks is verified: without any it isn't."""
    return bool(found) and all(each.ok for each in found)


def _seen(stack: str, world: World) -> Seen:
    try:
        return world.look(stack)
    except LongshoreError as error:
        return Seen((f"{error.where}: {error.found}",))


def _answer(question: Question, world: World) -> Check:
    if isinstance(question, AskPage):
        return question.judged(world.page(question.url))
    return question.judged(world.port(question.host, question.port))
