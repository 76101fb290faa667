"""Secrets and configs without a user: told, unless a rollback may still need them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift.finding import Harm
from drift.orphans import orphan_drift
from tests.unit.drift.made import seen_service, template

NAMES = st.sets(st.sampled_from("abcdef"))


def stored(name: str, stack: str = "") -> dict[str, Any]:
    labels = {"longshore.stack": stack, "longshore.name": name} if stack else {}
    return {"ID": f"id-{name}", "Spec": {"Name": name, "Labels": labels}, "CreatedAt": "2026-11-24T20:00:00.1Z"}


def orphans(services: list[Any], secrets: str = "", configs: str = "", ours: str = "") -> list[tuple[str, str]]:
    objects = {"secret": [stored(name) for name in secrets], "config": [stored(name) for name in configs]}
    found = orphan_drift(services, objects, {f"id-{name}" for name in ours})
    return [(each.kind, each.subject) for each in found]


@pytest.mark.parametrize("kind", ["secret", "config"])
def test_one_that_nobody_uses_and_nobody_made_harms(kind: str) -> None:
    [finding] = orphan_drift([seen_service("web")], {kind: [stored("left-over")]}, set())
    assert (finding.kind, finding.harm, finding.subject) == (f"{kind}-orphan", Harm.HARMFUL, "left-over")
    assert f"docker {kind} rm left-over" in finding.fix
    assert "2026-11-24T20:00:00Z" in finding.against


def test_what_a_service_uses_is_no_orphan() -> None:
    web = seen_service("web", secrets=["id-a"], configs=["id-b"])
    assert orphans([web], secrets="a", configs="b") == []


def test_a_secret_does_not_hide_behind_a_config_of_the_same_identifier() -> None:
    assert orphans([seen_service("web", configs=["id-a"])], secrets="a") == [("secret-orphan", "a")]


def test_what_a_rollback_would_need_is_no_orphan() -> None:
    web = seen_service("web", secrets=["id-new"]) | {"PreviousSpec": {"TaskTemplate": template(secrets=["id-a"])}}
    assert orphans([web], secrets="a") == []
    assert orphans([web | {"PreviousSpec": None}], secrets="a") == [("secret-orphan", "a")]


def test_what_the_stack_made_is_no_orphan_even_when_unused() -> None:
    assert orphans([], secrets="ab", configs="a", ours="a") == [("secret-orphan", "b")]


def test_kept_generations_are_their_own_stacks_matter() -> None:
    objects = {"secret": [stored("a", "longshore/dev"), stored("b", "longshore/gone")]}
    assert [each.subject for each in orphan_drift([], objects, set(), {"longshore/dev"})] == ["b"]


def test_a_service_without_containers_uses_nothing() -> None:
    plugin = {"ID": "id-p", "Spec": {"Name": "p", "TaskTemplate": {"PluginSpec": {}}}}
    assert orphans([plugin], secrets="a") == [("secret-orphan", "a")]


@given(NAMES, NAMES, NAMES, NAMES)
def test_orphans_are_what_is_left_over(stored_: set[str], used: set[str], before: set[str], ours: set[str]) -> None:
    web = seen_service("web", secrets=[f"id-{each}" for each in used])
    web["PreviousSpec"] = {"TaskTemplate": template(secrets=[f"id-{each}" for each in before])}
    found = orphans([web], secrets="".join(sorted(stored_)), ours="".join(ours))
    assert {name for _, name in found} == stored_ - used - before - ours
