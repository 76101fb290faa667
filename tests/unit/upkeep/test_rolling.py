"""A roll: one node at a time, the leader last, stopped by the first failure, and gone on with from the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.names import nodes
from spec.errors import SpecError, SwarmError
from tests.specs import stack
from tests.unit.upkeep.stacks import TEXT, stack_file
from upkeep.pools import StackFile
from upkeep.rolling import Roll, Say, describe, order, plan

NAMES = ("shop-managers-1", "shop-managers-2", "shop-managers-3")


@dataclass
class Fake:
    """A cluster that has the machines of the last update, with a leader that moves when its machine goes."""

    file: StackFile
    leading: str = "shop-managers-1"
    machines: dict[str, int] = field(default_factory=dict)
    replaced: list[str] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    wrong_after: list[str] = field(default_factory=list)
    rebalanced: int = 0

    def __post_init__(self) -> None:
        self.machines = self._declared()

    def _declared(self) -> dict[str, int]:
        return {node.name: node.generation for pool in ("managers", "workers") for node in self.file.nodes(pool)}

    def settled(self) -> bool:
        return self.machines == self._declared()

    def update(self) -> bool:
        changed = [name for name, generation in self._declared().items() if self.machines[name] != generation]
        assert len(changed) <= 1, "one machine at a time"
        for name in changed:
            if name in self.failing:
                self.failing.remove(name)
                return False
            self.replaced.append(name)
            self.machines = self._declared()
            if name == self.leading:
                self.leading = next(each for each in NAMES if each != name)
            self.wrong += self.wrong_after
        return True

    def troubles(self) -> list[str]:
        return self.wrong

    def wait(self, seconds: float) -> list[str]:
        assert seconds >= 0
        return self.wrong

    def leader(self) -> str:
        return self.leading

    def rebalance(self, say: Say) -> None:
        say("rebalancing")
        self.rebalanced += 1


def rolled(fake: Fake, pool: str = "managers", rebalance: bool = False) -> list[str]:
    said: list[str] = []
    Roll(fake.file, pool, fake, said.append).run(rebalance)
    return said


def test_every_manager_is_replaced_by_itself_and_the_leader_last(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path), leading="shop-managers-2")
    said = rolled(fake)
    assert fake.replaced == ["shop-managers-1", "shop-managers-3", "shop-managers-2"]
    assert said[0] == "1 of 3: shop-managers-1, generation 1 -> 2 ..."
    assert said[-1].startswith("pool managers is at generation 2, after ")


def test_the_file_ends_with_one_generation_and_nothing_left_to_do(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path))
    rolled(fake, "workers")
    assert fake.file.path.read_text() == TEXT + "        generation: 2\n"
    assert fake.settled()


def test_a_leader_that_moves_is_still_last(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path), leading="shop-managers-1")
    update = fake.update

    def moving() -> bool:
        done = update()
        fake.leading = "shop-managers-3" if len(fake.replaced) == 1 else fake.leading
        return done

    fake.update = moving  # type: ignore[method-assign]
    rolled(fake)
    assert fake.replaced == ["shop-managers-2", "shop-managers-1", "shop-managers-3"]


def test_a_failed_update_stops_it_and_the_next_run_goes_on(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path), leading="shop-managers-3", failing=["shop-managers-2"])
    with pytest.raises(SwarmError, match="replaces shop-managers-2 failed") as stopped:
        rolled(fake)
    assert fake.replaced == ["shop-managers-1"]
    assert "still to do: shop-managers-3\n" in str(stopped.value)
    assert "run the same command again" in stopped.value.fix
    said = rolled(fake)
    assert said[0] == "going on with generation 2: 2 done, 1 left"
    assert fake.replaced == ["shop-managers-1", "shop-managers-2", "shop-managers-3"]
    assert fake.file.pool("managers").generation == 2


def test_an_update_that_fails_again_stops_it_again(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path), failing=["shop-workers-1", "shop-workers-1"])
    with pytest.raises(SwarmError, match="failed"):
        rolled(fake, "workers")
    with pytest.raises(SwarmError, match="fails again"):
        rolled(fake, "workers")
    assert fake.replaced == []


def test_it_does_not_begin_while_something_is_wrong(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path), wrong=["node shop-workers-1 is down", "service web: 1 of 2 tasks run"])
    with pytest.raises(SwarmError, match="node shop-workers-1 is down; service web: 1 of 2 tasks run"):
        rolled(fake)
    assert fake.file.path.read_text() == TEXT


def test_services_that_do_not_converge_stop_it(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path), wrong_after=["service web: 1 of 2 tasks run"])
    with pytest.raises(SwarmError, match="shop-managers-2 is replaced, but after 600 s not all is well: service web"):
        rolled(fake)
    assert fake.replaced == ["shop-managers-2"]


def test_changes_that_wait_to_be_applied_are_not_slipped_in(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path))
    fake.machines["shop-workers-1"] = 7
    with pytest.raises(SwarmError, match="changes that are not applied"):
        rolled(fake)
    assert fake.file.path.read_text() == TEXT


def test_rebalancing_is_asked_for_and_comes_last(tmp_path: Path) -> None:
    fake = Fake(stack_file(tmp_path))
    assert rolled(fake, rebalance=True)[-2:-1] == ["rebalancing"]
    assert fake.rebalanced == 1
    again = Fake(fake.file)
    rolled(again)
    assert again.rebalanced == 0
    assert again.file.pool("managers").generation == 3


def test_a_pool_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="has no `masters`"):
        rolled(Fake(stack_file(tmp_path)), "masters")


def test_a_dry_run_shows_the_order_and_changes_nothing(tmp_path: Path) -> None:
    file = stack_file(tmp_path)
    assert describe(file, "managers", "shop-managers-1") == [
        "shop-managers-2: generation 1 -> 2, 10.20.0.12",
        "shop-managers-3: generation 1 -> 2, 10.20.0.13",
        "shop-managers-1: generation 1 -> 2, 10.20.0.11, the leader, last",
        "each: drained, replaced at the same address, joined again as manager, waited for",
    ]
    assert file.path.read_text() == TEXT
    file.set_generation("managers", 3, 2)
    assert describe(file, "managers", "shop-managers-1")[0] == "shop-managers-3: at generation 2 already"


@given(st.integers(1, 3), st.dictionaries(st.integers(1, 3), st.integers(1, 4)), st.integers(1, 3))
def test_a_plan_covers_every_node_once_and_ends_at_one_generation(
    generation: int, own: dict[int, int], leader: int
) -> None:
    cluster = stack(
        {"cluster.pools.managers.generation": generation, "cluster.pools.managers.generations": own}
    ).cluster
    pool = cluster.pools["managers"]
    whole = plan(pool)
    assert sorted(whole.done + whole.left) == [1, 2, 3]
    assert whole.target > generation
    assert all(pool.generation_of(number) == whole.target for number in whole.done)
    assert all(pool.generation_of(number) < whole.target for number in whole.left)
    managers = [node for node in nodes(cluster) if node.pool_name == "managers"]
    assert [node.number for node in order(managers, f"shop-managers-{leader}")][-1] == leader
