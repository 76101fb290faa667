"""`stacks/environments.yaml`: the order in which a release travels, and what it has to pass on its way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from spec.base import Duration, Name, Spec
from spec.hours import Freeze, Window
from spec.stack import StackName
from spec.verification import VerifySpec

KeyPattern = Annotated[str, Field(pattern=r"^[^\s.]+(\.[^\s.]+)*$", examples=["services.*.replicas", "cluster"])]
"""A path in a stack file, with everything below it; `*` stands for one part of it."""


class Approvals(Spec):
    """Who has to agree (`longshore release approve`) besides whoever promotes."""

    count: int = Field(default=1, ge=1)
    """How many people."""
    by: tuple[str, ...] = ()
    """Whose count: git user names; anybody's when left out."""

    @model_validator(mode="after")
    def _enough_people(self) -> Self:
        if self.by and len(set(self.by)) < self.count:
            raise ValueError(f"{self.count} approvals are asked for, and `by` names fewer people")
        return self


class Gates(Spec):
    """What a release has to pass before it is applied to an environment."""

    soak: Duration | None = None
    """How long it has been verified in the environments before."""
    approvals: Approvals | None = None
    """Who has to agree."""
    windows: tuple[Window, ...] = ()
    """When it may be applied; always when left out."""
    max_risk: Literal["note", "warn", "ack", "block"] = "warn"
    """The gravest risk that need not be acknowledged (`longshore review rules`)."""
    program: Literal["released", "any"] = "released"
    """`released`: the checked-out program is the one that the release was cut of. `any`: a newer one will do."""


class Environment(Spec):
    """One environment: its stacks, and what they ask of a release."""

    after: tuple[Name, ...] = ()
    """The environments in which a release is verified first; any release may start here when left out."""
    requires: Literal["all", "any"] = "all"
    """Whether `all` or `any` of them."""
    stacks: tuple[StackName, ...] = ()
    """Its stacks, applied one after another; or give `waves`."""
    waves: tuple[tuple[StackName, ...], ...] = ()
    """Its stacks in groups: a group is applied when the one before is verified."""
    gates: Gates = Gates()
    """What a release has to pass."""
    verify: VerifySpec = VerifySpec()
    """What has to hold after an update."""
    differs: tuple[KeyPattern, ...] = ()
    """Keys that are expected to differ from other environments'."""

    @model_validator(mode="after")
    def _has_stacks_once(self) -> Self:
        if bool(self.stacks) == bool(self.waves):
            raise ValueError("needs exactly one of `stacks` and `waves`")
        names = [stack for wave in self.groups for stack in wave]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice or not all(self.groups):
            raise ValueError(f"names {twice[0]} twice" if twice else "has an empty wave")
        return self

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Its stacks by waves."""
        return self.waves or (self.stacks,)

    @property
    def all_stacks(self) -> tuple[str, ...]:
        """Its stacks, in the order they are applied in."""
        return tuple(stack for wave in self.groups for stack in wave)


class Environments(Spec):
    """The whole file."""

    environments: dict[Name, Environment] = Field(min_length=1)
    """Each environment, by name."""
    freezes: dict[Name, tuple[Freeze, ...]] = {}
    """Planned freezes, by environment; `all` means every one. A freeze wins over a window."""

    @model_validator(mode="after")
    def _is_a_graph_without_circles(self) -> Self:
        for problem in (*self._unknown(), *self._shared(), *self._circles()):
            raise ValueError(problem)
        return self

    def order(self) -> tuple[str, ...]:
        """Return the environments so that each comes after those it follows; as written otherwise."""
        found: list[str] = []
        while len(found) < len(self.environments):
            ready = [
                name for name, each in self.environments.items() if name not in found and {*each.after} <= {*found}
            ]
            if not ready:
                break
            found.append(ready[0])
        return tuple(found)

    def freezes_of(self, environment: str) -> tuple[Freeze, ...]:
        """Return the planned freezes of an environment."""
        return (*self.freezes.get("all", ()), *self.freezes.get(environment, ()))

    def _unknown(self) -> Iterator[str]:
        known = ", ".join(self.environments)
        for name, each in self.environments.items():
            for other in each.after:
                if other not in self.environments:
                    yield f"{name} comes after {other}, which is not declared; declared: {known}"
        for name in self.freezes.keys() - {"all", *self.environments}:
            yield f"the freezes of {name}: no such environment; declared: {known}"
        if "all" in self.environments:
            yield "no environment can be called all: in `freezes` that means every one"

    def _shared(self) -> Iterator[str]:
        owners: dict[str, str] = {}
        for name, each in self.environments.items():
            for stack in each.all_stacks:
                if stack in owners:
                    yield f"the stack {stack} belongs to {owners[stack]} and to {name}"
                owners[stack] = name

    def _circles(self) -> Iterator[str]:
        left = sorted(self.environments.keys() - {*self.order()})
        if left:
            yield f"{', '.join(left)} come after each other in a circle"
