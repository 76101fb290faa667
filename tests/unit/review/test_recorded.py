"""Logs that the real engine wrote, of a program of two components and a secret, and the models they make.

`declassify` is of a program that takes the secret's mark and the protection off one resource.
Recorded with pulumi 3.274 on a file backend: `pulumi preview --event-log`, the debug messages left out.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from review.build import from_lines
from review.events import read
from review.gate import Verdict
from review.report.content import StackReview
from review.risk import Surroundings
from tests.conftest import Golden

FOLDER = Path(__file__).with_name("recorded")
NAMES = sorted(file.stem for file in FOLDER.glob("*.jsonl"))


def lines(name: str) -> list[str]:
    return (FOLDER / f"{name}.jsonl").read_text().splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_the_model_of_a_recorded_log(name: str, golden: Golden) -> None:
    model = from_lines(lines(name)).model_dump(mode="json", exclude_defaults=True)
    golden.check(f"review/recorded-{name}.json", json.dumps(model, indent=2, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_recorded_log_is_unknown_or_damaged(name: str) -> None:
    found = read(lines(name)).lines
    assert (found.damaged, found.unknown, found.cut_off) == (0, [], False)


@pytest.mark.parametrize("name", NAMES)
def test_the_model_counts_as_the_engine_does(name: str) -> None:
    model = from_lines(lines(name))
    assert Counter(each.action.value for each in model.resources) == model.run.counts


def test_a_secret_that_is_plain_now_is_the_same_to_the_engine_and_blocks_all_the_same() -> None:
    found = StackReview.of(from_lines(lines("declassify")), Surroundings(environment="prod"))
    assert found.model.changed == ()
    assert [risk.rule for risk in found.risks] == ["SECRET-DECLASSIFIED", "PROTECT-REMOVED"]
    assert found.verdict is Verdict.BLOCKED
    assert "hunter2" not in found.model.model_dump_json()


@pytest.mark.parametrize("name", NAMES)
def test_a_log_cut_anywhere_still_makes_a_model(name: str) -> None:
    text = "\n".join(lines(name))
    for end in range(0, len(text), 997):
        from_lines(text[:end].split("\n"))
