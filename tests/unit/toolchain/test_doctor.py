from __future__ import annotations

from lab.toolchain import cache, examine
from lab.toolchain.component import COMPONENTS, VCSIM

from .conftest import Machine


def test_on_an_empty_machine_it_says_what_a_build_needs(machine: Machine) -> None:
    (machine.bin / "go").unlink()
    findings = {f.part: f for f in examine(machine.environ | {"PATH": str(machine.bin)})}
    assert {c.name for c in COMPONENTS} | {"Go", "git", "disk", "memory"} == findings.keys()
    assert not findings["Go"].ok
    assert "go.dev/dl" in findings["Go"].detail
    assert findings["git"].ok
    assert findings["git"].detail == str(machine.bin / "git")
    assert "longshore lab up" in findings["vsphere"].found


def test_what_is_built_or_official_is_told_with_its_place(machine: Machine) -> None:
    machine.pulumi()
    machine.command(VCSIM.binary, "", cache.entry(machine.cache, VCSIM))
    findings = {f.part: f for f in examine(machine.environ)}
    assert findings["pulumi"].found == f"official 3.272.0 ({machine.bin}/pulumi)"
    assert str(cache.entry(machine.cache, VCSIM)) in findings["vcsim"].found


def test_no_build_needs_when_nothing_has_to_be_built(machine: Machine) -> None:
    for component in COMPONENTS:
        machine.command(component.binary, "", cache.entry(machine.cache, component))
    assert [f.part for f in examine(machine.environ)] == [c.name for c in COMPONENTS]


def test_it_builds_and_downloads_nothing(machine: Machine) -> None:
    machine.pulumi()
    examine(machine.environ)
    assert not machine.cache.exists()
    assert not (machine.home / "pulumi.calls").exists()
    assert not machine.go_calls("build")
