"""Nodes as a stack's state knows them."""

from __future__ import annotations

from typing import Any

from upkeep.nodes import member_urns, node_connections


def member(name: str, **more: Any) -> dict[str, Any]:
    connection = {"host": "10.0.0.11", "hostKey": "ssh-ed25519 AAAA", "name": name}
    outputs = {"name": name, "connection": connection}
    return {"type": "swarm:index:Node", "urn": f"urn:pulumi:a::b::c::{name}-member", "outputs": outputs} | more


STATE = {
    "resources": [
        member("m1"),
        member("w1"),
        member("w2", outputs=None),
        {"type": "swarm:index:Engine", "urn": "urn:m1-engine", "outputs": {"name": "m1"}},
    ]
}


def test_every_member_can_be_reached() -> None:
    found = node_connections(STATE)
    assert sorted(found) == ["m1", "w1"]
    assert (found["w1"].host, found["w1"].where) == ("10.0.0.11", "w1")


def test_a_membership_is_found_by_its_node() -> None:
    assert member_urns(STATE, ["w1", "w2", "w9"]) == ["urn:pulumi:a::b::c::w1-member"]
    assert member_urns({}, ["w1"]) == []
