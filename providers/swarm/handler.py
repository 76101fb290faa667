"""What a resource of this provider has to offer, and what it is given to work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pulumi.provider.experimental.provider import CheckFailure, DiffResponse

from providers.swarm.clock import Clock
from providers.swarm.narrator import Narrator
from providers.swarm.properties import Bag
from providers.swarm.ssh import Outside
from spec.errors import LongshoreError


@dataclass(frozen=True)
class Call:
    """The world, the time and the listener of one operation."""

    outside: Outside
    clock: Clock
    narrator: Narrator


@dataclass(frozen=True)
class Checked:
    """Inputs with their defaults, and what is wrong with them."""

    inputs: Bag
    failures: list[CheckFailure] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """A resource as Pulumi records it. No id: it's gone."""

    id: str | None
    outputs: Bag
    inputs: Bag = field(default_factory=dict)


class PartialError(LongshoreError):
    """The resource exists, but not as asked; Pulumi records it and tries again at the next update."""

    def __init__(self, reason: LongshoreError, state: State) -> None:
        super().__init__(reason.where, reason.found, reason.fix)
        self.state = state


class Handler(Protocol):
    """One resource type. `check`, `diff` and `foresee` contact nothing."""

    def check(self, old: Bag, new: Bag) -> Checked:
        """Fill in defaults and say what is wrong, property by property."""

    def diff(self, old: Bag, new: Bag) -> DiffResponse:
        """Compare the recorded outputs `old` with the inputs `new`."""

    def foresee(self, inputs: Bag, old: Bag | None) -> Bag:
        """Return the outputs as far as a preview can know them; `old` is None for a creation."""

    def create(self, inputs: Bag, call: Call) -> State:
        """Make it so. Raises LongshoreError."""

    def read(self, id_: str, outputs: Bag, inputs: Bag, call: Call) -> State:
        """Return what is really there. Raises LongshoreError."""

    def update(self, id_: str, old: Bag, new: Bag, call: Call) -> Bag:
        """Change it in place and return its outputs. Raises LongshoreError."""

    def delete(self, id_: str, outputs: Bag, call: Call) -> None:
        """Remove it. Raises LongshoreError."""


Handlers = Mapping[str, Handler]
