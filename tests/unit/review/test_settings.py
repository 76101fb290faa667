"""`.review.yaml`, from text to what the rules are told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import review
from review.build import from_lines
from review.risk import Severity
from review.rules import RULES, assess
from review.rules.classes import CLASSES, kind_of, severity
from review.settings import Settings, parse, schema
from spec.errors import ReviewError
from tests.unit.review import log
from tests.unit.review.repository import grown

TODAY = date(2026, 11, 24)
WHOLE = """
environments: {lab: dev, eu-1: prod}
classes:
  VOLUME-REPLACED: {prod: ack}
  IMAGE-UNPINNED: {dev: block, staging: note}
thresholds: {deleted: 2, deleted_share: 0.1, fleet_share: 1}
acknowledgements: stacks/acks.yaml
policy_packs: [policy]
ignore:
  - {type: "docker:*", path: labels, reason: set by a controller, until: 2026-12-31, owner: ann}
"""


def test_without_a_file_everything_has_its_default() -> None:
    assert parse(None) == parse("") == parse("# nothing\n") == Settings()


def test_a_whole_file() -> None:
    own = parse(WHOLE)
    assert own.acknowledgements == "stacks/acks.yaml"
    assert own.ignore[0].until == date(2026, 12, 31)
    around = own.surroundings("eu-1", TODAY)
    assert (around.environment, around.today, around.thresholds.deleted) == ("prod", TODAY, 2)
    assert around.classes["IMAGE-UNPINNED"] == {"dev": Severity.BLOCK, "staging": Severity.NOTE}


@pytest.mark.parametrize(
    ("stack", "by_hand", "environment"), [("lab", "", "dev"), ("other", "", "other"), ("lab", "prod", "prod")]
)
def test_the_environment_is_by_hand_or_by_the_settings_or_by_the_name(
    stack: str, by_hand: str, environment: str
) -> None:
    assert parse(WHOLE).surroundings(stack, TODAY, by_hand).environment == environment


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "is not YAML"),
        ("[]", ".review.yaml: (the file): "),
        ("enviroments: {}", "enviroments: unknown key (did you mean `environments`?)"),
        ("environments: {a: production}", "environments.a: should be 'dev', 'staging' or 'prod'"),
        ("classes: {NO-RULE: {prod: ack}}", "classes: no such rule: NO-RULE; see `longshore review rules`"),
        ("classes: {VM-REBOOT: {prod: fatal}}", "classes.VM-REBOOT.prod: should be"),
        ("thresholds: {fleet_share: 0}", "thresholds.fleet_share: "),
        ("acknowledgements: /etc/acks", "acknowledgements: should be a path inside the project"),
        ("acknowledgements: a/../../acks", "acknowledgements: should be a path inside the project"),
        ("ignore: [{type: x, path: y, reason: z, owner: me}]", "ignore.0.until: is missing"),
        ("ignore: [{type: x, path: y, reason: z, owner: me, until: soon}]", "ignore.0.until: "),
    ],
)
def test_a_mistake_is_told_with_file_and_path(text: str, says: str) -> None:
    with pytest.raises(ReviewError) as caught:
        parse(text)
    assert says in str(caught.value)
    assert str(caught.value).startswith(".review.yaml")


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ReviewError) as caught:
        parse("a: 1\nb: 2\n", ".review.yaml of main")
    assert str(caught.value).count(".review.yaml of main: ") == 2


def test_the_committed_schema_is_fresh() -> None:
    committed = Path(str(review.__file__)).with_name("settings.schema.json")
    assert committed.read_text() == schema(), "longshore review schema settings > review/settings.schema.json"
    assert json.loads(schema())["additionalProperties"] is False


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_class_of_the_project_stands_for_that_kind_alone(rule: str) -> None:
    own = {rule: {"prod": Severity.NOTE}}
    assert severity(rule, "prod", own) is Severity.NOTE
    assert severity(rule, "some-production", own) is Severity.NOTE
    assert severity(rule, "dev", own) is CLASSES[rule].dev
    assert severity(rule, "qa", own) is CLASSES[rule].staging


def test_the_kind_of_an_environment_nobody_knows_is_production() -> None:
    assert [kind_of(name) for name in ("lab", "uat", "prod", "mars")] == ["dev", "staging", "prod", "prod"]


def test_a_class_of_the_project_reaches_the_risk() -> None:
    around = parse("classes: {VM-REBOOT: {prod: block}}").surroundings("prod", TODAY)
    assert [risk.severity for risk in assess(from_lines(grown()), around)] == [Severity.BLOCK]


@pytest.mark.parametrize(("most", "speaks"), [(2, True), (3, False)])
def test_how_many_deletes_are_too_many_is_a_threshold(most: int, speaks: bool) -> None:
    gone = [log.steps("delete", "docker:index/secret:Secret", f"s{n}", {}) for n in range(3)]
    around = parse(f"thresholds: {{deleted: {most}}}").surroundings("prod", TODAY)
    found = {risk.rule for risk in assess(from_lines(log.lines(*gone)), around)}
    assert ("MASS-DELETE" in found) is speaks


@pytest.mark.parametrize(("share", "speaks"), [(0.5, True), (0.6, False)])
def test_how_much_of_a_pool_is_too_much_is_a_threshold(share: float, speaks: bool) -> None:
    replaced = [log.steps("replace", log.VM, f"shop-w-{n}", {}, {}, keys=["clone"]) for n in (1, 2)]
    same = [log.steps("same", log.VM, f"shop-w-{n}", {}) for n in (3, 4)]
    around = parse(f"thresholds: {{fleet_share: {share}}}").surroundings("prod", TODAY)
    found = {risk.rule for risk in assess(from_lines(log.lines(*replaced, *same)), around)}
    assert ("VM-FLEET-REPLACED" in found) is speaks
