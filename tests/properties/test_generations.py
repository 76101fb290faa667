"""Whatever is rotated, rolled back and taken out, in whatever order: nothing needed goes, and little else stays."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from providers.swarm.generations import family, in_use, references
from providers.swarm.shelf import ShelfHandler
from providers.swarm.stored import StoredHandler
from tests.unit.providers.test_generations import mounting
from tests.unit.providers.test_stored import inputs, objects, world
from tests.unit.providers.world import Swarm

NAMES = ("db", "api")
DEEDS = st.tuples(st.sampled_from(["rotate", "roll back", "forget", "fail", "other change"]), st.sampled_from(NAMES))
STRANGER = "longshore/other"


class Stack:
    """A stack with one service a secret, changed as the engine and an operator do."""

    def __init__(self, keep: int) -> None:
        self.world, self.keep, self.count = world(), keep, 0
        self.handler, self.shelf = StoredHandler("secret"), ShelfHandler()
        self.state: dict[str, str] = {}
        self.handler.create(self.inputs("db") | {"stack": STRANGER}, self.world.call)

    @property
    def swarm(self) -> Swarm:
        swarm = self.world["m1"].swarm
        assert swarm
        return swarm

    def inputs(self, name: str) -> dict[str, Any]:
        self.count += 1
        return inputs(self.world, f"content {self.count}", name=name, keep=self.keep)

    def mount(self, name: str, *ids: str) -> None:
        before = self.swarm.services.get(name, {}).get("Spec")
        self.swarm.services[name] = {"ID": name, "Spec": mounting("secret", *ids), "PreviousSpec": before}

    def do(self, deed: str, name: str) -> None:
        old = self.state.get(name, "")
        if deed == "rotate":
            self.state[name] = str(self.handler.create(self.inputs(name), self.world.call).id)
            self.mount(name, self.state[name])
            if old:
                self.delete(name, old)
        elif deed == "fail":  # a rollout that Swarm rolled back: what it replaced is deleted all the same, later
            self.state[name] = str(self.handler.create(self.inputs(name), self.world.call).id)
            if old:
                self.delete(name, old)
        elif deed == "roll back" and self.swarm.services.get(name, {}).get("PreviousSpec"):
            service = self.swarm.services[name]
            service["Spec"], service["PreviousSpec"] = service["PreviousSpec"], service["Spec"]
        elif deed == "other change" and name in self.swarm.services:
            service = self.swarm.services[name]
            self.swarm.services[name] = {**service, "PreviousSpec": service["Spec"]}
        elif deed == "forget" and old:
            self.mount(name)
            self.delete(name, self.state.pop(name))

    def delete(self, name: str, ident: str) -> None:
        self.handler.delete(ident, self.inputs(name), self.world.call)

    def place(self) -> dict[str, Any]:
        return {**self.inputs("x"), "names": [f"secret/{name}" for name in self.state]}

    def own(self) -> set[str]:
        return {ident for ident, each in objects(self.world, "secret").items() if family(each)[0] != STRANGER}


@given(st.integers(1, 3), st.lists(DEEDS, max_size=14))
def test_what_is_needed_stays_and_what_is_not_goes(keep: int, deeds: list[tuple[str, str]]) -> None:
    stack = Stack(keep)
    for deed in deeds:
        stack.do(*deed)
        assert in_use(stack.swarm.services.values(), "secret") <= stack.own()
        assert set(stack.state.values()) <= stack.own()
        assert references(stack.swarm.services.values(), "secret") <= stack.own()
    for name in stack.state:
        stack.do("rotate", name)
    now = stack.place()
    stack.shelf.update("", {}, now, stack.world.call)
    spare = stack.own() - references(stack.swarm.services.values(), "secret")
    assert len(spare) <= keep * len(stack.state)
    assert stack.shelf.read("", now, now, stack.world.call).outputs["names"] == sorted(now["names"])


@given(st.integers(1, 3), st.lists(DEEDS, max_size=10))
def test_a_destroyed_stack_leaves_nothing_and_a_strangers_secret_alone(keep: int, deeds: list[tuple[str, str]]) -> None:
    stack = Stack(keep)
    for deed in deeds:
        stack.do(*deed)
    stack.swarm.services.clear()
    for name, ident in stack.state.items():
        stack.delete(name, ident)
    stack.shelf.delete("", stack.place(), stack.world.call)
    assert stack.own() == set()
    assert len(objects(stack.world, "secret")) == 1
