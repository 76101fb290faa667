"""The example stacks: one stack moved to another target by its `target` block alone, and each previews."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from components.cluster import DockerCluster
from spec.load import check_file
from spec.target import KINDS
from tests.conftest import ROOT
from tests.contract.samples import CLOUDS
from tests.contract.sdk import faults
from tests.recorder import build


def file_of(kind: str) -> Path:
    return ROOT / "stacks" / f"Pulumi.example-{kind}.yaml"


def config(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(file_of(kind))["config"]
    return found


@pytest.mark.parametrize("kind", CLOUDS)
def test_the_only_difference_is_the_target(kind: str) -> None:
    own, reference = config(kind), config("vsphere")
    assert own["longshore:target"]["kind"] == kind
    assert own | {"longshore:target": None} == reference | {"longshore:target": None}


@pytest.mark.parametrize("kind", CLOUDS)
def test_the_page_of_each_cloud_shows_it_whole(kind: str) -> None:
    shown = [line.removeprefix("    ") for line in (ROOT / "docs" / "targets" / f"{kind}.md").read_text().splitlines()]
    written = [line for line in file_of(kind).read_text().splitlines() if not line.startswith("#")]
    assert shown[-len(written) :] == written


@pytest.mark.parametrize("kind", KINDS)
def test_each_previews(kind: str) -> None:
    spec = check_file(file_of(kind))
    recording = build(lambda: DockerCluster(spec.cluster.name, spec, ROOT), preview=True)
    assert {"prod-managers-3", "prod-workers-4", "web"} <= recording.inputs.keys()
    assert not list(faults(recording))
