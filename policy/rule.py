"""What a policy is: one function over resources, and how binding it is in each kind of environment."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

OFF, ADVISORY, MANDATORY = "disabled", "advisory", "mandatory"
UNKNOWN = "«computed»"
"""A value that isn't known before the update: no policy judges it."""


class Levels(NamedTuple):
    """How binding a policy is. A mandatory one refuses the update; an advisory one is a warning in the report."""

    dev: str
    staging: str
    prod: str


ALWAYS = Levels(MANDATORY, MANDATORY, MANDATORY)
PAST_DEV = Levels(ADVISORY, MANDATORY, MANDATORY)
IN_PROD = Levels(OFF, ADVISORY, MANDATORY)
ADVICE = Levels(OFF, ADVISORY, ADVISORY)


@dataclass(frozen=True)
class Around:
    """What is known of the whole stack. `ports`: those that its stack file declares; None: it isn't known."""

    ports: frozenset[int] | None = None
    managers: int | None = None


@dataclass(frozen=True)
class Resource:
    """A resource as it is wanted. `props`: its inputs, by the engine's names, with UNKNOWN where they aren't known."""

    type: str
    name: str
    props: Mapping[str, Any]
    protect: bool = False
    urn: str = ""
    around: Around = Around()


Check = Callable[[Resource], Iterable[str]]
"""Yields what is wrong with a resource, in words that contain no value which may be secret."""


@dataclass(frozen=True)
class Policy:
    """A policy: its first sentence is what must be, the rest why. `types`: the resources it judges.

    `stack_wide`: it needs what only the whole stack tells.
    """

    id: str
    check: Check
    levels: Levels
    types: frozenset[str]
    fix: str
    source: str = ""
    stack_wide: bool = False

    @property
    def title(self) -> str:
        """What must be, as a sentence."""
        return self._paragraphs()[0]

    @property
    def text(self) -> str:
        """Why."""
        return "\n\n".join(self._paragraphs()[1:])

    def findings(self, resource: Resource) -> list[str]:
        """Return what is wrong with a resource; nothing for one of another type."""
        return [f"{each}: {self.fix}" for each in self.check(resource)] if resource.type in self.types else []

    def _paragraphs(self) -> list[str]:
        return [" ".join(each.split()) for each in inspect.cleandoc(self.check.__doc__ or "").split("\n\n")]


POLICIES: dict[str, Policy] = {}


def policy(
    identifier: str, levels: Levels, *types: str, fix: str, source: str = "", stack_wide: bool = False
) -> Callable[[Check], Check]:
    """Register a function as the policy `identifier` for resources of these types."""

    def register(check: Check) -> Check:
        if identifier in POLICIES:
            raise ValueError(f"two policies are called {identifier}")
        POLICIES[identifier] = Policy(identifier, check, levels, frozenset(types), fix, source, stack_wide)
        return check

    return register


def at(value: Any, *path: str) -> Any:
    """Return what is at a path in nested properties; None when a part of it is missing, UNKNOWN below one."""
    for name in path:
        if value == UNKNOWN:
            return UNKNOWN
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def items(value: Any) -> list[Any]:
    """Return the items of a list that is known; of any other value, none."""
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []
