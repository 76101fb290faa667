"""docs/policies.md says what the policies say."""

from __future__ import annotations

from policy.document import document
from policy.rule import POLICIES
from tests.conftest import Golden


def test_the_committed_page_is_fresh(golden: Golden) -> None:
    golden.check("../../docs/policies.md", document())


def test_every_policy_is_on_it() -> None:
    page = document()
    for policy in POLICIES.values():
        section = page.partition(f"\n## {policy.id}\n")[2].partition("\n## ")[0]
        assert policy.title in section
        assert policy.fix in section
        assert f"prod: {policy.levels.prod}" in section
        assert all(kind in section for kind in policy.types)
    assert page.count("\n## ") == len(POLICIES)
