"""What a stack's state knows of its nodes: how to reach each, and which resource its membership is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from providers.swarm.connection import Connection, connection_from

MEMBER = "swarm:index:Node"
Deployment = Mapping[str, Any]


def node_connections(deployment: Deployment) -> dict[str, Connection]:
    """Return how to reach each node, workers too, by its name."""
    return {each["outputs"]["name"]: connection_from(each["outputs"]["connection"]) for each in _members(deployment)}


def member_urns(deployment: Deployment, names: Iterable[str]) -> list[str]:
    """Return the URNs of the memberships of the nodes `names`."""
    wanted = set(names)
    return [each["urn"] for each in _members(deployment) if each["outputs"]["name"] in wanted]


def _members(deployment: Deployment) -> list[dict[str, Any]]:
    return [each for each in deployment.get("resources", []) if each["type"] == MEMBER and each.get("outputs")]
