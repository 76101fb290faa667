"""The schema, the SDK's classes and the handlers tell of the same properties."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import pytest

from providers.swarm import (
    cluster,
    engine,
    generated,
    node,
    resources,
    service_ready,
    shelf,
    stored,
    stored_resources,
)
from providers.swarm.checks import CONNECTION
from providers.swarm.cluster import ClusterHandler
from providers.swarm.engine import EngineHandler
from providers.swarm.node import NodeHandler
from providers.swarm.provider import HANDLERS
from providers.swarm.schema import schema
from tests.unit.providers.world import World

SCHEMA: dict[str, Any] = json.loads(schema("1.2.3"))
KINDS = ("Engine", "Cluster", "Node", "ServiceReady")


def described(kind: str) -> dict[str, Any]:
    resource: dict[str, Any] = SCHEMA["resources"][f"swarm:index:{kind}"]
    return resource


def on_the_wire(parameter: str) -> str:
    first, *rest = parameter.split("_")
    return first + "".join(part.capitalize() for part in rest)


def test_it_has_the_name_and_version_of_the_plugin() -> None:
    assert (SCHEMA["name"], SCHEMA["version"]) == ("swarm", "1.2.3")


def test_each_resource_has_a_handler_and_each_handler_a_resource() -> None:
    assert set(SCHEMA["resources"]) == set(HANDLERS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_sdk_takes_what_the_schema_describes(kind: str) -> None:
    signature = inspect.signature(getattr(resources, kind).__init__)
    given = {on_the_wire(name) for name in signature.parameters} - {"self", "resourceName", "opts"}
    assert given == set(described(kind)["inputProperties"])
    mandatory = {
        on_the_wire(name)
        for name, parameter in signature.parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    assert mandatory - {"self", "resourceName"} == set(described(kind)["requiredInputs"])


@pytest.mark.parametrize("kind", ["Engine", "Cluster", "Node"])
def test_the_sdk_gives_out_what_the_schema_promises(kind: str) -> None:
    promised = set(described(kind)["properties"]) - set(described(kind)["inputProperties"])
    properties = vars(getattr(resources, kind)).items()
    assert {on_the_wire(name) for name, each in properties if isinstance(each, resources.Property)} == promised


@pytest.mark.parametrize(
    ("kind", "module"), [("Engine", engine), ("Cluster", cluster), ("Node", node), ("ServiceReady", service_ready)]
)
def test_what_is_judged_is_described(kind: str, module: Any) -> None:
    assert set(module.JUDGES) <= set(described(kind)["inputProperties"])


@pytest.mark.parametrize(
    ("kind", "judges"),
    [
        ("Secret", stored.JUDGES),
        ("Config", stored.JUDGES),
        ("Shelf", shelf.JUDGES),
        ("GeneratedSecret", generated.JUDGES),
    ],
)
def test_what_is_judged_of_secrets_and_configs_is_described(kind: str, judges: dict[str, Any]) -> None:
    assert set(judges) - {"template"} <= set(described(kind)["inputProperties"])
    assert "data" not in judges  # the engine prints what is refused


@pytest.mark.parametrize("kind", ["Secret", "Config", "Shelf", "GeneratedSecret"])
def test_what_is_mandatory_of_secrets_and_configs_is_asked_of_the_program(kind: str) -> None:
    signature = inspect.signature(getattr(stored_resources, kind).__init__)
    given = {on_the_wire(name) for name in signature.parameters} - {"self", "resourceName", "opts"}
    place = set(described("Shelf")["requiredInputs"]) | ({"keep"} if kind in ("Secret", "Config") else set())
    wire = (given - {"place"}) | (place if "place" in given else set())
    assert wire - ({"template"} if kind == "Secret" else set()) == set(described(kind)["inputProperties"])


def test_a_connection_is_described_as_it_is_judged() -> None:
    fields = SCHEMA["types"]["swarm:index:Connection"]["properties"]
    assert set(fields) == set(CONNECTION) == {*resources.CONNECTION_FIELDS, "hostKey"}


@pytest.mark.parametrize(("kind", "handler"), [("Engine", EngineHandler()), ("Cluster", ClusterHandler())])
def test_what_is_foreseen_is_what_is_described(kind: str, handler: Any) -> None:
    inputs = {"name": "m1", "host": "10.0.0.1", "managers": [World("m1")["m1"].connection]}
    own = {key: value for key, value in inputs.items() if key in described(kind)["inputProperties"]}
    outputs = set(described(kind)["properties"]) - set(described(kind)["inputProperties"])
    assert outputs <= set(handler.foresee(handler.check({}, own).inputs, None))


def test_a_node_is_foreseen_as_described() -> None:
    world = World("m1")
    asked = {"name": "m1", "role": "worker", "connection": world["m1"].connection, "managers": [], "clusterId": "c"}
    assert set(described("Node")["properties"]) <= set(
        NodeHandler().foresee(NodeHandler().check({}, asked).inputs, None)
    )


def test_every_reference_leads_to_a_type() -> None:
    referred = set(re.findall(r'"#/types/([^"]+)"', schema("0")))
    assert referred <= set(SCHEMA["types"])
    assert referred
