"""`longshore review`, from an event log in a file to a report and an exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.review import review
from review.errors import RedactionError
from review.rules import RULES
from spec.errors import ReviewError
from tests.unit.review import log, stories

SAFE = log.lines(log.steps("update", log.VM, "w1", {"annotation": "a"}, {"annotation": "b"}))
BLOCKED = log.lines(*stories.template_bump())


def run(*words: str) -> Result:
    return CliRunner().invoke(review, list(words))


def event_log(folder: Path, lines: list[str], name: str = "events.jsonl") -> str:
    file = folder / name
    file.write_text("\n".join(lines))
    return str(file)


def test_rules_lists_every_rule() -> None:
    result = run("rules")
    assert result.exit_code == 0
    assert all(rule in result.stdout for rule in RULES)


def test_explain_takes_the_identifier_of_a_rule_or_of_a_risk() -> None:
    for word in ("vm-reboot", "VM-REBOOT-7c1e"):
        assert run("explain", word).stdout.startswith("VM-REBOOT\nA virtual machine is power-cycled")
    assert run("explain", "VM-REBOOT-FLEET-7c1e").stdout.startswith("VM-REBOOT-FLEET\n")


def test_explain_refuses_what_is_no_rule() -> None:
    assert isinstance(run("explain", "NONSENSE").exception, ReviewError)


@pytest.mark.parametrize(
    ("lines", "flags", "code"), [(SAFE, [], 0), (SAFE, ["--detailed-exitcode"], 10), (BLOCKED, [], 30)]
)
def test_show_exits_with_the_verdict(tmp_path: Path, lines: list[str], flags: list[str], code: int) -> None:
    assert run("show", event_log(tmp_path, lines), *flags).exit_code == code


def test_the_kind_of_environment_decides_how_grave_a_risk_is(tmp_path: Path) -> None:
    assert run("show", event_log(tmp_path, BLOCKED), "--environment", "dev").exit_code == 20


def test_show_writes_markdown_and_json_to_a_file(tmp_path: Path) -> None:
    file = event_log(tmp_path, BLOCKED)
    for form, start in (
        ("github", "<!-- longshore:review v1"),
        ("plain", "[//]: #"),
        ("json", "{"),
        ("terminal", "Inf"),
    ):
        run("show", file, "--format", form, "--output", str(tmp_path / form))
        assert (tmp_path / form).read_text().startswith(start)


def test_several_logs_make_one_report(tmp_path: Path) -> None:
    files = [event_log(tmp_path, lines, f"{n}.jsonl") for n, lines in enumerate((SAFE, BLOCKED))]
    content = json.loads(run("show", *files, "--format", "json").stdout)
    assert [stack["verdict"] for stack in content["stacks"]] == ["ok", "blocked"]


def test_the_state_tells_what_happens_one_after_the_other(tmp_path: Path) -> None:
    urns = [log.urn(log.VM, f"shop-managers-{n}") for n in (1, 2, 3)]
    resources = [{"urn": urn, "dependencies": urns[:n]} for n, urn in enumerate(urns)]
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"deployment": {"resources": resources}}))
    shown = run("show", event_log(tmp_path, BLOCKED), "--state", str(state)).stdout
    assert "SWARM-QUORUM-LOST" not in shown
    assert "SWARM-MANAGER-REPLACED" in shown


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\x1c", "\x0b"])
def test_a_line_of_a_log_ends_at_a_newline_and_at_nothing_else(tmp_path: Path, separator: str) -> None:
    lines = log.lines(log.steps("update", log.VM, "w1", {"annotation": "a"}, {"annotation": f"b{separator}c"}))
    raw = [line.replace(json.dumps(separator)[1:-1], separator) for line in lines] if separator > "\x1f" else lines
    assert run("show", event_log(tmp_path, raw)).exit_code == 0


def test_an_acknowledged_risk_no_longer_asks(tmp_path: Path) -> None:
    lines = log.lines(log.steps("update", log.VM, "w1", {"memory": 4096}, {"memory": 8192}))
    file = event_log(tmp_path, lines)
    (risk,) = json.loads(run("show", file, "--format", "json").stdout)["stacks"][0]["risks"]
    assert run("show", file).exit_code == 20
    assert run("show", file, "--ack", risk["id"]).exit_code == 0


def test_a_masked_variable_is_not_shown_in_any_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOY_KEY", "hunter2hunter2")
    lines = log.lines(log.steps("update", log.VM, "w1", {"a": "x"}, {"a": "see hunter2hunter2"}))
    result = run("show", event_log(tmp_path, lines), "--mask-env", "DEPLOY_KEY", "--format", "json")
    assert result.exit_code == 20  # a secret in a plain property
    assert "hunter2" not in result.stdout


def test_a_report_that_would_give_a_secret_away_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOY_KEY", "hunter2hunter2")
    lines = log.lines(log.steps("update", log.VM, "hunter2hunter2", {"a": 1}, {"a": 2}))
    result = run("show", event_log(tmp_path, lines), "--mask-env", "DEPLOY_KEY", "--format", "json")
    assert isinstance(result.exception, RedactionError)
    assert "hunter2" not in result.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "nowhere.jsonl"], "No such file"),
        (["show", "nowhere.jsonl", "--mask-env", "NOT_SET"], "NOT_SET is not set"),
        (["show", __file__, "--state", __file__], "is no state export"),
    ],
)
def test_mistakes_are_told_as_such(words: list[str], says: str) -> None:
    result = run(*words)
    assert isinstance(result.exception, ReviewError)
    assert says in str(result.exception)


def test_the_schema_is_printed() -> None:
    assert json.loads(run("schema").stdout)["title"] == "ChangeModel"
