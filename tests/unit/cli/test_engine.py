"""The verbs around `pulumi`: which flags it gets, and what happens before and after."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import engine
from cli.main import app

RUN = CliRunner()


@dataclass
class Seam:
    """Everything the verbs do to the world, written down in order."""

    code: int = 0
    done: list[str] = field(default_factory=list)

    def run(self, stack: str | None, arguments: list[str]) -> int:
        self.done.append(f"[{stack}] {' '.join(arguments)}")
        return self.code


@pytest.fixture
def seam(monkeypatch: pytest.MonkeyPatch) -> Seam:
    made = Seam()
    monkeypatch.setattr("cli.pulumi.run", made.run)
    monkeypatch.setattr("cli.pulumi.deployment", lambda _stack: {})
    monkeypatch.setattr(engine, "recover", lambda *arguments: made.done.append(f"recover {arguments[0]}"))
    monkeypatch.setattr(engine, "report", lambda stack, patience: made.done.append(f"report {stack} {patience:.0f}"))
    return made


def invoke(*arguments: str) -> Any:
    return RUN.invoke(app, list(arguments), catch_exceptions=False)


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["preview"], "[lab] preview --stack lab --diff"),
        (["preview", "-s", "dev", "--refresh"], "[dev] preview --stack dev --diff --refresh"),
        (["preview", "--expect-no-changes"], "[lab] preview --stack lab --diff --expect-no-changes"),
        (["destroy", "--stack", "dev"], "[dev] destroy --stack dev"),
        (["destroy", "-y"], "[lab] destroy --stack lab --yes"),
        (["pulumi", "stack", "ls", "--json"], "[None] stack ls --json"),
        (["pulumi", "refresh", "-s", "dev", "--yes"], "[dev] refresh -s dev --yes"),
    ],
)
def test_a_verb_is_one_command(seam: Seam, arguments: list[str], command: str) -> None:
    assert invoke(*arguments).exit_code == 0
    assert seam.done == [command]


def test_up_mends_first_and_reports_last(seam: Seam) -> None:
    result = invoke("up", "-s", "dev", "--yes")
    assert seam.done == ["recover dev", "[dev] up --stack dev --suppress-outputs --yes", "report dev 180"]
    assert "longshore preview -s dev" in result.stdout


def test_what_was_previewed_is_not_previewed_again(seam: Seam) -> None:
    assert engine.look("dev") == 0
    engine.apply("dev", refresh=False, yes=True, previewed=True)
    assert [each for each in seam.done if each.startswith("[dev]")] == [
        "[dev] preview --stack dev --diff", "[dev] up --stack dev --suppress-outputs --yes --skip-preview",
    ]  # fmt: skip


def test_an_update_that_fails_reports_nothing_more(seam: Seam) -> None:
    seam.code = 255
    result = invoke("up")
    assert result.exit_code == 255
    assert seam.done == ["recover lab", "[lab] up --stack lab --suppress-outputs"]
    assert "Try next" not in result.stdout


@pytest.mark.parametrize("verb", [["preview"], ["destroy"], ["pulumi", "up"]])
def test_a_verbs_exit_code_is_pulumis(seam: Seam, verb: list[str]) -> None:
    seam.code = 3
    assert invoke(*verb).exit_code == 3


@pytest.mark.parametrize("verb", ["preview", "up", "destroy", "status", "check", "schema", "pulumi", "lab", "review"])
def test_every_verb_is_listed_with_a_word_on_what_it_does(verb: str) -> None:
    [line] = [each for each in invoke("--help").stdout.splitlines() if each.strip("│ ").startswith(f"{verb} ")]
    assert len(line.strip("│ ").split(None, 1)[1]) > 10


def test_an_unknown_verb_is_a_usage_error() -> None:
    result = RUN.invoke(app, ["deploy"])
    assert result.exit_code == 2
    assert "No such command 'deploy'" in result.output
