"""`longshore review run`, from flags to a report and an exit code, on a repository and a `pulumi` of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import report, review_ack, review_run
from cli.report import FILES
from cli.review import review
from review.errors import RedactionError
from spec.errors import ReviewError
from tests.unit.review import log, stories
from tests.unit.review.repository import Repository, grown, quiet

PROGRAM = 'import pulumi, pulumi_docker as d\nd.Volume("data", name=pulumi.Config().require("tier"))\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    repository = Repository(tmp_path)
    for stack in ("dev", "prod"):
        repository.write(f"stacks/Pulumi.{stack}.yaml", "config:\n  shop:tier: gold\n")
        repository.plays(stack, quiet())
    repository.write("Pulumi.yaml", "name: shop\n")
    repository.write("__main__.py", PROGRAM)
    repository.commit()
    for name, value in repository.environment.items():
        monkeypatch.setenv(name, value)
    for module in (review_run, review_ack):
        monkeypatch.setattr(module, "ROOT", repository.root)
    return repository


def run(*words: str) -> Result:
    return CliRunner().invoke(review, ["run", *words])


def ack(*words: str) -> Result:
    return CliRunner().invoke(review, ["ack", *words])


def content(*words: str) -> Any:
    return json.loads(run("--format", "json", *words).stdout)


@pytest.mark.usefixtures("project")
def test_without_a_name_every_stack_is_previewed() -> None:
    assert [stack["stack"] for stack in content()["stacks"]] == ["dev", "prod"]


@pytest.mark.usefixtures("project")
def test_progress_goes_to_standard_error_a_line_at_a_time() -> None:
    result = run("-s", "prod", "--format", "plain")
    assert result.stderr.splitlines() == ["prod: previewing", "prod: 0 changes in 3 s"]
    assert result.stdout.startswith("[//]: #")


@pytest.mark.parametrize(
    ("lines", "flags", "code"),
    [
        (quiet(), [], 0),
        (quiet(), ["--detailed-exitcode"], 0),
        (log.lines(log.steps("update", log.VM, "w1", {"a": 1}, {"a": 2})), [], 0),
        (log.lines(log.steps("update", log.VM, "w1", {"a": 1}, {"a": 2})), ["--detailed-exitcode"], 10),
        (grown(), [], 20),
        (grown(), ["--environment", "dev"], 0),
        (log.lines(*stories.template_bump()), [], 30),
    ],
)
def test_the_exit_code_is_the_verdict(project: Repository, lines: list[str], flags: list[str], code: int) -> None:
    project.plays("prod", lines)
    assert run("-s", "prod", *flags).exit_code == code


def test_a_failed_preview_is_in_the_report_and_the_others_are_there_too(project: Repository) -> None:
    project.plays("prod", grown())
    project.fails("dev", "error: the passphrase is wrong")
    (project.root / "played" / "dev.preview.jsonl").unlink()
    result = run("--format", "github")
    assert result.exit_code == 40
    assert "- **dev**: the passphrase is wrong" in result.stdout
    assert "**VM-REBOOT** (prod)" in result.stdout


def test_only_touched_stacks_are_previewed(project: Repository) -> None:
    project.write("stacks/Pulumi.prod.yaml", "config:\n  shop:tier: silver\n")
    project.commit()
    assert [stack["stack"] for stack in content("--touched-by", "HEAD~1..HEAD")["stacks"]] == ["prod"]
    assert [stack["stack"] for stack in content("--touched-by", "HEAD~1..HEAD", "-s", "dev")["stacks"]] == []
    nothing = run("--touched-by", "HEAD..HEAD")
    assert (nothing.exit_code, "no change" in nothing.stdout) == (0, True)


def test_the_base_tells_what_is_pending(project: Repository) -> None:
    project.plays("prod", grown())
    base = project.commit()
    both = [log.steps("update", log.VM, name, {"memory": 4096}, {"memory": 8192}) for name in ("w1", "w2")]
    project.plays("prod", log.lines(*both))
    found = content("-s", "prod", "--base", base)
    assert found["base"] == base
    assert found["stacks"][0]["pending"] == [log.urn(log.VM, "w1")]


def test_a_change_is_judged_by_the_settings_of_its_base(project: Repository) -> None:
    project.plays("prod", grown())
    base = project.commit()
    project.write(".review.yaml", "environments: {prod: dev}\n")
    assert run("-s", "prod").exit_code == 0
    judged = run("-s", "prod", "--base", base, "--format", "plain")
    assert judged.exit_code == 20
    assert ".review.yaml changes with this change" in judged.stdout


def test_a_mistake_in_the_settings_stops_before_anything_runs(project: Repository) -> None:
    project.write(".review.yaml", "nonsense: 1\n")
    assert isinstance(run().exception, ReviewError)
    assert project.calls() == []


def test_policy_packs_of_the_settings_run_with_every_preview(project: Repository) -> None:
    project.write(".review.yaml", "policy_packs: [policy]\n")
    run("-s", "prod")
    assert str(project.root / "policy") in project.calls()[0][1]


@pytest.mark.usefixtures("project")
def test_a_folder_gets_every_form(tmp_path: Path) -> None:
    run("-s", "prod", "--output", str(tmp_path / "a" / "b"))
    written = {file.name for file in (tmp_path / "a" / "b").iterdir()}
    assert written == set(FILES.values())
    assert json.loads((tmp_path / "a" / "b" / "review.json").read_text())["provenance"].keys() >= {"pulumi"}


def test_of_a_report_that_would_show_a_secret_nothing_is_written(
    project: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_KEY", "hunter2hunter2")
    project.plays("prod", log.lines(log.steps("update", log.VM, "hunter2hunter2", {"a": 1}, {"a": 2})))
    result = run("-s", "prod", "--mask-env", "DEPLOY_KEY", "--output", str(tmp_path / "out"))
    assert isinstance(result.exception, RedactionError)
    assert not (tmp_path / "out").exists()
    assert "hunter2" not in result.output


def test_an_acknowledgement_is_written_and_used_and_void_when_the_change_is_another(project: Repository) -> None:
    project.plays("prod", grown())
    (risk,) = content("-s", "prod")["stacks"][0]["risks"]
    done = ack(risk["id"], "w1", "-s", "prod", "--reason", "drained by hand", "--until", "2999-01-01")
    assert done.stdout == f".review-acks.yaml: {risk['id']} (w1) is acknowledged by Ann; commit it with the change\n"
    assert run("-s", "prod").exit_code == 0
    project.plays("prod", grown(to=16384))
    moved = run("-s", "prod")
    assert moved.exit_code == 20
    assert "is void" in moved.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["SWARM-QUORUM-LOST-7c1e02aa", "all", "-s", "prod", "--reason", "x"], "can't be acknowledged"),
        (["VM-REBOOT", "w1", "-s", "prod", "--reason", "x"], "is no identifier of a risk"),
        (["VM-REBOOT-7c1e02aa", "w1", "-s", "prod", "--reason", " "], "says nothing"),
        (["VM-REBOOT-7c1e02aa", "w1", "-s", "prod", "--reason", "x", "--until", "soon"], "soon is no day"),
    ],
)
def test_what_can_not_be_acknowledged_is_refused(project: Repository, words: list[str], says: str) -> None:
    result = ack(*words)
    assert isinstance(result.exception, ReviewError)
    assert says in str(result.exception)
    assert not (project.root / ".review-acks.yaml").exists()


def test_what_blocks_may_be_acknowledged_where_the_table_says_so(project: Repository) -> None:
    words = ("SWARM-QUORUM-LOST-7c1e02aa", "all", "--reason", "x")
    assert ack(*words, "-s", "dev").exit_code == 0
    project.write(".review.yaml", "classes: {SWARM-QUORUM-LOST: {prod: ack}}\nacknowledgements: acks.yaml\n")
    assert ack(*words, "-s", "prod", "--by", "Bob").exit_code == 0
    assert 'by: "Bob"' in (project.root / "acks.yaml").read_text()


def test_a_change_that_is_not_trusted_is_rehearsed_and_can_not_acknowledge_itself(project: Repository) -> None:
    project.write("stacks/Pulumi.prod.yaml", "config:\n  shop:tier: silver\n")
    first = content("-s", "prod", "--untrusted", "--base", "HEAD")["stacks"][0]
    assert first["verdict"] == "blocked"
    project.write(".review.yaml", "classes: {VOLUME-REPLACED: {prod: note}}\n")
    for risk in first["risks"]:
        ack(risk["id"], "all", "-s", "prod", "--reason", "trust me")
    result = run("-s", "prod", "--untrusted", "--base", "HEAD", "--format", "github")
    assert result.exit_code == 30
    assert "Not compared with real state" in result.stdout
    assert '- config["shop:tier"]: gold' in result.stdout
    assert project.calls() == []


def test_a_rehearsal_needs_a_base(project: Repository) -> None:
    assert isinstance(run("--untrusted").exception, ReviewError)
    assert project.calls() == []


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("form", list(report.Format))
def test_every_form_is_printed(form: report.Format) -> None:
    assert run("-s", "prod", "--format", form.value).stdout.strip()


def test_values_are_withheld_after_the_risks_were_judged(project: Repository) -> None:
    project.plays("prod", log.lines(log.steps("update", log.VM, "w1", {"annotation": "old"}, {"annotation": "new"})))
    text = run("-s", "prod", "--values", "none", "--format", "json").stdout
    assert "annotation" in text
    assert '"new"' not in text
    project.plays("prod", grown())
    assert run("-s", "prod", "--values", "none").exit_code == 20


def test_all_values_are_shown_and_the_same_is_judged(project: Repository) -> None:
    token = "q8ZrT2kLm9XvB4nW7pYc"
    before, after = {"memory": 8192, "annotation": "plain"}, {"memory": 4096, "annotation": token}
    project.plays("prod", log.lines(log.steps("update", log.VM, "w1", before, after)))
    safe, every = (run("-s", "prod", "--values", values, "--format", "json") for values in ("safe", "all"))
    assert token not in safe.stdout
    assert token in every.stdout
    risks = [[risk["id"] for risk in json.loads(each.stdout)["stacks"][0]["risks"]] for each in (safe, every)]
    assert risks[0] == risks[1] != []
    assert safe.exit_code == every.exit_code


def test_noise_stays_left_out_where_all_values_are_shown(project: Repository) -> None:
    rule = {"type": log.VM, "path": "annotation", "until": "2999-01-01", "owner": "ops", "reason": "a clock"}
    project.write(".review.yaml", json.dumps({"version": 1, "ignore": [rule]}))
    project.plays("prod", log.lines(log.steps("update", log.VM, "w1", {"annotation": "old"}, {"annotation": "new"})))
    assert '"new"' not in run("-s", "prod", "--values", "all", "--format", "json").stdout


def test_all_values_of_a_stack_file_and_a_rehearsal_are_shown(project: Repository) -> None:
    token = "q8ZrT2kLm9XvB4nW7pYc"
    project.write("stacks/Pulumi.prod.yaml", f"config:\n  shop:tier: {token}\n")
    project.write("__main__.py", PROGRAM.replace("name=", "driver="))
    asked = ("-s", "prod", "--base", "HEAD", "--untrusted", "--format", "json", "--values")
    assert token not in run(*asked, "safe").stdout
    assert token in run(*asked, "all").stdout


@pytest.mark.parametrize("separator", ["\u2028", "\x85"])
def test_a_line_of_a_log_ends_at_a_newline_and_at_nothing_else(project: Repository, separator: str) -> None:
    lines = log.lines(log.steps("update", log.VM, "w1", {"annotation": "a"}, {"annotation": f"b{separator}c"}))
    project.plays("prod", [line.replace(json.dumps(separator)[1:-1], separator) for line in lines])
    assert not json.loads(run("-s", "prod", "--format", "json").stdout)["stacks"][0]["model"]["run"]["damaged"]
