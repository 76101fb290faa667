"""Stack files of one layer: what each may declare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from ruamel.yaml import YAML

from spec.contradictions import contradictions
from spec.errors import SpecError
from spec.load import check_any, check_file, load_spec
from spec.schema import schema
from spec.stack import ServicesSpec, StackSpec
from tests.specs import services, stack, values

RUNNING = ("networks", "configs", "secrets", "services")
NOTHING: dict[str, Any] = {key: {} for key in RUNNING}


def written(folder: Path, content: dict[str, Any]) -> Path:
    file = folder / "Pulumi.dev.yaml"
    with file.open("w") as stream:
        YAML().dump({"config": {f"longshore:{key}": value for key, value in content.items()}}, stream)
    return file


def layer_values(**changes: Any) -> dict[str, Any]:
    """A services stack as it lies on disk."""
    content = {key: value for key, value in values().items() if key in RUNNING}
    content["secrets"] = {"cache-password": {"secure": "v1:x"}}
    return {"layer": "services", "platform": "dev-platform", **content, **changes}


def refusal(folder: Path, content: dict[str, Any]) -> str:
    with pytest.raises(SpecError) as caught:
        check_any(written(folder, content))
    return str(caught.value)


def test_a_services_stack_needs_no_machine(tmp_path: Path) -> None:
    spec = check_any(written(tmp_path, layer_values()))
    assert isinstance(spec, ServicesSpec)
    assert spec.platform == "dev-platform"
    assert set(spec.services) == {"web"}


@pytest.mark.parametrize("key", ["target", "engine", "cluster"])
def test_a_services_stack_may_not_make_one(tmp_path: Path, key: str) -> None:
    assert f"{key}: unknown key" in refusal(tmp_path, layer_values(**{key: values()[key]}))


def test_a_services_stack_names_its_platform(tmp_path: Path) -> None:
    content = layer_values()
    del content["platform"]
    assert "platform: is missing" in refusal(tmp_path, content)


@pytest.mark.parametrize("name", ["", "a/b", "a/b/c/d", "x y", "$(x)"])
def test_a_platform_is_a_stacks_name(tmp_path: Path, name: str) -> None:
    assert "platform" in refusal(tmp_path, layer_values(platform=name))


@pytest.mark.parametrize("name", ["dev", "acme/longshore/dev-platform"])
def test_a_platform_may_be_another_organizations(tmp_path: Path, name: str) -> None:
    spec = check_any(written(tmp_path, layer_values(platform=name)))
    assert isinstance(spec, ServicesSpec)
    assert spec.platform == name


def test_an_unknown_layer_is_told_with_the_known_ones(tmp_path: Path) -> None:
    assert "layer: should be 'platform'" in refusal(tmp_path, {**values({"secrets": None}), "layer": "plattform"})


@pytest.mark.parametrize("key", RUNNING)
def test_a_platform_runs_nothing(key: str) -> None:
    only = {each: (values()[key] if each == key else {}) for each in RUNNING}
    problems = contradictions(stack({"layer": "platform", **only}))
    assert key in [each.path for each in problems]
    assert any("layer: services" in each.fix for each in problems)


def test_an_empty_platform_is_fine() -> None:
    spec = stack({"layer": "platform", **NOTHING})
    assert spec.layer == "platform"
    assert contradictions(spec) == []


def test_contradictions_among_services_are_found_without_a_cluster() -> None:
    problems = contradictions(services({"services.web.networks": ["front"]}))
    assert [each.path for each in problems] == ["services.web.networks.0"]


def test_a_verb_that_needs_machines_refuses_a_services_stack(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="makes no machine") as caught:
        check_file(written(tmp_path, layer_values()))
    assert "dev-platform" in caught.value.fix


def test_the_running_program_tells_the_layers_apart(tmp_path: Path) -> None:
    content = layer_values(secrets={"cache-password": "canary"})
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in content.items()}
    pulumi.runtime.set_all_config({f"longshore:{key}": text for key, text in texts.items()})
    spec = load_spec(pulumi.Config("longshore"), "dev", tmp_path)
    assert isinstance(spec, ServicesSpec)
    assert "canary" not in repr(spec)


def test_a_file_without_a_layer_is_a_whole_stack() -> None:
    assert isinstance(stack(), StackSpec)
    assert stack().layer is None


def test_the_editor_knows_both_shapes() -> None:
    definitions = json.loads(schema())["$defs"]
    assert definitions["ServicesConfig"]["properties"]["longshore:layer"]["const"] == "services"
    assert "longshore:target" not in definitions["ServicesConfig"]["properties"]
    assert "longshore:layer" in definitions["StackConfig"]["properties"]
