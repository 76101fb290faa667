"""One preview, with a `pulumi` that plays back what it is given."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from review.gate import Verdict, verdict
from review.model import Action, ChangeModel
from review.preview import Place, preview
from review.redact import Redactor
from review.rules import assess
from tests.unit.review import log
from tests.unit.review.repository import Repository, grown, quiet

DRIFTED: list[dict[str, Any]] = [
    {"resOutputsEvent": {"metadata": {
        "op": "refresh", "urn": log.urn(log.VM, "w1"), "type": log.VM,
        "old": log.state(log.VM, "w1", {"memory": 4096}), "new": log.state(log.VM, "w1", {"memory": 2048}),
    }}}
]  # fmt: skip


def run(repository: Repository, stack: str = "prod", redactor: Redactor | None = None, **more: Any) -> ChangeModel:
    return preview(stack, Place(repository.root, repository.environment), **more).model(redactor or Redactor())


def test_the_model_is_what_the_log_says(repository: Repository) -> None:
    repository.plays("prod", grown())
    model = run(repository)
    assert [(each.name, each.action) for each in model.resources] == [("w1", Action.UPDATE)]
    assert not model.run.failed


def test_pulumi_is_asked_for_a_log_and_nothing_is_kept_of_it(repository: Repository) -> None:
    repository.plays("prod", grown())
    run(repository)
    (folder, arguments, variables), *others = repository.calls()
    file = Path(arguments[arguments.index("--event-log") + 1])
    assert not file.parent.exists()
    assert folder == str(repository.root)
    assert arguments[:3] == ["preview", "--stack", "prod"]
    assert "--non-interactive" in arguments
    assert "PULUMI_DEBUG_COMMANDS" in variables
    assert [each[1] for each in others] == [["stack", "export", "--stack", "prod"]]


def test_nothing_is_left_in_the_folder_for_temporary_files(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    repository.plays("prod", grown())
    run(repository, drift=True)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_environment_is_the_one_that_was_given_alone(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOMETHING_OF_OURS", "1")
    repository.plays("prod", quiet())
    run(repository)
    assert all("SOMETHING_OF_OURS" not in variables for _, _, variables in repository.calls())


def test_policy_packs_are_passed_on(repository: Repository) -> None:
    repository.plays("prod", quiet())
    run(repository, packs=("/p/one", "/p/two"))
    arguments = repository.calls()[0][1]
    assert [arguments[n + 1] for n, each in enumerate(arguments) if each == "--policy-pack"] == ["/p/one", "/p/two"]


def test_dependencies_and_age_come_from_the_state(repository: Repository) -> None:
    repository.plays("prod", grown())
    resource = {"urn": log.urn(log.VM, "w1"), "dependencies": ["urn:x"], "created": "2026-01-01T00:00:00Z"}
    repository.write("played/prod.stack", json.dumps({"deployment": {"resources": [resource]}}))
    (found,) = run(repository).resources
    assert (found.dependencies, found.created) == (("urn:x",), "2026-01-01T00:00:00Z")


@pytest.mark.parametrize("export", ["no json", "[]", '{"deployment": {"resources": [{}]}}'])
def test_a_state_that_can_not_be_read_only_tells_less(repository: Repository, export: str) -> None:
    repository.plays("prod", grown())
    repository.write("played/prod.stack", export)
    assert run(repository).resources[0].dependencies == ()


def test_a_preview_that_can_not_start_is_a_model_that_says_why(repository: Repository) -> None:
    repository.fails("prod", "error: no stack named 'prod' found")
    model = run(repository)
    assert (model.run.stack, model.run.failed, model.run.error) == ("prod", True, "no stack named 'prod' found")
    assert verdict(model, ()) is Verdict.FAILED


def test_a_preview_that_breaks_off_keeps_what_it_had(repository: Repository) -> None:
    repository.plays("prod", log.lines(log.steps("update", log.VM, "w1", {"a": 1}, {"a": 2}), ended=False))
    repository.fails("prod", "error: the passphrase is wrong")
    model = run(repository)
    assert (model.run.failed, model.run.error) == (True, "the passphrase is wrong")
    assert [each.name for each in model.changed] == ["w1"]


def test_the_logs_own_error_is_told_rather_than_the_last_line(repository: Repository) -> None:
    extra = [{"diagnosticEvent": {"severity": "error", "message": "template not found"}}]
    repository.plays("prod", log.lines(extra=extra))
    repository.fails("prod", "error: preview failed")
    assert run(repository).run.error == "template not found"


def test_a_secret_in_pulumis_own_message_is_not_shown(repository: Repository) -> None:
    repository.fails("prod", "error: can't log in as hunter2hunter2")
    assert "hunter2" not in run(repository, redactor=Redactor(["hunter2hunter2"])).model_dump_json()


def test_drift_is_looked_for_apart_and_changes_nothing_else(repository: Repository) -> None:
    repository.plays("prod", grown())
    repository.plays("prod", log.lines(extra=DRIFTED), "refresh")
    model = run(repository, drift=True)
    assert [(each.name, each.changes[0].path) for each in model.drift] == [("w1", "memory")]
    assert [each.name for each in model.changed] == ["w1"]
    refresh = next(arguments for _, arguments, _ in repository.calls() if arguments[0] == "refresh")
    assert "--preview-only" in refresh
    assert [each.rule for each in assess(model)] == [each.rule for each in assess(run(repository))]


def test_drift_that_can_not_be_looked_for_is_said(repository: Repository) -> None:
    repository.plays("prod", grown())
    repository.fails("prod", "error: vCenter does not answer", "refresh")
    model = run(repository, drift=True)
    assert model.run.notes == ("the search for drift failed: vCenter does not answer",)
    assert not model.run.failed


def test_a_mandatory_policy_blocks_and_is_no_failed_preview(repository: Repository) -> None:
    violation = {"policyName": "limits-set", "enforcementLevel": "mandatory", "message": "no limit"}
    repository.plays("prod", log.lines(log.steps("same", log.VM, "w1", {}), extra=[{"policyEvent": violation}]))
    repository.fails("prod", "error: preview failed")
    assert verdict(run(repository), ()) is Verdict.BLOCKED


def test_a_policy_does_not_excuse_another_failure(repository: Repository) -> None:
    violation = {"policyName": "limits-set", "enforcementLevel": "mandatory", "message": "no limit"}
    error = {"diagnosticEvent": {"severity": "error", "message": "vCenter does not answer"}}
    repository.plays("prod", log.lines(extra=[{"policyEvent": violation}, error]))
    repository.fails("prod", "error: preview failed")
    assert verdict(run(repository), ()) is Verdict.FAILED
