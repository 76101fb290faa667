"""`longshore release apply` and `verify`, in a repository: gates, exit codes, and what is committed."""

from __future__ import annotations

import fcntl
import json
from typing import Any

import pytest

import cli.release_apply
from release.record import record
from spec.errors import StaleError
from spec.promotion import Application, Entry, FreezeOn, Override, Promotion, Verification
from spec.release import Release
from tests import releases
from tests.releases import NOON
from tests.unit.release.project import Project, kinds
from tests.unit.release.worlds import BAD, ELSE, GOOD, Fake


class Recorded(Fake):
    """A made-up world that records as the real one does."""

    def __init__(self, project: Project) -> None:
        super().__init__(stacks=("dev",))
        self.project = project

    def record(self, entry: Entry) -> None:
        record(self.project.committed, "dev", "recorded", entry)
        self.log.append(entry)  # type: ignore[arg-type]


@pytest.fixture
def world(project: Project, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    made = Recorded(project)
    monkeypatch.setattr(cli.release_apply, "ReleaseWorld", lambda *_, **__: made)
    monkeypatch.setattr("tests.unit.release.worlds.RELEASE", promoted(project, made))
    return made


def promoted(project: Project, world: Fake) -> Release:
    """A release that is promoted to dev as it was previewed."""
    release = project.released()
    project.stack("dev", {"release": release.file})
    entry = {"at": NOON, "by": "Bob", "release": release.id, "commit": releases.COMMIT, "risk": "note"}
    plans = {"plans": {"dev": world.models["dev"].fingerprint()}, "states": dict(world.states)}
    project.records("dev", Promotion.model_validate(entry | plans))
    return release


def test_applied_verified_and_committed(project: Project, world: Recorded) -> None:
    done = project.run("apply", "dev")
    assert done.exit_code == 0, done
    assert "is applied and verified" in done.output
    assert kinds(project.log("dev", "HEAD")) == ["promote", "apply", "apply", "verify"]
    assert project.git("status", "--porcelain") == ""
    assert world.done == ["update dev", "verify dev"]


def test_machines_get_json(project: Project, world: Recorded) -> None:
    told = json.loads(project.run("apply", "dev", "--json").output)
    assert (told["environment"], told["verified"]) == ("dev", True)
    verified = json.loads(project.run("verify", "dev", "--json").output)
    assert (verified["kind"], verified["ok"], len(verified["checks"])) == ("verify", True, len(GOOD))
    assert world.done[-1] == "verify dev"


def test_stale_is_an_exit_code_of_its_own(project: Project, world: Recorded) -> None:
    world.states["dev"] = ELSE
    error = project.run("apply", "dev").exception
    assert isinstance(error, StaleError)
    assert error.exit_code == 41
    assert kinds(project.log("dev")) == ["promote"]


def test_a_freeze_holds_until_somebody_goes_past_it(project: Project, world: Recorded) -> None:
    project.records("dev", FreezeOn(at=NOON, by="Ann", reason="the fair"))
    assert "freeze: Ann since" in project.refused("apply", "dev")
    assert "says nothing" in project.refused("apply", "dev", "--override", "freeze")
    assert world.done == []
    assert project.run("apply", "dev", "--override", "freeze", "--reason", "a hole").exit_code == 0
    overridden = [each for each in project.log("dev", "HEAD") if isinstance(each, Override)]
    assert [(each.gates, each.reason) for each in overridden] == [(("freeze",), "a hole")]


def test_what_is_checked_out_has_to_be_the_promotion(project: Project, world: Recorded) -> None:
    project.stack("dev")
    assert "names no release" in project.refused("apply", "dev")
    assert world.done == []


def test_only_what_is_applied_can_be_verified(project: Project, world: Recorded) -> None:
    assert "is not applied to dev" in project.refused("verify", "dev")
    world.checks = BAD
    assert "is not verified" in project.refused("apply", "dev")
    assert "http web /: answers 500, not 200" in project.refused("verify", "dev")
    world.checks = GOOD
    done = project.run("verify", "dev")
    assert (done.exit_code, "✓ swarm prod" in done.output) == (0, True)
    log = project.log("dev", "HEAD")
    assert [each.ok for each in log if isinstance(each, Verification)] == [False, False, True]
    assert [each.result for each in log if isinstance(each, Application)] == ["begun", "succeeded"]


def test_two_in_one_folder_do_not_mix(project: Project, world: Recorded) -> None:
    with (project.root / "stacks/environments.yaml").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert "another apply or verify runs" in project.refused("apply", "dev")
    assert world.done == []


@pytest.mark.parametrize(
    ("words", "told"),
    [(("apply", "test"), "is not declared"), (("apply", "dev", "--override", "all", "--reason", "x"), "no such gate")],
)
def test_a_name_that_is_none_is_told(project: Project, world: Recorded, words: Any, told: str) -> None:
    assert told in project.refused(*words)
    assert world.done == []
