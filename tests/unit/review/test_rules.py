"""Every rule, on logs where it must speak and on logs where it must be silent."""

from __future__ import annotations

import pytest

from review.risk import Severity
from review.rules import FAMILIES, RULES
from review.rules.classes import CLASSES, severity
from tests.unit.review import fixtures

CASES = list(fixtures.cases())


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}-{'speaks' if case.says else 'silent'}" for case in CASES])
def test_a_rule_speaks_when_it_should_and_only_then(case: fixtures.Case) -> None:
    found = [risk for risk in fixtures.risks(case.body) if risk.rule == case.rule]
    if case.says is None:
        assert not found
        return
    said = [risk for risk in found if case.says in risk.what]
    assert said, [risk.what for risk in found]
    assert case.body.get("why", "") in said[0].why
    assert said[0].severity is Severity[case.body.get("severity", said[0].severity.name)]


def test_every_rule_has_a_fixture_of_both_kinds_a_class_and_documentation() -> None:
    assert {case.rule for case in CASES if case.says} == set(RULES)
    assert {case.rule for case in CASES if not case.says} == set(RULES)
    assert set(CLASSES) == set(RULES)
    assert all(rule.title.endswith(".") and rule.text for rule in RULES.values())


def test_every_family_has_a_file_of_fixtures_with_its_own_rules() -> None:
    names = {family.__name__.rpartition(".")[2] for family in FAMILIES}
    assert names == {rule.family for rule in RULES.values()}
    assert names == {file.stem for file in fixtures.FOLDER.glob("*.yaml")}


def test_no_rule_is_milder_in_production_than_in_staging_or_in_staging_than_in_development() -> None:
    assert all(classes.dev <= classes.staging <= classes.prod for classes in CLASSES.values())


def test_an_environment_nobody_knows_is_taken_for_production() -> None:
    assert severity("VM-REBOOT", "emea-3") is severity("VM-REBOOT", "prod") is Severity.ACK
    assert severity("VM-REBOOT", "lab") is Severity.WARN


def test_a_risk_s_identifier_follows_the_change() -> None:
    def identifier(memory: int) -> str:
        step = {"op": "update", "type": "vm", "name": "w1", "old": {"memory": 4096}, "new": {"memory": memory}}
        return fixtures.risks({"steps": [step]})[0].id

    assert identifier(2048) == identifier(2048) != identifier(1024)
