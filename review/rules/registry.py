"""The rules, by identifier. A rule is one function; its docstring is its documentation."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from review.model import Resource
from review.view import View


@dataclass(frozen=True)
class Finding:
    """What a rule says about some resources. `graver`: one class above the rule's own."""

    what: str
    resources: tuple[Resource, ...] = ()
    why: str = ""
    do: str = ""
    graver: bool = False


Check = Callable[[View], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule: what it looks for (`title`), what that means (`text`), where the fact comes from (`source`)."""

    id: str
    check: Check
    source: str = ""
    family: str = field(default="", compare=False)

    @property
    def title(self) -> str:
        """The first sentence of the documentation."""
        return self._paragraphs()[0]

    @property
    def text(self) -> str:
        """The rest of the documentation."""
        return "\n\n".join(self._paragraphs()[1:])

    def _paragraphs(self) -> list[str]:
        return [" ".join(each.split()) for each in inspect.cleandoc(self.check.__doc__ or "").split("\n\n")]


RULES: dict[str, Rule] = {}


def rule(identifier: str, source: str = "") -> Callable[[Check], Check]:
    """Register a function as the rule `identifier`. `source`: an URL of the documentation the fact is from."""

    def register(check: Check) -> Check:
        if identifier in RULES:
            raise ValueError(f"two rules are called {identifier}")
        RULES[identifier] = Rule(identifier, check, source, check.__module__.rpartition(".")[2])
        return check

    return register


def each(resources: Iterable[Resource], says: Callable[[Resource], Finding | None]) -> Iterator[Finding]:
    """Yield what `says` finds in each resource."""
    for resource in resources:
        found = says(resource)
        if found:
            yield found


def names(resources: Iterable[Resource]) -> str:
    """Return resources' names as a reader wants them, at most eight."""
    every = [f"`{resource.name}`" for resource in resources]
    return ", ".join(every[:8]) + (f" and {len(every) - 8} more" if len(every) > 8 else "")
