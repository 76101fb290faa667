"""Every mistake in a stack file: where it is, what was found, and a way out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from ruamel.yaml import YAML

from spec.errors import SpecError
from spec.load import check_any, check_file, load_spec
from spec.schema import schema
from spec.stack import StackSpec
from spec.target import as_vsphere
from tests.conftest import ROOT
from tests.specs import values

SEALED = {"target.password": {"secure": "v1:abc"}, "secrets.cache-password": {"secure": "v1:abc"}}


def write(folder: Path, changes: dict[str, Any]) -> Path:
    file = folder / "Pulumi.dev.yaml"
    config = {f"longshore:{key}": value for key, value in values(SEALED | changes).items()}
    with file.open("w") as stream:
        YAML().dump({"config": config}, stream)
    return file


def refusal(folder: Path, changes: dict[str, Any]) -> str:
    with pytest.raises(SpecError) as caught:
        check_file(write(folder, changes))
    return str(caught.value)


def test_a_good_file_passes(tmp_path: Path) -> None:
    assert check_file(write(tmp_path, {})).cluster.count("manager") == 3


@pytest.mark.parametrize(
    ("changes", "where", "found", "fix"),
    [
        ({"cluster.pools.managers.cont": 3}, "cluster.pools.managers.cont", "unknown key", "did you mean `count`?"),
        ({"target.templat": "x"}, "target.templat", "unknown key", "did you mean `template`?"),
        ({"services.web.zzz": 1}, "services.web.zzz", "unknown key", "known here: aliases, args"),
        ({"target.datastore": None}, "target.datastore", "is missing", "add it"),
        ({"cluster.pools.managers.count": "three"}, "cluster.pools.managers.count", "valid integer", ""),
        ({"cluster.pools.workers.memory": 4}, "cluster.pools.workers.memory", "whole number of MiB", ""),
        ({"cluster.pools.managers.count": 2}, "cluster.pools.managers.count", "2 managers", "here 3"),
        ({"cluster.pools.managers.count": 0}, "cluster.pools.managers.count", "0 managers", "here 1"),
        ({"cluster.pools.workers.count": 0}, "services.web.constraints", "matches no node", "add nodes"),
        (
            {"cluster.pools.workers.first_address": "10.20.0.12"},
            "workers.first_address",
            "belongs to pool managers",
            "",
        ),
        ({"cluster.pools.workers.first_address": "10.21.0.1"}, "workers.first_address", "no host address", ""),
        ({"cluster.pools.managers.first_address": "10.20.0.1"}, "managers.first_address", "the gateway's", ""),
        ({"networks.backend.subnet": "10.20.0.128/25"}, "networks.backend.subnet", "overlaps target.network.cidr", ""),
        ({"cluster.overlay_pool": ["10.30.0.0/16"]}, "cluster.overlay_pool", "overlaps networks.backend", ""),
        ({"cluster.pools.workers.generations": {"3": 2}}, "workers.generations.3", "has 2 nodes", "remove it"),
        ({"cluster.pools.workers.drained": [3]}, "workers.drained.0", "has no node 3", "1 to 2"),
        ({"cluster.pools.workers.generations": {"1": 0}}, "workers.generations.1", "greater than", ""),
        ({"cluster.pools.workers.addresses": ["10.20.0.30"]}, "workers.addresses", "first_address is given", "keep"),
        ({"cluster.pools.workers.first_address": None}, "workers.addresses", "are missing", "list one"),
        ({"services.web.networks": ["front"]}, "services.web.networks.0", "not declared", "declared: backend"),
        ({"services.web.configs.0.source": "sight"}, "services.web.configs.0", "not declared", "declared: site"),
        ({"services.web.max_per_node": 1, "services.web.replicas": 3}, "services.web.replicas", "3 tasks", "at most 2"),
        ({"services.web.endpoint_mode": "dnsrr", "services.web.ports.0.mode": "ingress"}, "endpoint_mode", "dnsrr", ""),
        ({"services.web.image": "not an image"}, "services.web.image", "pattern", ""),
        ({"configs.site.file": "x"}, "configs.site", "exactly one", ""),
        ({"target.password": "hunter2"}, "target.password", "must be an encrypted value", "pulumi config set --secret"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, changes: dict[str, Any], where: str, found: str, fix: str) -> None:
    message = refusal(tmp_path, changes)
    assert message.startswith("stacks/Pulumi.dev.yaml: ")
    assert where in message
    assert found in message
    assert fix in message
    assert "\n  -> " in message


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, {"target.datastore": None, "cluster.pools.workers.cpus": 0, "engine.x": 1})
    assert "3 problems" in message
    assert all(path in message for path in ("target.datastore", "cluster.pools.workers.cpus", "engine.x"))


def test_all_contradictions_are_named_at_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, {"cluster.pools.managers.count": 2, "services.web.networks": ["front"]})
    assert "2 problems" in message


def test_a_secret_never_appears_in_an_error(tmp_path: Path) -> None:
    message = refusal(
        tmp_path, {"target.password": "hunter2", "target.datastore": None, "secrets.cache-password": "hunter2"}
    )
    assert "hunter2" not in message


def test_two_services_on_one_port(tmp_path: Path) -> None:
    other = {"image": "x:1", "ports": [{"target": 1, "published": 80}]}
    assert "published by web already" in refusal(tmp_path, {"services.other": other})


def test_broken_yaml_is_a_spec_error(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("config: [")
    with pytest.raises(SpecError, match="is not YAML"):
        check_file(file)


def test_a_missing_file_is_a_spec_error(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="can't be read"):
        check_file(tmp_path / "Pulumi.none.yaml")


def test_the_running_program_seals_secrets(tmp_path: Path) -> None:
    config = {f"longshore:{key}": json.dumps(value) for key, value in values().items()}
    pulumi.runtime.set_all_config(config)
    spec = load_spec(pulumi.Config("longshore"), "dev", tmp_path)
    assert isinstance(spec, StackSpec)
    assert isinstance(as_vsphere(spec.target).password, pulumi.Output)
    assert "canary" not in repr(spec)


def test_the_committed_schema_is_fresh() -> None:
    assert (ROOT / "stacks" / "schema.json").read_text() == schema(), (
        "run `longshore schema --output stacks/schema.json`"
    )


def test_every_field_is_described() -> None:
    definitions = json.loads(schema())["$defs"]
    assert "A DNS label" not in definitions
    described = [
        (name, key)
        for name, model in definitions.items()
        for key, field in model.get("properties", {}).items()
        if name in ("VsphereTarget", "PoolSpec", "SshSpec", "ClusterSpec") and "description" not in field
    ]
    assert described == [("VsphereTarget", "kind")]


@pytest.mark.parametrize("file", sorted((ROOT / "stacks").glob("Pulumi.*.yaml")), ids=lambda file: file.name)
def test_every_stack_file_of_the_project_is_valid(file: Path) -> None:
    spec = check_any(file)
    assert spec.layer == "services" or spec.cluster.pools
