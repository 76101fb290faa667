"""`longshore review publish`, from a file to a comment over HTTP."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from review.errors import RedactionError
from review.report import data
from review.report.content import Review
from spec.errors import ReviewError
from tests.unit.review import stories
from tests.unit.review.publish.conftest import variables
from tests.unit.review.publish.fake import PLATFORMS, TOKEN, Fake, serving


@pytest.fixture(params=sorted(PLATFORMS))
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Fake]]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("GITHUB_EVENT_PATH", "GITHUB_RUN_ID", "CI_PIPELINE_ID", "GITHUB_TOKEN", "GITLAB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with serving(PLATFORMS[request.param]) as fake:
        for name, value in variables(fake).items():
            monkeypatch.setenv(name, value)
        yield request.param, fake


@pytest.fixture
def report(tmp_path: Path) -> str:
    return written(tmp_path, stories.three_stacks())


def written(folder: Path, review: Review) -> str:
    file = folder / "review.json"
    file.write_text(data.render(review))
    return str(file)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["review", "publish", *words])


def test_it_says_what_became_of_the_report(place: tuple[str, Fake], report: str) -> None:
    name, fake = place
    assert run("--to", name, report).stdout == f"{name}: created\n"
    assert run("--to", name, report).stdout == f"{name}: unchanged, nothing written\n"
    assert len(fake.bodies) == 1
    assert TOKEN not in fake.bodies[0]


def test_a_report_of_an_earlier_commit_is_marked_before_the_next_review(place: tuple[str, Fake], report: str) -> None:
    name, fake = place
    assert CliRunner().invoke(app, ["review", "stale", "--to", name]).stdout == (
        f"{name}: nothing to say, and no comment to correct\n"
    )
    run("--to", name, report)
    assert CliRunner().invoke(app, ["review", "stale", "--to", name, "--key", "nightly"]).exit_code == 0
    assert "**Stale:**" not in fake.bodies[0]
    assert CliRunner().invoke(app, ["review", "stale", "--to", name, "--key", "shop"]).stdout == f"{name}: updated\n"
    assert "**Stale:**" in fake.bodies[0]
    assert run("--to", name, report).stdout == f"{name}: updated\n"
    assert "**Stale:**" not in fake.bodies[0]


def test_a_status_says_whether_the_change_may_be_merged(place: tuple[str, Fake], report: str, tmp_path: Path) -> None:
    name, fake = place
    assert run("--to", name, report, "--status").exit_code == 0
    assert run("--to", name, written(tmp_path, stories.unchanged()), "--status").exit_code == 0
    assert [each["state"] for each in fake.statuses] == ["failure" if name == "github" else "failed", "success"]
    assert "blocker" in fake.statuses[0]["description"]


def test_a_named_request_wins_over_the_pipelines(place: tuple[str, Fake], report: str) -> None:
    name, fake = place
    result = run("--to", name, report, "--pr", "8")
    assert isinstance(result.exception, ReviewError)
    assert not fake.comments


def test_keys_keep_reports_apart(place: tuple[str, Fake], report: str) -> None:
    name, fake = place
    run("--to", name, report)
    run("--to", name, report, "--key", "nightly")
    assert len(fake.bodies) == 2


def test_without_a_token_nothing_is_asked(
    place: tuple[str, Fake], report: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, fake = place
    monkeypatch.delenv(f"{name.upper()}_TOKEN")
    error = run("--to", name, report).exception
    assert isinstance(error, ReviewError)
    assert (error.where, error.exit_code) == (f"{name.upper()}_TOKEN", 6)
    assert not fake.calls


def test_a_report_that_holds_the_token_or_a_masked_value_is_refused(
    place: tuple[str, Fake], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, fake = place
    leaky = Review(stories.three_stacks().stacks, project="shop", provenance={"by": TOKEN})
    assert isinstance(run("--to", name, written(tmp_path, leaky)).exception, RedactionError)
    monkeypatch.setenv("MY_SECRET", "template_bump")
    leaky = Review(stories.three_stacks().stacks, project="shop", provenance={"by": "template_bump"})
    result = run("--to", name, written(tmp_path, leaky), "--mask-env", "MY_SECRET")
    assert isinstance(result.exception, RedactionError)
    assert not fake.comments


def test_a_mask_that_is_not_set_is_a_mistake(place: tuple[str, Fake], report: str) -> None:
    error = run("--to", place[0], report, "--mask-env", "NOT_SET").exception
    assert isinstance(error, ReviewError)
    assert error.where == "NOT_SET"


def test_a_summary_is_added_to_the_steps_own(
    place: tuple[str, Fake], report: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "summary.md"
    file.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    assert run("--to", place[0], report, "--summary").exit_code == 0
    assert file.read_text().startswith("before\n<!-- longshore:review")
    assert "SWARM-QUORUM-LOST" in file.read_text()
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    assert isinstance(run("--to", place[0], report, "--summary").exception, ReviewError)


def test_a_git_note_needs_no_platform(tmp_path: Path, report: str, monkeypatch: pytest.MonkeyPatch) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "--quiet"], [*identity, "commit", "--quiet", "--allow-empty", "--message", "first"]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    monkeypatch.chdir(tmp_path)
    assert run("--to", "git-notes", report).stdout == "git-notes: created\n"
    show = ["git", "notes", "--ref=longshore-review", "show", "HEAD"]
    note = subprocess.run(show, capture_output=True, text=True, check=True).stdout
    assert "SWARM-QUORUM-LOST" in note
    assert "<details>" not in note


def test_a_change_that_touches_no_stack_any_more_corrects_its_comment(
    place: tuple[str, Fake], report: str, tmp_path: Path
) -> None:
    name, fake = place
    run("--to", name, report, "--key", "longshore")
    empty = json.loads(Path(report).read_text()) | {"stacks": [], "project": ""}
    Path(report).write_text(json.dumps(empty))
    assert run("--to", name, str(tmp_path)).stdout == f"{name}: updated\n"
    assert "No changes any more" in fake.bodies[0]


def test_models_of_a_directory_are_published(place: tuple[str, Fake], tmp_path: Path) -> None:
    name, fake = place
    for stack in stories.three_stacks().stacks:
        (tmp_path / f"{stack.name}.model.json").write_text(json.dumps(stack.model.model_dump(mode="json")))
    assert run("--to", name, str(tmp_path)).exit_code == 0
    assert all(stack in fake.bodies[0] for stack in ("dev", "staging", "prod"))
