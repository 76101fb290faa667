"""Services: a rollback that nobody noticed, a change by hand, one that is gone or not ours."""

from __future__ import annotations

from typing import Any

import pytest

from drift.finding import Finding, Harm
from drift.refreshed import Refreshed
from drift.services import service_drift
from tests.unit.drift.made import resource, seen_service

DONE = "2026-11-24T20:20:26.431009867Z"


def declared(name: str = "web", paths: tuple[str, ...] = ()) -> Refreshed:
    return resource("service", name, {"id": f"id-{name}"}, paths=paths)


def found(ours: Refreshed, *services: Any, strangers: bool = True) -> list[Finding]:
    return list(service_drift([ours], services, strangers))


def only(ours: Refreshed, *services: Any) -> Finding:
    [finding] = found(ours, *services)
    assert finding.harm is Harm.HARMFUL
    return finding


@pytest.mark.parametrize("state", [None, "completed", "updating"])
def test_a_service_as_declared_is_no_finding(state: str | None) -> None:
    assert found(declared(), seen_service("web", status={"State": state} if state else None)) == []


def test_a_rollback_is_told_with_when_and_why() -> None:
    status = {"State": "rollback_completed", "CompletedAt": DONE, "Message": "rollback completed"}
    finding = only(declared(paths=("taskSpec.containerSpec.image",)), seen_service("web", status=status))
    assert (finding.kind, finding.subject) == ("service-rolled-back", "web")
    assert "was rolled back at 2026-11-24T20:20:26Z: rollback completed" in finding.what
    assert "taskSpec.containerSpec.image differ" in finding.against
    assert "rolls the declared service out again" in finding.up


def test_a_rollback_to_what_is_declared_leaves_up_nothing_to_do() -> None:
    finding = only(declared(), seen_service("web", status={"State": "rollback_started", "StartedAt": DONE}))
    assert "is being rolled back" in finding.what
    assert "runs what that declared" in finding.against
    assert finding.up.startswith("nothing")


@pytest.mark.parametrize(
    ("state", "words"), [("paused", "an update was paused"), ("rollback_paused", "a rollback was paused")]
)
def test_what_stopped_half_way_is_stuck(state: str, words: str) -> None:
    finding = only(declared(), seen_service("web", status={"State": state}))
    assert finding.kind == "service-stuck"
    assert words in finding.what
    assert "at an unknown time" in finding.what


def test_a_change_by_hand_is_told_with_its_paths_and_when() -> None:
    finding = only(declared(paths=("mode.replicated.replicas",)), seen_service("web"))
    assert finding.kind == "service-changed"
    assert "mode.replicated.replicas" in finding.what
    assert "2026-11-24T20:00:00Z" in finding.against


def test_a_rolled_back_service_is_not_told_twice() -> None:
    rolled = seen_service("web", status={"State": "rollback_completed"})
    assert len(found(declared(paths=("taskSpec",)), rolled)) == 1


def test_a_removed_service_is_gone() -> None:
    assert only(declared()).kind == "service-gone"


def test_a_service_made_by_hand_is_told_where_the_swarm_is_the_stacks_own() -> None:
    finding = only(declared(), seen_service("web"), seen_service("debug"))
    assert (finding.kind, finding.subject) == ("service-unknown", "debug")
    assert found(declared(), seen_service("web"), seen_service("debug"), strangers=False) == []


def test_one_that_was_made_anew_under_its_name_is_both_gone_and_unknown() -> None:
    anew = seen_service("web") | {"ID": "id-other"}
    assert {each.kind for each in found(declared(), anew)} == {"service-gone", "service-unknown"}
