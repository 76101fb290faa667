"""A report without values says of the same change the same things, but for the values."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.review import review
from review.build import from_lines
from review.gate import Verdict
from review.marks import COMPUTED, HIDDEN, SEALED
from review.model import Change, ChangeModel, Drift
from review.report import data
from review.report.content import Review
from review.report.dialect import GITHUB
from review.report.plan import fit
from review.withhold import withheld
from tests.unit.review import log, stories

OLD = {"name": "w1", "memory": 4096, "memoryHotAddEnabled": True, "note": "Zq-old-Qz", "n": 7, "tags": {"a": ["Zq-in"]}}
NEW = {**OLD, "memory": 8192, "note": "Zq-new-Qz", "n": 8, "tags": {"a": ["Zq-out"]}}
STEPS = log.steps("update", log.VM, "w1", OLD, NEW)


def test_no_value_is_left_but_every_path_is() -> None:
    plain = from_lines(log.lines(STEPS))
    bare = withheld(plain)
    assert "Zq-" not in bare.model_dump_json()
    paths = [change.path for change in bare.resources[0].changes]
    assert paths == ["memory", "n", "note", "tags.a[0]"] == [change.path for change in plain.resources[0].changes]
    assert bare.changed == bare.resources
    assert {change.after for change in bare.resources[0].changes if change.path != "memory"} == {HIDDEN}


@pytest.mark.parametrize("story", [stories.template_bump, stories.image_bump, stories.cluster])
def test_what_happens_is_counted_and_judged_as_before(story: object) -> None:
    assert callable(story)
    full = stories.stack_of("prod", story())
    bare = replace(full, model=withheld(full.model))
    assert (bare.verdict, bare.risks, bare.counts()) == (full.verdict, full.risks, full.counts())
    assert [each.urn for each in bare.rebooting] == [each.urn for each in full.rebooting]
    assert "hostname" not in fit(Review((bare,)), GITHUB)


def test_a_machine_that_grows_while_it_runs_does_not_reboot_for_want_of_values() -> None:
    stack = stories.stack_of("prod", [STEPS])
    assert replace(stack, model=withheld(stack.model)).counts() == stack.counts() == (0, 1, 0, 0, 0)


@pytest.mark.parametrize("mark", [SEALED, COMPUTED, None, True, ""])
def test_marks_and_what_says_nothing_stay(mark: object) -> None:
    change = Change(path="a", kind="update", before=mark, after="Zq")
    model = withheld(ChangeModel(outputs=(change,)))
    assert (model.outputs[0].before, model.outputs[0].after) == (mark, HIDDEN)


def test_drift_has_no_values_either() -> None:
    change = Change(path="a", kind="update", before="Zq-a", after={"b": "Zq-c"})
    drift = Drift(urn="u", type="t", name="n", kind="update", changes=(change,))
    assert "Zq-" not in withheld(ChangeModel(drift=(drift,))).model_dump_json()


@pytest.mark.parametrize(("values", "told"), [("none", False), ("safe", True), ("all", True)])
def test_the_values_shown_decide_neither_the_verdict_nor_what_is_acknowledged(
    tmp_path: Path, values: str, told: bool
) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(log.lines(*stories.template_bump())))
    result = CliRunner().invoke(review, ["show", str(file), "--values", values, "--format", "json"])
    content = json.loads(result.stdout)
    usual = json.loads(data.render(Review((stories.stack_of("prod", stories.template_bump()),))))
    assert result.exit_code == Verdict.BLOCKED
    assert [risk["id"] for risk in content["stacks"][0]["risks"]] == [
        risk["id"] for risk in usual["stacks"][0]["risks"]
    ]
    assert ("debian-12-v2" in result.stdout) is told


@pytest.mark.parametrize(("values", "shown"), [("none", False), ("safe", False), ("all", True)])
def test_a_value_that_looks_like_a_secret_is_told_whichever_values_are_shown(
    tmp_path: Path, values: str, shown: bool
) -> None:
    file = tmp_path / "events.jsonl"
    token = "q8ZrT2kLm9XvB4nW7pYc"
    file.write_text("\n".join(log.lines(log.steps("update", log.VM, "w1", {"note": "a"}, {"note": token}))))
    result = CliRunner().invoke(review, ["show", str(file), "--values", values])
    assert result.exit_code == Verdict.ACK
    assert "SECRET-IN-PLAIN" in result.stdout
    assert (token in result.stdout) is shown
