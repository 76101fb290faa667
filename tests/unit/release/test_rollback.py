"""Going back, going past, and looking at the gates: the verbs, on a repository of their own."""

from __future__ import annotations

import json
from datetime import timedelta

from spec.promotion import FreezeOff, Override, Promotion
from spec.release import Release
from tests.releases import NOON, applied, image, promoted, verified
from tests.unit.release.project import Project, kinds
from tests.unit.review import log
from tests.unit.review.repository import grown

PAST = NOON - timedelta(days=30)


def two(project: Project) -> tuple[Release, Release]:
    """Two releases, one after the other applied to and verified in prod."""
    old, new = project.released(), project.released(images={"web": image("b", "2.0")})
    head = project.git("rev-parse", "HEAD")
    for each in (old, new):
        project.records(
            "prod", promoted(each.id, PAST, commit=head), applied(each.id, PAST, stack="prod"), verified(each.id, PAST)
        )
    return old, new


def test_it_goes_back_to_the_one_that_was_verified_before(project: Project) -> None:
    old, new = two(project)
    done = project.run("rollback", "prod", "--reason", "it is slow")
    assert done.exit_code == 0, done.exception
    record = project.log("prod", "promote/prod")[-1]
    assert isinstance(record, Promotion)
    assert (record.kind, record.release, record.before, record.reason) == ("rollback", old.id, new.id, "it is slow")
    assert old.file in project.text("prod", "promote/prod")
    assert project.git("log", "-1", "--format=%s", "promote/prod") == f"Roll back to {old.id}: prod"


def test_it_asks_nothing_of_the_environments_before_but_a_freeze_stands(project: Project) -> None:
    two(project)
    project.write("spec.py", "newer = True\n")
    project.commit()
    assert project.run("freeze", "prod", "--reason", "an incident").exit_code == 0
    assert "freeze: Ann" in project.refused("rollback", "prod", "--reason", "x")
    assert project.run("rollback", "prod", "--reason", "x", "--override", "freeze").exit_code == 0
    assert kinds(project.log("prod", "promote/prod"))[-2:] == ["rollback", "override"]


def test_what_can_not_come_back_is_told_with_what_to_do_instead(project: Project) -> None:
    old = project.released(images={"web": image("a", "15", "registry.test/postgres")})
    new = project.released(images={"web": image("b", "16", "registry.test/postgres")})
    head = project.git("rev-parse", "HEAD")
    for each in (old, new):
        project.records("prod", promoted(each.id, commit=head), verified(each.id))
    said = project.refused("rollback", "prod", "--reason", "x")
    assert "reversibility: services.web: its database went from 15 to 16" in said
    assert "restore the backup" in said
    assert project.run("rollback", "prod", "--reason", "x", "--override", "reversibility").exit_code == 0
    past = project.log("prod", "promote/prod")[-1]
    assert isinstance(past, Override)
    assert "reversibility" in past.gates


def test_a_rollback_that_would_destroy_a_volume_is_stopped_by_its_preview(project: Project) -> None:
    two(project)
    project.plays(
        "prod", log.lines(log.steps("replace", "docker:index/volume:Volume", "data", {"name": "a"}, {"name": "b"}))
    )
    assert "VOLUME-REPLACED" in project.refused("rollback", "prod", "--reason", "x")


def test_there_has_to_be_a_way_back(project: Project) -> None:
    assert "nothing was promoted to it" in project.refused("rollback", "prod", "--reason", "x")
    old, new = two(project)
    other = project.released(images={"web": image("c")})
    assert f"{other.id} never ran here" in project.refused("rollback", "prod", "--reason", "x", "--to", other.id)
    assert "--reason: says nothing" in project.refused("rollback", "prod", "--reason", " ", "--to", old.id)
    assert "is promoted to it already" not in project.refused("rollback", "staging", "--reason", "x")
    assert new.id != old.id


def test_a_secret_that_is_gone_since_is_found_in_git(project: Project) -> None:
    two(project)
    text = (project.root / "stacks/Pulumi.prod.yaml").read_text()
    project.write("stacks/Pulumi.prod.yaml", text.replace("cache-password:", "other-password:", 1))
    project.commit()
    assert "prod: secrets.cache-password: is gone" in project.refused("rollback", "prod", "--reason", "x")


