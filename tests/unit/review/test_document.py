"""docs/rules.md says what the rules say."""

from __future__ import annotations

from review.rules import RULES
from review.rules.classes import CLASSES
from review.rules.document import FAMILIES, document
from tests.conftest import Golden


def test_the_committed_page_is_fresh(golden: Golden) -> None:
    golden.check("../../docs/rules.md", document())


def test_every_rule_is_on_it_with_its_classes() -> None:
    page = document()
    for rule in RULES.values():
        section = page.partition(f"\n### {rule.id}\n")[2].partition("\n### ")[0]
        assert rule.title in section
        assert rule.text in section
        assert f"prod: {CLASSES[rule.id].prod.word}" in section
        assert rule.source in section
    assert page.count("\n### ") == len(RULES)


def test_every_family_has_a_title_and_rules() -> None:
    assert {rule.family for rule in RULES.values()} == set(FAMILIES)
