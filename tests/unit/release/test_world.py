"""The world behind apply: how a stack is updated by Pulumi, and what a commit says of a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import cli.release_world
from cli.release_world import ReleaseWorld
from release.state import fingerprint
from spec.errors import EngineError
from spec.promotion import Application, Check, FreezeOn, Override, Verification
from tests import releases
from tests.releases import NOON
from tests.unit.release.project import Project

RELEASE = releases.release()


class Pulumi:
    """Remembers its commands; ends as it is told."""

    def __init__(self, code: int = 0, pressed: bool = False, deployment: dict[str, Any] | None = None) -> None:
        self.code, self.pressed, self.state = code, pressed, deployment or {}
        self.commands: list[list[str]] = []
        self.tags: list[tuple[str, str, str]] = []

    def run(self, stack: str, arguments: list[str], interrupted: Callable[[], None], out: Any) -> int:
        assert (stack, out) == ("dev", None)
        self.commands.append(arguments)
        if self.pressed:
            interrupted()
        return self.code

    def deployment(self, stack: str) -> dict[str, Any]:
        assert stack == "dev"
        return self.state

    def tag(self, *told: str) -> None:
        self.tags.append(told)  # type: ignore[arg-type]

    def last_update(self, stack: str) -> str:
        return f"17 of {stack}"


@pytest.fixture
def world(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[[Pulumi], ReleaseWorld]:
    monkeypatch.setattr(cli.release_world, "stack_file", lambda stack: project.root / f"stacks/Pulumi.{stack}.yaml")

    def made(pulumi: Pulumi) -> ReleaseWorld:
        monkeypatch.setattr(cli.release_world, "pulumi", pulumi)
        return ReleaseWorld("dev", project.committed)

    return made


World = Callable[[Pulumi], ReleaseWorld]


def test_an_update_names_the_release_and_is_not_previewed_again(world: World) -> None:
    pulumi = Pulumi()
    assert world(pulumi).update("dev", RELEASE) == "succeeded"
    [command] = pulumi.commands
    assert command[:3] == ["up", "--stack", "dev"]
    assert {"--yes", "--skip-preview"} <= {*command}
    assert command[command.index("--message") + 1] == f"release {RELEASE.id}"
    assert "--refresh" not in command
    assert pulumi.tags == [("dev", "release", RELEASE.id)]


@pytest.mark.parametrize(("pressed", "result"), [(False, "failed"), (True, "interrupted")])
def test_what_did_not_end_well_is_told_apart_and_not_tagged(world: World, pressed: bool, result: str) -> None:
    pulumi = Pulumi(code=255, pressed=pressed)
    assert world(pulumi).update("dev", RELEASE) == result
    assert pulumi.tags == []


def test_after_a_failed_rollout_what_runs_is_looked_at_first(world: World) -> None:
    failed = {"type": "swarm:index:ServiceReady", "initErrors": ["x"], "inputs": {"name": "web"}}
    pulumi = Pulumi(deployment={"resources": [failed | {"urn": "urn::web"}]})
    world(pulumi).update("dev", RELEASE)
    assert "--refresh" in pulumi.commands[0]


def test_what_cannot_be_cleared_away_is_a_failure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: Any, **__: Any) -> None:
        raise EngineError("shop-managers-1", "stays silent")

    monkeypatch.setattr(cli.release_world, "revive", silent)
    pulumi = Pulumi()
    assert world(pulumi).update("dev", RELEASE) == "failed"
    assert pulumi.commands == []


def test_states_and_updates_are_asked_of_pulumi(world: World) -> None:
    found = world(Pulumi(deployment={"resources": []}))
    assert found.state("dev") == fingerprint({})
    assert found.last_update("dev") == "17 of dev"


def test_each_record_is_a_commit_that_says_it(world: World, project: Project) -> None:
    found = world(Pulumi())
    told: dict[str, Any] = {"at": NOON, "by": found.user(), "release": RELEASE.id}
    found.record(Application.model_validate({"stack": "dev", "result": "begun", **told}))
    found.record(Application.model_validate({"stack": "dev", "result": "failed", **told}))
    found.record(Override.model_validate({"gates": ("freeze",), "reason": "a hole", **told}))
    found.record(Verification.model_validate({"ok": False, "checks": (Check(name="x", ok=False),), **told}))
    subjects = project.git("log", "--format=%s", "-4").splitlines()
    assert subjects == [
        f"dev: {RELEASE.id} is not verified",
        "dev: freeze overridden: a hole",
        f"dev: the update of dev to {RELEASE.id} failed",
        f"dev: the update of dev to {RELEASE.id} has begun",
    ]
    assert len(project.log("dev", "HEAD")) == 4
    assert not {*subjects} & {*project.committed.subjects(None)}  # a changelog tells changes, not what became of them
    with pytest.raises(TypeError):
        found.record(FreezeOn(at=NOON, by="Ann", reason="none of its records"))
