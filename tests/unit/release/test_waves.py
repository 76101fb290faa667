from __future__ import annotations

from pathlib import Path

import pytest

from components import names
from release.waves import Waves, behind
from spec.errors import ReleaseError
from tests.unit.upkeep.stacks import TEXT, stack_file
from upkeep.pools import StackFile
from upkeep.rolling import Say

RAISED = TEXT + "        generation: 2\n"
OLD = {"shop-managers-1": 1, "shop-managers-2": 1, "shop-managers-3": 1, "shop-workers-1": 1, "shop-workers-2": 1}


class Fake:
    """A cluster that becomes what the stack file says, and remembers what each update replaced."""

    def __init__(self, file: StackFile, leading: str = "", failing: str = "", wrong: str = "") -> None:
        self.file, self.leading, self.failing, self.wrong = file, leading, failing, wrong
        self.deployed = dict(OLD)
        self.updates: list[list[str]] = []

    def update(self) -> bool:
        wanted = {node.name: node.generation for node in names.nodes(self.file.cluster())}
        replaced = [name for name, generation in wanted.items() if self.deployed[name] != generation]
        if self.failing in replaced:
            return False
        self.deployed = wanted
        self.updates.append(replaced)
        return True

    def settled(self) -> bool:
        raise AssertionError("an apply has changes that are not applied")

    def troubles(self) -> list[str]:
        return [self.wrong] * bool(self.wrong)

    def wait(self, seconds: float) -> list[str]:
        assert seconds == 600
        return self.troubles()

    def leader(self) -> str:
        return self.leading

    def rebalance(self, say: Say) -> None:
        raise AssertionError(say)


def run(fake: Fake) -> list[str]:
    said: list[str] = []
    Waves(fake.file, fake, dict(fake.deployed), said.append).run()
    return said


def test_without_a_new_generation_there_is_one_update(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path))
    assert (run(fake), fake.updates) == ([], [[]])


def test_a_single_machine_needs_no_waves(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path, TEXT + "        generations: {2: 2}\n"))
    assert (run(fake), fake.updates) == ([], [["shop-workers-2"]])


def test_all_else_comes_first_then_one_machine_at_a_time(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path, RAISED))
    assert run(fake)[0] == "2 machines get a new generation, one after another"
    assert fake.updates == [[], ["shop-workers-1"], ["shop-workers-2"]]
    assert fake.file.path.read_text() == RAISED


def test_a_leader_is_last(tmp_path: Path) -> None:
    text = TEXT.replace("count: 3", "count: 3, generation: 3")
    fake = Fake(stack_file(tmp_path, text), leading="shop-managers-1")
    run(fake)
    assert fake.updates[1:] == [["shop-managers-2"], ["shop-managers-3"], ["shop-managers-1"]]
    assert fake.file.path.read_text() == text


def test_a_failure_puts_the_file_back_and_the_next_run_does_what_is_left(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path, RAISED), failing="shop-workers-2")
    with pytest.raises(ReleaseError, match="replaces shop-workers-2 failed") as stopped:
        run(fake)
    assert "goes on from here" in stopped.value.fix
    assert fake.file.path.read_text() == RAISED
    assert [node.name for node in behind(fake.file, fake.deployed)] == ["shop-workers-2"]
    fake.failing = ""
    run(fake)
    assert fake.updates[-1] == ["shop-workers-2"]


def test_a_service_that_does_not_come_back_stops_it(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path, RAISED), wrong="service web: 0 of 2 tasks run")
    with pytest.raises(ReleaseError, match="shop-workers-1 is replaced, but not all is well: service web: 0 of 2"):
        run(fake)
    assert fake.updates == [[], ["shop-workers-1"]]
    assert fake.file.path.read_text() == RAISED


def test_a_machine_that_is_not_deployed_yet_is_not_behind(tmp_path: Path) -> None:
    assert behind(stack_file(tmp_path, RAISED), {}) == []


def test_a_stack_of_services_has_no_machines(tmp_path: Path) -> None:
    services = "config:\n  longshore:layer: services\n  longshore:platform: shop-platform\n"
    assert behind(stack_file(tmp_path, services), OLD) == []
