"""Event logs that the real engine wrote on the lab, the models they make, and the reports a reviewer gets of them.

Recorded by `python -m tests.live.record`, shortened by `python -m tests.live.scrub`; judged as in production.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest

from review.build import from_lines
from review.events import read
from review.gate import Verdict
from review.redact import Redactor
from review.report.content import Review, StackReview
from review.report.detail import Detail
from review.report.dialect import GITHUB
from review.report.markdown import render
from review.risk import Surroundings
from tests.conftest import GOLDEN, Golden

FOLDER = GOLDEN / "review" / "logs"
NAMES = sorted(file.stem for file in FOLDER.glob("*.jsonl"))
NO_ROLLBACK = ["PORT-PUBLIC", *["SERVICE-NO-ROLLBACK"] * 3]
EXPECTED: dict[str, tuple[Verdict, list[str]]] = {
    "create": (Verdict.ACK, ["DOCKER-PROVIDER-HOST-UNKNOWN", *NO_ROLLBACK]),
}


def lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.jsonl").read_text().splitlines()


def reviewed(name: str) -> StackReview:
    return StackReview.of(from_lines(lines(name)), Surroundings(environment="prod"))


@pytest.mark.parametrize("name", NAMES)
def test_the_model_of_a_recorded_log(name: str, golden: Golden) -> None:
    model = from_lines(lines(name)).model_dump(mode="json", exclude_defaults=True)
    golden.check(f"review/logs/{name}.model.json", json.dumps(model, indent=1, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("name", NAMES)
def test_the_report_of_a_recorded_log(name: str, golden: Golden) -> None:
    text = render(Review((reviewed(name),), project="longshore"), GITHUB, Detail.FULL)
    golden.check(f"review/logs/{name}.github.md", Redactor().verify(text))


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_and_the_risks(name: str) -> None:
    review = reviewed(name)
    assert (review.verdict, [risk.rule for risk in review.open_risks]) == EXPECTED[name]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_recorded_log_is_unknown_or_damaged(name: str) -> None:
    found = read(lines(name)).lines
    assert (found.damaged, found.unknown, found.cut_off) == (0, [], False)


@pytest.mark.parametrize("name", NAMES)
def test_the_model_counts_as_the_engine_does(name: str) -> None:
    model = from_lines(lines(name))
    counts = {op: count for op, count in model.run.counts.items() if op != "refresh"}
    if not model.run.failed:
        assert Counter(each.action.value for each in model.resources) == counts


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_log_names_no_place_of_the_machine_it_was_made_on(name: str) -> None:
    text = "\n".join(lines(name))
    assert not [word for word in ("/tmp/", "/root/", "/home/", "PRIVATE KEY", "SWMTKN") if word in text]
