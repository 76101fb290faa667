"""docs/new-target.md is followed to the letter: the two files of the tutorial are a target that keeps the contract."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from components import targets
from components.cluster import DockerCluster
from spec.stack import StackSpec
from tests.conftest import ROOT
from tests.contract.reading import asked, unpacked
from tests.contract.samples import NETWORK, recorded
from tests.contract.test_contract import DISK, NODES, _rest, _wanted
from tests.recorder import Recording, build, is_secret
from tests.specs import values

GUIDE = ROOT / "docs" / "new-target.md"
LONGEST = 100
"""Lines that the tutorial's code has at most, without blank ones and comments."""
SAMPLE = {"kind": "toy", "token": "canary-toy-token", "image": "debian-12-docker", "network": NETWORK}


def files() -> dict[str, str]:
    """Return the tutorial's files by module: their first line says where they belong."""
    blocks = re.findall(r"```python\n# (\S+)\.py\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    return {path.replace("/", "."): code for path, code in blocks}


@pytest.fixture(name="toy")
def _toy(monkeypatch: pytest.MonkeyPatch) -> type[StackSpec]:
    """Make the tutorial's modules importable, and a stack that may have its target."""
    for name, code in files().items():
        module = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, module)
        exec(compile(code, name, "exec"), module.__dict__)  # noqa: S102  what is in the docs is what is tested
    monkeypatch.setitem(targets.TARGETS, "toy", "Toy")
    model = sys.modules["spec.targets.toy"].__dict__["ToyTarget"]
    return type("ToyStack", (StackSpec,), {"__annotations__": {"target": model}, "__module__": __name__})


def run(model: type[StackSpec], changes: dict[str, Any] | None = None) -> Recording:
    spec = model.model_validate(values({"target": SAMPLE, **(changes or {})}))
    return build(lambda: DockerCluster("shop", spec, Path()))


def test_the_tutorial_is_two_files_of_a_hundred_lines_that_look_like_ours() -> None:
    code = files()
    assert list(code) == ["spec.targets.toy", "components.targets.toy"]
    written = [line for text in code.values() for line in text.splitlines() if line.strip()]
    assert len(written) <= LONGEST
    assert max(map(len, written)) <= 120


def test_it_gives_the_same_cluster(toy: type[StackSpec]) -> None:
    recording = run(toy, DISK)
    assert _rest(recording, "toy") == _rest(recorded("vsphere", DISK), "vsphere")
    boxes = {name: recording.inputs[name] for name in NODES}
    assert {name: box["address"] for name, box in boxes.items()} == NODES
    reference = asked("vsphere", recorded("vsphere"), "shop-managers-1").user_data
    assert unpacked(boxes["shop-managers-1"]["userData"]) == reference


def test_its_rules_are_the_ports_matrix(toy: type[StackSpec]) -> None:
    recording = run(toy)
    rules = [recording.inputs[name] for name in recording.of_type("toy:index:Rule")]
    found = {(rule["group"], rule["way"], rule["protocol"], rule.get("port")) for rule in rules}
    assert found == set(_wanted("openstack", {}))


def test_its_disks_and_machines_are_kept_as_everywhere(toy: type[StackSpec]) -> None:
    request = run(toy, DISK).requests
    disk, box = request["shop-workers-1-data"], request["shop-workers-1"]
    assert (disk.protect, disk.retainOnDelete) == (True, True)
    assert box.deleteBeforeReplace
    assert set(box.ignoreChanges) == {"userData", "image"}
    assert any(urn.endswith("::shop-workers-1-data") for urn in box.dependencies)
    assert any("Rule" in urn for urn in box.dependencies)


def test_its_token_stays_secret(toy: type[StackSpec]) -> None:
    recording = run(toy)
    assert is_secret(recording.inputs["toy"]["token"])
    assert "canary-toy" not in str({name: each for name, each in recording.inputs.items() if name != "toy"})


def test_what_the_page_tells_to_edit_exists() -> None:
    table = re.findall(r"^\| `([^`<]+)` \|", GUIDE.read_text(), re.MULTILINE)
    assert len(table) >= 5
    assert all((ROOT / each).exists() for each in table)
