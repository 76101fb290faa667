"""Noise: what may be left out, what never, and that it is counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from review.build import from_lines
from review.ignore import ignore
from review.model import Action, ChangeModel
from review.settings import Ignore
from tests.unit.review import log

SERVICE = "docker:index/service:Service"
TODAY = date(2026, 11, 24)
OLD: dict[str, Any] = {"labels": [{"label": "seen", "value": "1"}], "name": "web"}
NEW: dict[str, Any] = {"labels": [{"label": "seen", "value": "2"}], "name": "web"}


def rule(path: str = "labels", kind: str = SERVICE, until: date = date(2026, 12, 31)) -> Ignore:
    return Ignore(type=kind, path=path, reason="a controller sets it", until=until, owner="ann")


def updated(old: dict[str, Any], new: dict[str, Any], kind: str = SERVICE) -> ChangeModel:
    return from_lines(log.lines(log.steps("update", kind, "web", old, new)))


@pytest.mark.parametrize(
    "rules", [[rule()], [rule("labels[].value")], [rule("lab*")], [rule(kind="docker:*")], [rule(until=TODAY)]]
)
def test_noise_is_left_out_and_counted(rules: list[Ignore]) -> None:
    model = ignore(updated(OLD, NEW), rules, TODAY)
    assert not model.changed
    assert model.resources[0].action is Action.SAME
    assert model.run.notes == ("ignored, by .review.yaml: 1 difference",)


@pytest.mark.parametrize("rules", [[], [rule("label")], [rule("value")], [rule(kind="vsphere:*")]])
def test_what_no_rule_means_stays(rules: list[Ignore]) -> None:
    model = updated(OLD, NEW)
    assert ignore(model, rules, TODAY) == model


def test_the_rest_of_a_change_stays() -> None:
    model = ignore(updated(OLD, {**NEW, "name": "web2"}), [rule()], TODAY)
    assert [change.path for change in model.changed[0].changes] == ["name"]


def test_a_rule_that_is_over_is_named_with_its_owner() -> None:
    model = ignore(updated(OLD, NEW), [rule(until=date(2026, 11, 23))], TODAY)
    assert model.changed
    assert model.run.notes == (f"`labels` of {SERVICE} was ignored until 2026-11-23; ask ann",)


def test_what_is_left_out_is_left_out_everywhere_beside_a_rule_that_is_over() -> None:
    rules = [rule(), rule("name", until=date(2026, 11, 23))]
    model = ignore(updated(OLD, {**NEW, "name": "web2"}), rules, TODAY)
    assert [change.path for each in model.changed for change in each.changes] == ["name"]
    assert len(model.run.notes) == 2


def test_what_replaces_is_never_noise() -> None:
    steps = log.steps("replace", SERVICE, "web", OLD, NEW, keys=["labels"])
    model = from_lines(log.lines(steps))
    assert ignore(model, [rule()], TODAY) == model


def test_what_reboots_is_never_noise() -> None:
    model = updated({"memory": 4096}, {"memory": 8192}, log.VM)
    assert ignore(model, [rule("memory", log.VM)], TODAY) == model


def test_what_is_concealed_is_never_noise() -> None:
    model = updated({"labels": log.SECRET}, {"labels": "plain"})
    assert model.changed[0].changes[0].concealed
    assert ignore(model, [rule()], TODAY) == model


def test_noise_does_not_change_what_an_approval_is_bound_to() -> None:
    alone = from_lines(log.lines(log.steps("update", log.VM, "w1", {"a": 1}, {"a": 2})))
    both = from_lines(
        log.lines(log.steps("update", log.VM, "w1", {"a": 1}, {"a": 2}), log.steps("update", SERVICE, "web", OLD, NEW))
    )
    assert ignore(both, [rule()], TODAY).fingerprint() == alone.fingerprint() != both.fingerprint()
