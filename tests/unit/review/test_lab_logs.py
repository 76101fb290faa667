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
NO_ROLLBACK = ["SERVICE-NO-ROLLBACK"] * 3
EXPECTED: dict[str, tuple[Verdict, list[str]]] = {
    "create": (Verdict.ACK, ["DOCKER-PROVIDER-HOST-UNKNOWN", "PORT-PUBLIC", *NO_ROLLBACK]),
    "delete": (
        Verdict.BLOCKED,
        [
            *("MASS-DELETE", "NETWORK-REPLACED", "SWARM-IDENTITY-LOST", "SWARM-QUORUM-LOST"),
            *("VM-FLEET-REPLACED", "VM-FLEET-REPLACED", "PROVIDER-CHANGED"),
            *("SERVICE-RECREATED", "SERVICE-RECREATED", "SERVICE-RECREATED", "VM-REPLACED"),
        ],
    ),
    "drift": (Verdict.UNCHANGED, []),
    "failed": (Verdict.FAILED, []),
    "image-bump": (Verdict.ACK, ["IMAGE-UNPINNED", "SERVICE-NO-ROLLBACK"]),
    "import": (Verdict.OK, []),
    "memory-shrink": (Verdict.BLOCKED, ["VM-REBOOT-FLEET", "VM-REBOOT"]),
    "policy": (Verdict.BLOCKED, []),
    "replica-change": (Verdict.OK, ["SERVICE-NO-ROLLBACK"]),
    "secret-rotation": (Verdict.OK, ["SECRET-ROTATED", *NO_ROLLBACK]),
    "template-generation": (
        Verdict.BLOCKED,
        ["SWARM-QUORUM-LOST", "VM-FLEET-REPLACED", "DOCKER-PROVIDER-HOST-UNKNOWN", "VM-REPLACED", *NO_ROLLBACK],
    ),
    "volume-label": (Verdict.BLOCKED, ["VOLUME-REPLACED"]),
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
    if name == "drift":  # it counts what it refreshed
        assert (model.resources, len(model.drift)) == ((), model.run.counts["update"])
    else:
        assert Counter(each.action.value for each in model.resources) == model.run.counts


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_log_names_no_place_of_the_machine_it_was_made_on(name: str) -> None:
    text = "\n".join(lines(name))
    assert not [word for word in ("/tmp/", "/root/", "/home/", "PRIVATE KEY", "SWMTKN") if word in text]


def test_what_a_refresh_found_is_drift() -> None:
    (found,) = from_lines(lines("drift")).drift
    assert (found.name, found.kind) == ("worker", "update")
    assert [(each.path, each.before, each.after) for each in found.changes] == [("mode.replicated.replicas", 2, 3)]


def test_both_orders_of_a_replacement_are_told() -> None:
    orders = {
        each.name: each.order
        for name in ("secret-rotation", "template-generation")
        for each in from_lines(lines(name)).changed
        if each.order
    }
    assert (orders["cache-password"], orders["lab-core-1"]) == ("create-first", "delete-first")


def test_a_policy_that_fails_leaves_the_preview_whole() -> None:
    model = from_lines(lines("policy"))
    assert not model.run.failed
    assert StackReview.of(model).level == "critical"
    assert {each.urn.rpartition("::")[2] for each in model.policies.violations} == {"web", "worker"}
    assert (model.policies.failed, model.policies.passed) == (2, 29)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("image-bump", "**IMAGE-UNPINNED** (lab) `web`"),
        ("replica-change", "`mode.replicated.replicas` 2 → 3"),
        (
            "template-generation",
            "2 of 3 managers (`lab-core-1`, `lab-core-2`) are away in the same update; quorum needs 2",
        ),
        ("memory-shrink", "`memory` 8192 → 4096 MiB: memory can't be taken from a running machine"),
        ("volume-label", "volume `data` is replaced (deleted first) with all its data. Only a label changes."),
        ("secret-rotation", "`cache-password` gets another content"),
        ("failed", "target.template: no-such-template"),
        ("policy", "`limits-set` (mandatory, lab) `web`"),
        ("drift", "Drift in lab: 1 (not caused by this change)"),
    ],
)
def test_the_sentence_that_matters(name: str, sentence: str) -> None:
    assert sentence in render(Review((reviewed(name),)), GITHUB, Detail.FULL)
