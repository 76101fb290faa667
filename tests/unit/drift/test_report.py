"""A report's two faces: JSON with a committed schema, and a table."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from drift.finding import HARMFUL_EXIT, Finding, Harm, Report, in_order
from drift.schema import schema
from drift.table import show, summary
from tests.conftest import ROOT

TEXT = st.text(max_size=12)
FINDINGS = st.builds(
    Finding,
    kind=st.sampled_from(["node-label", "task-moved"]),
    harm=st.sampled_from(list(Harm)),
    subject=TEXT,
    what=TEXT,
    against=TEXT,
    up=TEXT,
    fix=TEXT,
)


def finding(harm: Harm = Harm.HARMFUL, **more: str) -> Finding:
    texts = {"kind": "node-label", "subject": "w1", "what": "it differs", "against": "before", "up": "sets it back"}
    return Finding(harm=harm, **{**texts, "fix": "look", **more})


def shown(report: Report) -> str:
    out = Console(width=250, record=True, file=io.StringIO())
    show(report, out)
    return out.export_text()


def test_the_committed_schema_is_fresh() -> None:
    assert (ROOT / "drift" / "schema.json").read_text() == schema(), "write drift.schema.schema() there"


def test_every_field_of_the_json_is_described() -> None:
    described = json.loads(schema())
    for model in (described, described["$defs"]["Finding"]):
        assert all("description" in field or "$ref" in field for field in model["properties"].values())
        assert set(model["required"]) >= set(model["properties"]) - {"version", "findings"}


def test_the_json_is_what_the_schema_says() -> None:
    report = json.loads(Report(stack="dev", findings=(finding(), finding(Harm.HARMLESS))).model_dump_json())
    assert set(report) == set(json.loads(schema())["properties"])
    assert (report["version"], report["harmful"], report["harmless"]) == (1, 1, 1)
    assert set(report["findings"][0]) == set(json.loads(schema())["$defs"]["Finding"]["properties"])


@given(st.lists(FINDINGS, max_size=8))
def test_counts_and_exit_code_agree_with_the_findings(findings: list[Finding]) -> None:
    report = Report(stack="dev", findings=in_order(findings))
    harmful = [each for each in report.findings if each.harm is Harm.HARMFUL]
    assert (report.harmful, report.harmless) == (len(harmful), len(report.findings) - len(harmful))
    assert report.exit_code == (HARMFUL_EXIT if harmful else 0)
    assert list(report.findings[: len(harmful)]) == harmful
    assert set(report.findings) == set(findings)


@given(st.lists(FINDINGS, max_size=8), st.randoms())
def test_the_order_of_finding_does_not_matter(findings: list[Finding], chance: Any) -> None:
    shuffled = findings.copy()
    chance.shuffle(shuffled)
    ours, theirs = in_order(findings), in_order(shuffled)
    assert [(each.harm, each.subject, each.kind, each.what) for each in ours] == [
        (each.harm, each.subject, each.kind, each.what) for each in theirs
    ]


def test_a_table_has_every_sentence_and_a_last_line() -> None:
    text = shown(Report(stack="dev", findings=(finding(), finding(Harm.HARMLESS, what="elsewhere"))))
    for word in (
        "harmful",
        "harmless",
        "node-label",
        "w1",
        "it differs",
        "elsewhere",
        "before",
        "sets it back",
        "look",
    ):
        assert word in text
    assert text.rstrip().endswith("stack dev: 1 harmful, 1 harmless")


@pytest.mark.parametrize("text", ["disks[0].size", "[/]", "[red]x[/red]"])
def test_what_looks_like_markup_is_shown_as_it_is(text: str) -> None:
    assert text in shown(Report(stack="dev", findings=(finding(what=text),)))


def test_nothing_found_is_one_line() -> None:
    assert summary(Report(stack="dev")) == "stack dev: no drift"
    assert shown(Report(stack="dev")).strip() == "stack dev: no drift"
