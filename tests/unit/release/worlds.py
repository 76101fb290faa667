"""A world for an apply: stacks whose state changes when they are updated, and a log in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from release.apply import Result
from review.model import Action, Change, ChangeModel, Resource, Run
from spec.environments import Environment
from spec.promotion import Application, Check, Entry, Record, Verification
from spec.release import Release
from tests import releases
from tests.releases import NOON

RELEASE = releases.release()
OLD, NEW, ELSE = "a" * 64, "b" * 64, "c" * 64
GOOD = (Check(name="swarm prod", ok=True),)
BAD = (Check(name="swarm prod", ok=True), Check(name="http web /", ok=False, found="answers 500, not 200"))


def model(*names: str, to: int = 2, **run: Any) -> ChangeModel:
    changes = (Change(path="replicas", kind="update", before=1, after=to),)
    made = [
        Resource(urn=f"urn::{name}", type="docker:Service", name=name, action=Action.UPDATE, changes=changes)
        for name in names
    ]
    return ChangeModel(resources=tuple(made), run=Run(**run))


class Fake:
    """Stacks whose state becomes NEW when they are updated; time that passes with every record."""

    def __init__(self, *names: str, stacks: Sequence[str] = ("prod",)) -> None:
        self.states = dict.fromkeys(stacks, OLD)
        self.models = {stack: model(*names or ("web",)) for stack in stacks}
        self.results: list[Result | type[BaseException]] = []
        self.checks: tuple[Check, ...] = GOOD
        self.log: list[Record] = []
        self.said: list[str] = []
        self.done: list[str] = []

    def state(self, stack: str) -> str:
        return self.states[stack]

    def preview(self, stack: str) -> ChangeModel:
        return self.models[stack]

    def update(self, stack: str, release: Release) -> Result:
        assert release == RELEASE
        self.done.append(f"update {stack}")
        result = self.results.pop(0) if self.results else "succeeded"
        if not isinstance(result, str):
            self.states[stack] = ELSE
            raise result
        self.states[stack] = NEW if result == "succeeded" else ELSE
        return result

    def last_update(self, stack: str) -> str:
        return f"1700000000{len(stack)}"

    def verify(self, environment: Environment, stacks: Sequence[str], release: Release) -> tuple[Check, ...]:
        assert (environment.verify.swarm, release) == (True, RELEASE)
        self.done.append(f"verify {' '.join(stacks)}")
        return self.checks

    def record(self, entry: Entry) -> None:
        assert isinstance(entry, Application | Verification)
        self.log.append(entry)

    def now(self) -> datetime:
        return NOON + timedelta(minutes=len(self.log))

    def user(self) -> str:
        return "Ann"

    def say(self, text: str) -> None:
        self.said.append(text)

    def results_of(self, stack: str = "prod") -> list[str]:
        return [each.result for each in self.log if isinstance(each, Application) and each.stack == stack]
