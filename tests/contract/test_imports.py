"""Nobody waits for, or needs, the SDK of a cloud that he doesn't use."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from spec.target import KINDS
from tests.conftest import ROOT
from tests.contract.samples import CLOUDS
from tests.contract.sdk import PACKAGES

SDKS = {*PACKAGES.values(), "pulumi_vsphere"}
OWN = {"vsphere": "pulumi_vsphere", "azure": "pulumi_azure_native"}
PREVIEW = """
import json, sys
{missing}
from pathlib import Path
from components.cluster import DockerCluster
from spec.errors import LongshoreError
from spec.load import check_file
from tests.recorder import build
spec = check_file(Path("stacks/Pulumi.example-{kind}.yaml"))
said = []
def program():
    try:
        DockerCluster("prod", spec, Path())
    except LongshoreError as error:
        said.append([error.exit_code, str(error)])
build(program, preview=True)
print(json.dumps([sorted(sys.modules), said]))
"""


def preview(kind: str, missing: str = "") -> tuple[set[str], list[tuple[int, str]]]:
    """Return what a preview of the example stack has loaded, and what it was refused for."""
    script = PREVIEW.format(kind=kind, missing=missing)
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    modules, said = json.loads(run.stdout.splitlines()[-1])
    return set(modules), said


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_loads_the_sdk_of_its_own_target_only(kind: str) -> None:
    modules, said = preview(kind)
    assert said == []
    assert modules & SDKS == {OWN.get(kind, f"pulumi_{kind}")}


@pytest.mark.parametrize("kind", CLOUDS)
def test_without_its_sdk_a_target_says_what_to_install(kind: str) -> None:
    package = OWN.get(kind, f"pulumi_{kind}")
    _, said = preview(kind, f"sys.modules[{package!r}] = None")
    [[code, text]] = said
    assert code == 3
    assert f"target.kind: {kind}" in text
    assert f"'longshore[{kind}]'" in text
