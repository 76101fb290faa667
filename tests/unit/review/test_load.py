"""What a review wrote is read back without loss."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from review.report import data
from review.report.content import StackReview
from review.report.load import load
from spec.errors import ReviewError
from tests.unit.review import stories


def written(folder: Path, content: Any, name: str = "review.json") -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def model(stack: str) -> Any:
    found = stories.stack_of(stack, stories.template_bump())
    return found.model.model_dump(mode="json")


def test_a_report_is_read_back_as_it_was(tmp_path: Path) -> None:
    review = stories.three_stacks()
    stack = review.stacks[2]
    pending, remarks = frozenset({stack.model.changed[0].urn}), ("an acknowledgement is void",)
    taken = replace(stack, acknowledged=[stack.risks[-1].id], pending=pending, remarks=remarks)
    review = replace(review, stacks=(*review.stacks[:2], taken))
    text = data.render(review)
    assert data.render(load([written(tmp_path, text)])) == text


def test_every_field_of_a_stacks_review_is_read_back() -> None:
    known = {"model", "risks", "environment", "acknowledged", "pending", "remarks"}
    assert {each.name for each in fields(StackReview)} == known


def test_a_model_is_assessed_by_its_stacks_name(tmp_path: Path) -> None:
    found = load([written(tmp_path, model("prod"))]).stacks[0]
    assert found == stories.stack_of("prod", stories.template_bump())


def test_a_directory_stands_for_its_report_or_its_models(tmp_path: Path) -> None:
    for stack in ("prod", "dev"):
        written(tmp_path, model(stack), f"{stack}.model.json")
    written(tmp_path, "no JSON", "notes.txt")
    assert [stack.name for stack in load([tmp_path]).stacks] == ["dev", "prod"]
    written(tmp_path, data.render(stories.unchanged()))
    assert [stack.name for stack in load([tmp_path]).stacks] == ["prod"]


def test_a_report_on_no_stack_is_one_without_changes(tmp_path: Path) -> None:
    """What a review writes when a change touches no stack."""
    report = json.loads(data.render(stories.unchanged())) | {"stacks": [], "project": ""}
    found = load([written(tmp_path, report)])
    assert (found.stacks, found.project, found.headline()) == ((), "", "no change")


def test_several_files_are_one_review(tmp_path: Path) -> None:
    report = written(tmp_path, data.render(stories.three_stacks()))
    other = written(tmp_path, model("qa"), "qa.model.json")
    found = load([other, report])
    assert [stack.name for stack in found.stacks] == ["qa", "dev", "staging", "prod"]
    assert (found.project, found.head, found.base) == ("shop", "3f2c1ab9", "9a0b1c2d")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        {"version": "longshore.review/2"},
        {"version": "longshore.review/1", "resources": [{"urn": 1}]},
        {"version": "longshore.review.report/1"},
        {"version": "longshore.review.report/1", "stacks": [{"risks": [], "environment": ""}]},
        {"version": "longshore.review.report/1", "stacks": [{"risks": [{"rule": "A", "id": "A-1"}]}]},
    ],
)
def test_what_is_neither_a_report_nor_a_model_is_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(ReviewError, match="is neither a report nor a change model"):
        load([written(tmp_path, content)])


def test_a_grade_that_no_risk_has_is_refused(tmp_path: Path) -> None:
    report = json.loads(data.render(stories.three_stacks()))
    report["stacks"][2]["risks"][0]["severity"] = "harmless"
    with pytest.raises(ReviewError, match="is neither"):
        load([written(tmp_path, report)])


def test_a_missing_file_and_an_empty_directory_are_told(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match="No such file"):
        load([tmp_path / "none.json"])
    with pytest.raises(ReviewError, match="there is no report in it"):
        load([tmp_path])
