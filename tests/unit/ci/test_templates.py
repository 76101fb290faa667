"""The pipelines: they call commands that exist, give no secret to code that nobody let in, and pin what they run."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from ruamel.yaml import YAML
from typer.testing import CliRunner

from cli.main import app
from review.report import data
from tests.conftest import ROOT
from tests.unit.review import stories

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = ROOT / "docs" / "ci" / "gitlab-ci.yml"
SHELL = ROOT / "docs" / "ci" / "review.sh"
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}")
BY_VERSION = {"pulumi/actions@v6"}
"""Actions whose commit is not known here."""


def load(file: Path) -> Any:
    return YAML(typ="safe", pure=True).load(file)


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in WORKFLOWS:
        for name, job in load(file)["jobs"].items():
            yield f"{file.stem}.{name}", job


JOBS = dict(jobs())


def scripts() -> Iterator[str]:
    for job in JOBS.values():
        yield from (step["run"] for step in job["steps"] if "run" in step)
    for job in load(GITLAB).values():
        if isinstance(job, dict):
            yield from job.get("script", ())
    yield from SHELL.read_text().splitlines()


def commands() -> list[list[str]]:
    """Return the words of every call of ours, up to a redirection, an `||` or a comment."""
    found = [line.split("longshore ", 1)[1] for line in scripts() if ".venv/bin/longshore " in line]
    return [shlex.split(re.split(r"\|\||>>| #", each)[0]) for each in found]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_and_every_option_of_it_exists(words: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while hasattr(command, "get_command"):
        command = command.get_command(None, rest.pop(0))
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= options


def test_they_review_publish_and_apply() -> None:
    verbs = {" ".join(words[:2]) for words in commands()}
    assert {"review run", "review publish", "up --stack"} <= verbs


@pytest.mark.parametrize("name", JOBS)
def test_every_action_is_pinned(name: str) -> None:
    uses = {step["uses"] for step in JOBS[name]["steps"] if "uses" in step}
    assert {each for each in uses if not PINNED.fullmatch(each)} <= BY_VERSION


@pytest.mark.parametrize("name", JOBS)
def test_a_job_with_secrets_runs_only_what_somebody_let_in(name: str) -> None:
    job = JOBS[name]
    if "secrets." in str(job):
        assert job["environment"]
        assert name == "apply.apply" or "head.repo.full_name == github.repository" in job["if"]
    else:
        assert job["runs-on"] == "ubuntu-latest"
        assert "permissions" not in job


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: str(file.stem))
def test_a_workflow_may_read_and_no_more_and_runs_once_at_a_time(file: Path) -> None:
    workflow = load(file)
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["group"]
    assert "pull_request_target" not in file.read_text()


@pytest.mark.parametrize("script", list(scripts()))
def test_nothing_that_others_name_is_pasted_into_a_shell(script: str) -> None:
    assert "${{" not in script


def test_the_shell_script_keeps_the_verdict(tmp_path: Path) -> None:
    """With a longshore that only knows this: the review blocks, the publishing works."""
    for command in ("init --quiet", "-c user.name=a -c user.email=a@b commit --quiet --allow-empty -m first"):
        subprocess.run(["git", "-C", str(tmp_path), *command.split()], check=True)
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "remote")], check=True)
    stand_in = tmp_path / ".venv" / "bin" / "longshore"
    stand_in.parent.mkdir(parents=True)
    write = 'mkdir report; cp "$REPORT" report/review.json; exit 30'
    publish = "git notes --ref=longshore-review add --file=report/review.json"
    stand_in.write_text(f'#!/bin/sh\ncase "$2" in run) {write};; publish) {publish};; esac\n')
    stand_in.chmod(0o755)
    report = tmp_path / "given.json"
    report.write_text(data.render(stories.three_stacks()))
    identity = {f"GIT_{who}_{what}": "a" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(
        [str(SHELL), "HEAD", str(tmp_path / "remote")],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "REPORT": str(report), **identity},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 30
    pushed = ["git", "-C", str(tmp_path / "remote"), "rev-parse", "refs/notes/longshore-review"]
    assert subprocess.run(pushed, capture_output=True, check=False).returncode == 0


def test_publish_is_documented_where_it_is_called() -> None:
    assert "review publish" in (ROOT / "docs" / "ci.md").read_text()
    assert CliRunner().invoke(app, ["review", "publish", "--help"]).exit_code == 0
