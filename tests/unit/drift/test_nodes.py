"""Nodes: what a hand or a fault did to them, each told by its own name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift.finding import Finding, Harm
from drift.nodes import node_drift
from tests.unit.drift.made import node, seen_node

TEXT = st.text("abc", min_size=1, max_size=2)
LABELS = st.dictionaries(TEXT, TEXT, max_size=4)


def only(declared: Any, *seen: Any) -> Finding:
    [finding] = node_drift([declared], seen)
    assert finding.harm is Harm.HARMFUL
    return finding


def test_nodes_as_declared_are_no_finding() -> None:
    declared = [node("m1", "manager"), node("w1"), node("w2", availability="drain")]
    seen = [seen_node("m1", "manager"), seen_node("w1"), seen_node("w2", Availability="drain")]
    assert list(node_drift(declared, seen)) == []


@pytest.mark.parametrize(
    ("declared", "seen", "words"),
    [
        ("active", "drain", "it is drained"),
        ("active", "pause", "it is paused"),
        ("drain", "active", "it is active again"),
        ("pause", "drain", "it is drained"),
    ],
)
def test_an_availability_set_by_hand_is_named(declared: str, seen: str, words: str) -> None:
    finding = only(node("w1", availability=declared), seen_node("w1", Availability=seen))
    assert (finding.kind, finding.subject) == ("node-availability", "w1")
    assert words in finding.what
    assert finding.against.startswith(declared)
    assert "sets it back" in finding.up


@pytest.mark.parametrize(
    ("labels", "what", "against"),
    [
        ({"pool": "workers", "rack": "b"}, "rack is 'b'", "absent"),
        ({"pool": "gpu"}, "pool is 'gpu'", "'workers'"),
        ({}, "pool is absent", "'workers'"),
    ],
)
def test_a_label_is_told_with_both_values(labels: dict[str, str], what: str, against: str) -> None:
    finding = only(node("w1"), seen_node("w1", Labels=labels))
    assert finding.kind == "node-label"
    assert what in finding.what
    assert finding.against.startswith(against)


@given(LABELS, LABELS)
def test_each_label_that_differs_is_one_finding(old: dict[str, str], new: dict[str, str]) -> None:
    findings = list(node_drift([node("w1", labels=old)], [seen_node("w1", Labels=new)]))
    assert len(findings) == len({key for key in {*old, *new} if old.get(key) != new.get(key)})


@pytest.mark.parametrize(
    ("state", "reachability"), [("down", "unreachable"), ("ready", "unreachable"), ("disconnected", "unknown")]
)
def test_a_manager_that_is_not_heard_of_is_down(state: str, reachability: str) -> None:
    finding = only(node("m1", "manager"), seen_node("m1", "manager", state, reachability))
    assert finding.kind == "manager-down"
    assert f"{state}, {reachability}" in finding.what
    assert "quorum" in finding.what


def test_a_worker_that_is_down_is_no_manager() -> None:
    finding = only(node("w1"), seen_node("w1", state="down"))
    assert finding.kind == "node-down"
    assert "quorum" not in finding.what


def test_a_demoted_manager_is_told() -> None:
    findings = list(node_drift([node("m1", "manager")], [seen_node("m1", Labels={"pool": "managers"})]))
    assert [each.kind for each in findings] == ["node-role"]
    assert "it is a worker" in findings[0].what
    assert findings[0].against.startswith("a manager")


def test_a_node_that_was_removed_is_gone() -> None:
    assert only(node("w1")).kind == "node-gone"


def test_a_node_that_nobody_declared_is_told() -> None:
    finding = only(node("w1"), seen_node("w1"), seen_node("stranger"))
    assert (finding.kind, finding.subject) == ("node-unknown", "stranger")


def test_a_namesake_with_another_identifier_is_a_stranger() -> None:
    twin = seen_node("w1", state="down") | {"ID": "id-old"}
    findings = list(node_drift([node("w1")], [seen_node("w1"), twin]))
    assert [(each.kind, each.subject) for each in findings] == [("node-unknown", "w1")]


def test_several_faults_of_one_node_are_all_told() -> None:
    seen = seen_node("w1", state="down", Availability="drain", Labels={"pool": "workers", "x": "1"})
    assert {each.kind for each in node_drift([node("w1")], [seen])} == {"node-down", "node-availability", "node-label"}
