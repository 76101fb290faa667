"""Makes an environment what its promotion says: exactly what was approved, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from release.standing import Standing, step
from release.verify import holds
from review.model import ChangeModel
from spec.environments import Environment
from spec.errors import ReleaseError, StaleError
from spec.promotion import Application, Check, Entry, Verification
from spec.release import Release

Result = Literal["succeeded", "failed", "interrupted"]
PROMOTE_AGAIN = "see what happened (`longshore release audit`), then approve a new preview: `release promote … --again`"


class World(Protocol):
    """What an apply asks and changes."""

    def state(self, stack: str) -> str:
        """Return the fingerprint of a stack's state."""

    def preview(self, stack: str) -> ChangeModel:
        """Preview a stack as it would be updated now."""

    def update(self, stack: str, release: Release) -> Result:
        """Update a stack, and wait until it has ended."""

    def last_update(self, stack: str) -> str:
        """Return what tells the last update in Pulumi's history: its end time, in seconds of the epoch."""

    def verify(self, environment: Environment, stacks: Sequence[str], release: Release) -> tuple[Check, ...]:
        """Check stacks after their update."""

    def record(self, entry: Entry) -> None:
        """Append to the environment's log."""

    def now(self) -> datetime:
        """Return the time."""

    def user(self) -> str:
        """Return who does this."""

    def say(self, text: str) -> None:
        """Tell how far it is."""


@dataclass(frozen=True)
class Planned:
    """What is left to do for a stack: the state it starts from, what changes, and what may be touched."""

    state: str
    model: ChangeModel
    touches: tuple[str, ...]


@dataclass(frozen=True)
class Apply:
    """One apply of one promotion. `standing`: what its log says of it."""

    name: str
    environment: Environment
    release: Release
    standing: Standing
    world: World

    def run(self) -> None:
        """Update and verify the stacks, group by group. Run again after a failure it goes on with what is left.

        Raises StaleError before anything is touched when it isn't what was approved any more, ReleaseError for an
        update that failed or a release that doesn't work.
        """
        planned = {stack: self._planned(stack) for stack in self.environment.all_stacks}
        done: list[str] = []
        for number, group in enumerate(self.environment.groups, 1):
            for stack in group:
                self._stack(stack, planned[stack])
                done.append(stack)
            self._verify(done, last=number == len(self.environment.groups))

    def _planned(self, stack: str) -> Planned | None:
        """Return what is left to do for a stack, if it is what was approved; None for nothing."""
        state = self.world.state(stack)
        now = step(self.name, stack, self.standing.promotion, self.standing.last(stack), state)
        if now == "done":
            self.world.say(f"{stack}: the release {self.release.id} is applied already")
            return None
        begun = self.standing.begun(stack) if now == "resume" else None
        if begun is not None:
            self.world.say(f"{stack}: going on with the apply of {self.standing.began(stack):%Y-%m-%d %H:%M} UTC")
        model = self.world.preview(stack)
        self._check(stack, model, begun)
        return Planned(state, model, begun.touches if begun else touched(model))

    def _check(self, stack: str, model: ChangeModel, begun: Application | None) -> None:
        if model.run.failed:
            raise ReleaseError(f"stack {stack}", f"its preview fails: {model.run.error}", "mend that, then apply again")
        if begun is not None:
            if more := [urn.rpartition("::")[2] for urn in touched(model) if urn not in begun.touches]:
                found = f"going on would also change {', '.join(more)}, which was not approved"
                raise StaleError(f"stack {stack}", found, PROMOTE_AGAIN)
        elif model.fingerprint() != self.standing.promotion.plans.get(stack):
            raise StaleError(f"stack {stack}", "would be changed in another way than was approved", PROMOTE_AGAIN)

    def _stack(self, stack: str, planned: Planned | None) -> None:
        if planned is None:
            return
        if self.world.state(stack) != planned.state:
            raise StaleError(f"stack {stack}", "was updated by somebody else just now", PROMOTE_AGAIN)
        self._update(stack, planned.model, planned.touches)

    def _update(self, stack: str, model: ChangeModel, touches: tuple[str, ...]) -> None:
        plan = model.fingerprint()
        if not model.changed and not model.outputs:
            self.world.say(f"{stack}: nothing to change")
            self._record(stack, "succeeded", plan, detail="nothing to change")
            return
        self.world.record(self._entry(stack, "begun", plan=plan, touches=touches))
        self.world.say(f"{stack}: updating to {self.release.id}, {len(model.changed)} changes")
        result = self.world.update(stack, self.release)
        self._record(stack, result, plan, update=self.world.last_update(stack))
        if result != "succeeded":
            found = "the update failed" if result == "failed" else "the update was interrupted"
            raise ReleaseError(f"stack {stack}", found, f"mend that, then go on: `longshore release apply {self.name}`")

    def _verify(self, stacks: list[str], last: bool) -> None:
        self.world.say(f"{self.name}: verifying {', '.join(stacks)}")
        found = self.world.verify(self.environment, stacks, self.release)
        if not last and holds(found):
            return
        self.world.record(verification(self.release, found, self.world.now(), self.world.user()))
        if not holds(found):
            raise unverified(self.name, self.release, found)

    def _record(self, stack: str, result: Result, plan: str, **more: Any) -> None:
        self.world.record(self._entry(stack, result, plan=plan, state=self.world.state(stack), **more))

    def _entry(self, stack: str, result: str, **more: Any) -> Application:
        content = {"at": self.world.now(), "by": self.world.user(), "release": self.release.id, "stack": stack}
        return Application.model_validate(content | {"result": result} | more)


def touched(model: ChangeModel) -> tuple[str, ...]:
    """Return the URNs of the resources to which something happens."""
    return tuple(sorted({each.urn for each in model.changed}))


def verification(release: Release, found: tuple[Check, ...], at: datetime, by: str) -> Verification:
    """Return the record of a verification."""
    return Verification(at=at, by=by, release=release.id, ok=holds(found), checks=found)


def unverified(name: str, release: Release, found: tuple[Check, ...]) -> ReleaseError:
    """Return the error that tells which checks of a release don't hold."""
    failed = [f"{each.name}: {each.found}" for each in found if not each.ok] or ["nothing was checked"]
    lines = "\n  ".join(failed)
    return ReleaseError(
        f"environment {name}",
        f"the release {release.id} is not verified, and unlocks nothing\n  {lines}",
        f"mend that and look again: `longshore release verify {name}`; or go back: `longshore release rollback {name}`",
    )
