"""The policy pack in the real CLI, on the lab's stack: what is mandatory is refused before anything is touched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from review.build import from_lines
from review.gate import Verdict
from review.model import ChangeModel
from review.report.content import Review, StackReview
from review.report.dialect import GITHUB
from review.report.plan import fit
from tests.live.project import Project

CANARY = "canary-hunter2"


def leak(config: dict[str, Any]) -> None:
    config["longshore:services"]["web"]["env"] = {"DB_PASSWORD": CANARY}


def unpin(config: dict[str, Any]) -> None:
    web = config["longshore:services"]["web"]
    web["image"] = web["image"].split("@")[0]


def events(project: Project, *flags: str) -> ChangeModel:
    """Preview with an event log, whatever comes of it."""
    log = project.folder / "policy.jsonl"
    log.unlink(missing_ok=True)
    project.pulumi(
        "preview", "--stack", "lab", "--policy-pack", "policy", *flags, "--event-log", str(log), "||", "true"
    )
    return from_lines(log.read_text().splitlines())


@pytest.fixture(autouse=True)
def _event_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_DEBUG_COMMANDS", "true")


def test_the_sample_stack_meets_what_is_mandatory_in_a_lab(running: Project) -> None:
    output = running.ok("pulumi", "preview", "--stack", "lab", "--policy-pack", "policy", "--expect-no-changes")
    assert "longshore@v0.1.0" in output
    assert "[mandatory]" not in output


def test_a_secret_in_an_environment_variable_is_refused(running: Project) -> None:
    with running.edited(leak):
        done = running.run("pulumi", "up", "--stack", "lab", "--policy-pack", "policy", "--yes", "--skip-preview")
        found = events(running)
    assert done.code != 0
    assert "the environment variable DB_PASSWORD holds a secret" in done.output
    assert running.steps() == []
    (violation,) = [each for each in found.policies.violations if each.policy == "no-secret-in-env"]
    assert violation.blocks
    assert violation.urn.endswith("::web")
    assert found.policies.passed > 0


def test_the_report_names_policy_and_resource_and_not_the_value(running: Project) -> None:
    with running.edited(leak):
        stack = StackReview.of(events(running))
    assert stack.verdict >= Verdict.BLOCKED
    report = fit(Review((stack,), project="longshore"), GITHUB)
    assert "no-secret-in-env" in report
    assert CANARY not in report


def test_what_is_advice_in_a_lab_can_be_made_binding(running: Project) -> None:
    with running.edited(unpin):
        (violation,) = [each for each in events(running).policies.violations if each.policy == "image-pinned"]
        assert not violation.blocks
        config = running.folder / "policy.json"
        config.write_text(json.dumps({"image-pinned": "mandatory"}))
        done = running.run(
            "pulumi", "preview", "--stack", "lab", "--policy-pack", "policy", "--policy-pack-config", str(config)
        )
    assert done.code != 0
    assert "[mandatory]" in done.output
    assert "has no digest" in done.output
