"""A node as the Engine API tells it, in every state it may be in."""

from __future__ import annotations

from typing import Any

import pytest

from providers.swarm.member import Member, managers_of, member_from, reachable_of


def told(role: str = "worker", state: str = "ready", **more: Any) -> dict[str, Any]:
    return {
        "ID": "n1",
        "Description": {"Hostname": "m1"},
        "Spec": {"Role": role, "Availability": "active", "Labels": {"a": "1"}},
        "Status": {"State": state},
        **more,
    }


def member(role: str, state: str, reachability: str | None, ident: str = "n1") -> Member:
    return Member(ident, ident, role, "active", {}, state, reachability)


def test_everything_that_counts_is_read() -> None:
    read = member_from(told("manager", ManagerStatus={"Reachability": "reachable", "Leader": True}))
    assert read == Member("n1", "m1", "manager", "active", {"a": "1"}, "ready", "reachable", leader=True)


def test_a_node_that_never_described_itself_is_called_by_its_id() -> None:
    assert member_from({**told(), "Description": {}}).hostname == "n1"
    assert member_from({key: value for key, value in told().items() if key != "Description"}).hostname == "n1"


@pytest.mark.parametrize("labels", [None, {}])
def test_no_labels_are_no_labels(labels: Any) -> None:
    assert member_from({**told(), "Spec": {"Role": "worker", "Availability": "drain", "Labels": labels}}).labels == {}


@pytest.mark.parametrize("status", [None, {}])
def test_a_worker_has_no_reachability(status: Any) -> None:
    assert member_from(told(ManagerStatus=status)).reachability is None


@pytest.mark.parametrize(
    ("role", "state", "reachability", "settled", "manages"),
    [
        ("worker", "ready", None, True, False),
        ("worker", "down", None, False, False),
        ("worker", "unknown", None, False, False),
        ("worker", "ready", "reachable", False, True),
        ("manager", "ready", "reachable", True, True),
        ("manager", "ready", "unreachable", False, True),
        ("manager", "ready", None, False, True),
        ("manager", "down", "unreachable", False, True),
        ("manager", "down", None, False, False),
    ],
)
def test_a_member_is_settled_when_it_works_as_its_role(
    role: str, state: str, reachability: str | None, settled: bool, manages: bool
) -> None:
    one = member(role, state, reachability)
    assert (one.settled, one.manages) == (settled, manages)


def test_who_counts_and_who_answers() -> None:
    members = [
        member("manager", "ready", "reachable", "m1"),
        member("manager", "down", "unreachable", "m2"),
        member("manager", "ready", None, "m3"),
        member("worker", "ready", "reachable", "stepping-down"),
        member("worker", "ready", None, "w1"),
    ]
    assert managers_of(members) == {"m1", "m2", "m3", "stepping-down"}
    assert reachable_of(members) == {"m1", "stepping-down"}
