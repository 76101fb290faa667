"""Nobody waits for, or needs, the SDK of a cloud that he doesn't use."""

from __future__ import annotations

import json
import subprocess
import sys

import pulumi
import pytest

from components.targets import target_for
from spec.errors import TargetError
from tests.conftest import ROOT
from tests.contract.samples import CLOUDS, spec
from tests.contract.sdk import PACKAGES

SDKS = {*PACKAGES.values(), "pulumi_vsphere"}
PREVIEW = """
import json, sys
from pathlib import Path
from components.cluster import DockerCluster
from spec.load import check_file
from tests.recorder import build
spec = check_file(Path("stacks/Pulumi.example-{kind}.yaml"))
build(lambda: DockerCluster("prod", spec, Path()), preview=True)
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize(("kind", "sdk"), [("vsphere", "pulumi_vsphere"), ("openstack", "pulumi_openstack")])
def test_a_preview_loads_the_sdk_of_its_own_target_only(kind: str, sdk: str) -> None:
    script = PREVIEW.format(kind=kind)
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert set(json.loads(run.stdout.splitlines()[-1])) & SDKS == {sdk}


def test_the_command_line_loads_none() -> None:
    script = "import cli.main, sys; print([name for name in sys.modules if name.startswith('pulumi_')])"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize("kind", CLOUDS)
def test_without_its_sdk_a_target_says_what_to_install(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    package = PACKAGES["azure-native" if kind == "azure" else kind]
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, f"components.targets.{kind}", raising=False)
    with pytest.raises(TargetError) as caught:
        target_for(spec(kind), pulumi.ResourceOptions())
    assert caught.value.exit_code == 3
    assert str(caught.value).startswith(f"target.kind: {kind}: its SDK {package} isn't installed")
    assert f"pip install -e '.[{kind}]'" in caught.value.fix
