"""`longshore release status` in a repository."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

import cli.release_status
from drift.finding import Finding, Harm, Report
from release.state import fingerprint
from release.status import applied_state
from spec.errors import LabError
from spec.promotion import Application
from tests.releases import NOON
from tests.unit.release.project import Project
from tests.unit.release.stories import life


def rows(project: Project, *flags: str) -> dict[str, dict[str, Any]]:
    done = project.run("status", "--json", *flags)
    assert done.exit_code == 0, done
    return {row["environment"]: row for row in json.loads(done.output)["rows"]}


def deployed(project: Project) -> None:
    """Dev runs a verified release, and its state is as the log says."""
    release = project.released()
    records = life(release, "dev", 1)
    for number, each in enumerate(records):
        if isinstance(each, Application) and each.state:
            records[number] = each.model_copy(update={"state": fingerprint({"resources": []})})
    project.records("dev", *records)


def test_nothing_yet_is_no_alarm(project: Project) -> None:
    found = rows(project)
    assert list(found) == ["dev", "staging", "prod"]
    assert {row["drift"] for row in found.values()} == {"-"}
    assert {row["next"] for row in found.values()} == {None}
    assert project.run("status").exit_code == 0


def test_a_matrix_tells_what_comes_next(project: Project) -> None:
    deployed(project)
    found = rows(project)
    assert (found["dev"]["verified"], found["dev"]["drift"]) == ("yes", "none")
    assert found["staging"]["next"]["found"] == "can be promoted"
    assert found["prod"]["next"] is None
    text = project.run("status").output
    assert "can be promoted" in text
    assert "verified" in text


def test_an_update_past_the_log_is_told(project: Project) -> None:
    deployed(project)
    project.deploys("dev", {"resources": [{"urn": "urn::x", "type": "t"}]})
    assert rows(project)["dev"]["drift"] == "updated past the log"
    assert rows(project, "--offline")["dev"]["drift"] == "not looked"


def test_a_state_that_cannot_be_asked_is_unknown(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: str) -> dict[str, Any]:
        raise LabError("stack dev", "the lab it belongs to is down")

    deployed(project)
    monkeypatch.setattr("cli.release_status.pulumi.deployment", away)
    assert rows(project)["dev"]["drift"] == "unknown"


@pytest.mark.parametrize(("harms", "told"), [((), "none"), ((Harm.HARMFUL, Harm.HARMLESS), "1 harmful, 1 harmless")])
def test_drift_is_looked_for_when_asked(
    project: Project, monkeypatch: pytest.MonkeyPatch, harms: tuple[Harm, ...], told: str
) -> None:
    deployed(project)
    common = {"subject": "web", "what": "x", "against": "y", "up": "z", "fix": "w"}
    found = tuple(Finding.model_validate({"kind": "service-changed", "harm": harm, **common}) for harm in harms)
    monkeypatch.setattr(cli.release_status, "drift_of", lambda stack: Report(stack=stack, findings=found))
    assert rows(project, "--drift")["dev"]["drift"] == told


def test_a_page_is_written_instead_of_a_table(project: Project) -> None:
    deployed(project)
    file = project.root / "played" / "status.html"
    done = project.run("status", "--html", str(file))
    assert (done.exit_code, done.output) == (0, "")
    assert file.read_text().startswith("<!doctype html>")


def test_only_who_asks_for_it_gets_an_alarm(project: Project) -> None:
    deployed(project)
    project.released(number=2, created=NOON + timedelta(days=5))
    assert project.run("status").exit_code == 0
    assert project.run("status", "--fail-on-lag", "12h").exit_code == 10
    assert project.run("status", "--fail-on-lag", "999h").exit_code == 0
    assert "no time" in project.refused("status", "--fail-on-lag", "soon")


def test_a_log_that_was_changed_is_refused(project: Project) -> None:
    deployed(project)
    file = project.root / "stacks/promotions/dev.jsonl"
    file.write_text(file.read_text().replace('"by":"Ann"', '"by":"Eve"', 1))
    assert "does not follow from the line before" in project.refused("status")
    assert applied_state((), "dev") is None
