"""A drained node: noted in the stack file before anything moves, and given back the same way."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec.errors import SpecError, SwarmError
from tests.unit.upkeep.phoenix import Phoenix, formed
from tests.unit.upkeep.stacks import TEXT, stack_file
from upkeep import draining
from upkeep.draining import await_empty, set_drained
from upkeep.pools import StackFile


def said_by(file: StackFile, node: str, drained: bool, agreed: bool = True) -> list[str]:
    said: list[str] = []
    set_drained(file, node, drained, lambda: agreed, said.append)
    return said


def test_the_note_is_there_when_the_update_runs(tmp_path: Path) -> None:
    file, seen = stack_file(tmp_path), []

    def update() -> bool:
        seen.append(file.pool("workers").drained)
        return True

    set_drained(file, "shop-workers-2", True, update, lambda _: None)
    set_drained(file, "shop-workers-2", False, update, lambda _: None)
    assert seen == [(2,), ()]
    assert file.path.read_text() == TEXT


def test_a_note_that_is_there_already_is_said_so_and_still_applied(tmp_path: Path) -> None:
    file = stack_file(tmp_path)
    assert said_by(file, "shop-workers-1", True) == ["stacks/Pulumi.shop.yaml: cluster.pools.workers.drained changed"]
    assert said_by(file, "shop-workers-1", True)[0].endswith("says so already")


@pytest.mark.parametrize(("drained", "back"), [(True, "activate"), (False, "drain")])
def test_an_update_that_fails_says_how_to_take_it_back(tmp_path: Path, drained: bool, back: str) -> None:
    file = stack_file(tmp_path)
    with pytest.raises(SwarmError, match="failed, or was not agreed to") as failed:
        said_by(file, "shop-workers-1", drained, agreed=False)
    assert f"`longshore {back} shop-workers-1`" in failed.value.fix


def test_a_node_of_a_drained_pool_cannot_be_activated_alone(tmp_path: Path) -> None:
    file = stack_file(tmp_path, TEXT + "        availability: drain\n")
    with pytest.raises(SwarmError, match="its whole pool is drain"):
        said_by(file, "shop-workers-1", False)


def test_a_node_that_is_not_declared_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="shop-workers-9"):
        said_by(stack_file(tmp_path), "shop-workers-9", True)


def waiting(world: Phoenix, monkeypatch: pytest.MonkeyPatch, node: str) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(draining, "call", lambda: world.call)
    await_empty(world.outputs(), node, said.append)
    return said


def test_it_waits_until_no_task_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    world, swarm = formed()
    swarm.next_tasks = [[world.task("w1")], [world.task("w1")]]
    assert waiting(world, monkeypatch, "w1") == ["w1 is empty"]
    assert world.clock.time >= 2


def test_tasks_that_stay_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    world, swarm = formed()
    swarm.tasks = [world.task("w1", 3)]
    with pytest.raises(SwarmError, match=r"after 300 s tasks still run there: web\.3"):
        waiting(world, monkeypatch, "w1")


def test_a_node_that_is_not_ready_cannot_be_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = formed()
    world["w1"].on = False
    with pytest.raises(SwarmError, match="no such node that is ready"):
        waiting(world, monkeypatch, "w1")
