"""All judgements together: on recorded lists of a real Swarm, and on what layers and outages make of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drift.finding import Harm, Report
from drift.judge import judge
from drift.observed import Observed
from drift.refreshed import Refresh, Refreshed, read
from tests.unit.drift.made import NOW, machine, node, resource, seen_node, seen_service, seen_task, userdata

FOLDER = Path(__file__).parent / "recorded"
SWARM: dict[str, Any] = json.loads((FOLDER / "swarm.json").read_text())
CLUSTER = resource("cluster", "shop-swarm", {"swarmId": "s"})


def engine(name: str, ready: bool = True) -> Refreshed:
    return resource("engine", f"{name}-engine", {"ready": True}, {"ready": ready}, declared={"name": name})


def kinds(report: Report) -> set[tuple[str, str]]:
    return {(each.kind, each.subject) for each in report.findings}


def judged(*resources: Refreshed, observed: Observed | None = None, **refresh: Any) -> Report:
    return judge("dev", Refresh(list(resources), **refresh), observed or Observed(at=NOW))


def test_what_was_done_by_hand_to_a_real_swarm_is_told_apart() -> None:
    refresh = read((FOLDER / "refresh.jsonl").read_text().splitlines())
    at = datetime(2026, 11, 24, 20, 21, tzinfo=UTC)
    observed = Observed(**{key: SWARM[key] for key in ("nodes", "services", "tasks", "secrets", "configs")}, at=at)
    report = judge("lab", refresh, observed)
    found = kinds(report)
    assert {
        ("node-availability", "lab-workers-2"),
        ("node-label", "lab-workers-2"),
        ("machine-moved", "lab-managers-1"),
        ("service-rolled-back", "worker"),
        ("secret-orphan", "orphan"),
        ("task-moved", "worker"),
    } <= found
    harmless = {each.kind for each in report.findings if each.harm is Harm.HARMLESS}
    assert harmless == {"machine-moved", "task-moved"}
    assert report.exit_code == 9


def test_a_stack_as_deployed_is_clean() -> None:
    observed = Observed(nodes=[seen_node("w1")], services=[seen_service("web", 1)], tasks=[seen_task("web")], at=NOW)
    report = judged(
        CLUSTER,
        machine("w1"),
        engine("w1"),
        node("w1"),
        resource("service", "web", {"id": "id-web"}),
        observed=observed,
    )
    assert report.findings == ()
    assert report.exit_code == 0


def test_harmless_drift_is_exit_code_0() -> None:
    report = judged(machine("w1", now={"hostSystemId": "host-2"}))
    assert (report.harmful, report.harmless, report.exit_code) == (0, 1, 0)


def test_harmful_findings_come_first() -> None:
    report = judged(machine("a", now={"hostSystemId": "host-2"}), machine("z", gone=True))
    assert [each.kind for each in report.findings] == ["machine-gone", "machine-moved"]


def test_a_node_that_is_down_is_told_once_not_by_its_engine_again() -> None:
    down = Observed(nodes=[seen_node("w1", state="down")], at=NOW)
    assert kinds(judged(CLUSTER, engine("w1", ready=False), node("w1"), observed=down)) == {("node-down", "w1")}


def test_an_engine_that_is_away_while_the_swarm_hears_the_node_is_told() -> None:
    heard = Observed(nodes=[seen_node("w1")], at=NOW)
    assert kinds(judged(CLUSTER, engine("w1", ready=False), node("w1"), observed=heard)) == {("engine-away", "w1")}


def test_without_a_manager_the_rest_is_judged_all_the_same() -> None:
    silent = Observed(unreachable="m1: no route to host", at=NOW)
    report = judged(CLUSTER, machine("m1", gone=True), node("m1", "manager"), observed=silent)
    assert kinds(report) == {("machine-gone", "m1"), ("swarm-unreachable", "swarm")}
    assert any("m1: no route to host" in each.what for each in report.findings)


STRANGERS = Observed(nodes=[seen_node("w1")], services=[seen_service("web", 0)], secrets=[
    {"ID": "x", "Spec": {"Name": "left-over"}, "CreatedAt": ""}
], at=NOW)  # fmt: skip


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([CLUSTER, node("w1")], {("service-unknown", "web"), ("secret-orphan", "left-over")}),
        ([CLUSTER, node("w1"), resource("stack", "dev", {"contract": {"hash": "sha256:1"}})], set()),
        ([], {("secret-orphan", "left-over")}),
    ],
    ids=["whole", "platform", "services"],
)
def test_a_layer_answers_only_for_what_it_makes(resources: list[Refreshed], expected: set[tuple[str, str]]) -> None:
    assert kinds(judged(*resources, observed=STRANGERS)) == expected


def test_an_edited_setting_is_held_against_the_machines_birth() -> None:
    born = machine("w1", declared={"extraConfig": {"guestinfo.userdata": userdata({"log-driver": "json-file"})}})
    observed = Observed(nodes=[], daemons={"w1": '{"log-driver": "local"}'}, at=NOW)
    assert ("engine-setting", "w1") in kinds(judged(born, engine("w1"), observed=observed))


def test_a_refresh_that_failed_in_part_says_of_what() -> None:
    urn = "urn:pulumi:dev::longshore::docker:index/network:Network::net"
    assert ("not-asked", "net") in kinds(judged(unanswered={urn: "no route to host"}))