def test_a_hotfix_goes_past_the_environments_before_and_is_logged(project: Project) -> None:
    release = project.released()
    done = project.run("hotfix", release.id, "--to", "prod", "--reason", "an outage")
    assert done.exit_code == 0, done.exception
    promotion, past = project.log("prod", "promote/prod")
    assert isinstance(promotion, Promotion)
    assert promotion.kind == "hotfix"
    assert isinstance(past, Override)
    assert (past.gates, past.reason) == (("order", "soak"), "an outage")
    assert "still waiting: approvals" in done.stdout


def test_the_gates_are_told_with_what_is_missing(project: Project) -> None:
    release = project.released()
    assert "nothing was promoted to it" in project.refused("gates", "prod")
    shut = project.run("gates", "prod", release.id, "--json")
    assert shut.exit_code == 7
    told = {each["name"]: each for each in json.loads(shut.stdout)["gates"]}
    assert (told["order"]["state"], told["order"]["open"]) == ("failed", False)
    assert told["risk"]["state"] == "unknown"
    assert told["freeze"]["open"]
    table = project.run("gates", "prod", release.id)
    assert "was not applied to staging" in table.stdout


def test_a_promotion_that_passes_every_gate_says_so(project: Project) -> None:
    release = project.released()
    assert project.run("promote", release.id, "--to", "dev", "--direct").exit_code == 0
    done = project.run("gates", "dev", "--json")
    assert done.exit_code == 0, done.stdout
    assert json.loads(done.stdout)["promoted"] is True


def test_a_preview_tells_the_risk(project: Project) -> None:
    release = project.released()
    project.plays("dev", grown())
    told = json.loads(project.run("gates", "dev", release.id, "--preview", "--json").stdout)
    assert next(each for each in told["gates"] if each["name"] == "risk")["found"].startswith("warn; up to warn")


def test_freeze_and_unfreeze_of_all(project: Project) -> None:
    assert project.run("freeze", "--reason", "Sale", "--until", "2099-01-01T00:00Z").exit_code == 0
    assert [kinds(project.log(each)) for each in ("dev", "staging", "prod")] == [["freeze"]] * 3
    done = project.run("unfreeze", "--reason", "over", "--json")
    assert done.exit_code == 0
    record = project.log("prod")[-1]
    assert isinstance(record, FreezeOff)
    assert "nobody froze it" in project.refused("unfreeze", "--reason", "x")
    assert project.git("status", "--porcelain") == ""


def test_a_time_that_a_freeze_ends_is_read_strictly(project: Project) -> None:
    for text, found in {"soon": "is no time", "2099-01-01": "has no time zone", "2020-01-01T00:00Z": "is over"}.items():
        assert found in project.refused("freeze", "dev", "--reason", "x", "--until", text)
    assert "is not declared" in project.refused("freeze", "nowhere", "--reason", "x")


def test_somebody_else_has_to_agree(project: Project) -> None:
    release = project.released()
    assert "nothing was promoted" in project.refused("approve", "prod")
    assert project.run("hotfix", release.id, "--to", "prod", "--reason", "x").exit_code == 0
    project.git("switch", "--quiet", "promote/prod")
    assert "Ann promoted" in project.refused("approve", "prod")
    project.git("config", "user.name", "Bob")
    assert project.run("approve", "prod", "--reason", "looked at it").exit_code == 0
    gates = json.loads(project.run("gates", "prod", "--json").stdout)["gates"]
    assert {each["name"]: each["found"] for each in gates}["approvals"] == "1 of 1: Bob"


def test_the_log_tells_every_record(project: Project) -> None:
    assert "nothing has happened yet" in project.run("log").stdout
    old, _ = two(project)
    project.run("freeze", "prod", "--reason", "[bold]Sale")
    shown = project.run("log").stdout
    for text in (f"promoted {old.id}", f"apply of {old.id} to prod: succeeded", "is verified", "froze it: [bold]Sale"):
        assert text in shown
    told = json.loads(project.run("log", "prod", "-n", "2", "--json").stdout)
    assert [each["kind"] for each in told] == ["verify", "freeze"]
