from __future__ import annotations

import shutil
from collections import namedtuple

import pytest

from lab.toolchain import needs
from lab.toolchain.component import COMPONENTS, Component
from lab.toolchain.finding import Finding

from .conftest import Machine

Usage = namedtuple("Usage", "total used free")


def found(machine: Machine, tiny: Component, part: str) -> Finding:
    everything = needs.needs([tiny], machine.cache, machine.environ | {"PATH": str(machine.bin)})
    return next(finding for finding in everything if finding.part == part)


def fake_go(machine: Machine, version: str, switch: str) -> None:
    machine.command("go", f"#!/bin/sh\necho {version}\necho {switch}\n")


@pytest.mark.parametrize(
    ("version", "switch", "ok"),
    [
        ("go1.25.8", "local", True),
        ("go1.26.0", "local", True),
        ("go1.25.7", "local", False),
        ("go1.9.1", "local", False),
        ("go1.22.0", "auto", True),
        ("go1.22.0", "go1.25.8+auto", True),
    ],
)
def test_go_must_be_as_new_as_go_mod_says_or_able_to_fetch_a_newer(
    machine: Machine, tiny: Component, version: str, switch: str, ok: bool
) -> None:
    fake_go(machine, version, switch)
    go = found(machine, tiny, "Go")
    assert go.ok is ok
    assert version in go.found
    assert "install Go 1.25.8 or newer" in go.fix


@pytest.mark.parametrize(("name", "part"), [("go", "Go"), ("git", "git")])
def test_a_missing_command_is_named_with_the_way_out(machine: Machine, tiny: Component, name: str, part: str) -> None:
    assert found(machine, tiny, part).ok
    (machine.bin / name).unlink()
    finding = found(machine, tiny, part)
    assert not finding.ok
    assert f"no {name} command on PATH" in finding.found
    assert "install" in finding.detail


@pytest.mark.parametrize(("free", "ok"), [(needs.DISK, True), (needs.DISK - 0.1, False)])
def test_disk(machine: Machine, tiny: Component, free: float, ok: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def usage(_place: object) -> Usage:
        return Usage(0, 0, free * needs.GIB)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    disk = found(machine, tiny, "disk")
    assert disk.ok is ok
    assert "XDG_CACHE_HOME" in disk.fix


@pytest.mark.parametrize(("free", "ok"), [(4.0, True), (3.9, False)])
def test_memory(free: float, ok: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "available_memory", lambda: free)
    memory = needs.memory_need(4)
    assert memory.ok is ok
    assert "4 GiB" in memory.fix


def test_this_machine_has_memory() -> None:
    assert 0 < needs.available_memory() < 100_000


def test_every_component_says_which_go_it_needs() -> None:
    assert all(needs.go_directive(component) >= (1, 24) for component in COMPONENTS)


def test_versions_compare_as_numbers() -> None:
    assert needs.version("go version go1.26.8 linux/amd64") == (1, 26, 8)
    assert needs.version("v3.9.0") < needs.version("v3.10.0")
    assert needs.version("devel") == (0,)
