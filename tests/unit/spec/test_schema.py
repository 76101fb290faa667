"""The editor's schema takes what the loader takes, as far as a schema can say it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from spec.schema import schema
from tests.unit.spec.judging import problems

SCHEMA: dict[str, Any] = json.loads(schema())
CONFIG = SCHEMA["$defs"]["StackConfig"]


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from nodes(each)
    elif isinstance(value, list):
        for each in value:
            yield from nodes(each)


def test_keys_are_written_with_their_namespace_and_others_pass() -> None:
    assert all(key.startswith("longshore:") for key in CONFIG["properties"])
    assert set(CONFIG["required"]) == {"longshore:target", "longshore:engine", "longshore:cluster"}
    assert CONFIG["additionalProperties"] is True


def test_every_other_part_refuses_unknown_keys() -> None:
    models = {name: model for name, model in SCHEMA["$defs"].items() if name not in ("StackConfig", "ServicesConfig")}
    assert len(models) > 10
    assert all(model["additionalProperties"] is False for model in models.values())


def test_every_reference_leads_somewhere() -> None:
    targets = {node["$ref"].removeprefix("#/$defs/") for node in nodes(SCHEMA) if "$ref" in node}
    assert targets <= set(SCHEMA["$defs"])


def test_every_pattern_is_a_whole_one() -> None:
    patterns = [node["pattern"] for node in nodes(SCHEMA) if isinstance(node.get("pattern"), str)]
    open_ended = [each for each in patterns if not each.endswith("$")]
    assert all(each.startswith("^") for each in patterns)
    assert set(open_ended) == {"^-----BEGIN CERTIFICATE-----"}
    assert all(re.compile(each) for each in patterns)


@pytest.mark.parametrize(
    ("definition", "field", "path"),
    [
        ("PoolSpec", "count", "cluster.pools.workers.count"),
        ("PoolSpec", "cpus", "cluster.pools.workers.cpus"),
        ("SshSpec", "port", "engine.ssh.port"),
        ("ClusterSpec", "overlay_prefix", "cluster.overlay_prefix"),
        ("ClusterSpec", "data_path_port", "cluster.data_path_port"),
        ("VsphereTarget", "wait_for_guest_minutes", "target.wait_for_guest_minutes"),
        ("PortSpec", "published", "services.web.ports.0.published"),
    ],
)
def test_the_loader_ends_where_the_schema_ends(definition: str, field: str, path: str) -> None:
    described = SCHEMA["$defs"][definition]["properties"][field]
    for bound, step in (("minimum", -1), ("maximum", 1)):
        assert not [each for each in problems({path: described[bound]}) if each.path == path and "should" in each.found]
        assert [each for each in problems({path: described[bound] + step}) if each.path == path]


def test_no_default_holds_a_secret_or_a_place_of_the_authors() -> None:
    defaults = json.dumps([node["default"] for node in nodes(SCHEMA) if "default" in node])
    assert not re.search(r"password|token|/home|/root", defaults)
