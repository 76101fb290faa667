from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from lab.toolchain import cache, official, resolution, resolve
from lab.toolchain.build import Progress
from lab.toolchain.component import COMPONENTS, DOCKER, LANGUAGE, OPENSTACK, PULUMI, VCSIM, VSPHERE, Component

from .conftest import Machine


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the components that `resolve` had built."""
    names: list[str] = []

    def build(components: Iterable[Component], _folder: Path, _env: Mapping[str, str], _say: Progress) -> None:
        names.extend(component.name for component in components)

    monkeypatch.setattr(resolution, "build", build)
    return names


def official_machine(machine: Machine) -> None:
    machine.pulumi()
    machine.command("pulumi-language-python", "")
    for component in (VSPHERE, DOCKER):
        version = official.sdk_version(component)
        folder = machine.home / ".pulumi" / "plugins" / f"resource-{component.name}-v{version}"
        machine.command(component.binary, "", folder)


def test_only_the_simulator_is_built_where_everything_official_is(machine: Machine, built: list[str]) -> None:
    official_machine(machine)
    toolchain = resolve(print, machine.environ)
    assert built == ["vcsim"]
    assert toolchain.pulumi == machine.bin / "pulumi"
    assert toolchain.bin_dirs == [cache.entry(machine.cache, VCSIM)]
    assert toolchain.origin["pulumi"] == f"official 3.272.0 ({machine.bin}/pulumi)"
    assert toolchain.origin["vsphere"].startswith(f"official {official.sdk_version(VSPHERE)} (")
    assert toolchain.origin["vcsim"] == f"built from Go modules ({VCSIM.version})"


def test_everything_is_built_where_nothing_official_is(machine: Machine, built: list[str]) -> None:
    lines: list[str] = []
    toolchain = resolve(lines.append, machine.environ)
    assert built == [component.name for component in COMPONENTS]
    assert not any("downloading" in line for line in lines)
    assert toolchain.pulumi == cache.entry(machine.cache, PULUMI) / "pulumi"
    assert toolchain.vcsim == cache.entry(machine.cache, VCSIM) / "vcsim"
    assert toolchain.bin_dirs == [cache.entry(machine.cache, component) for component in COMPONENTS]
    assert toolchain.origin["vsphere"] == "built from Go modules (1.26.0-lab)"


def test_the_official_pulumi_is_asked_for_plugins_first(machine: Machine, built: list[str]) -> None:
    machine.pulumi()
    lines: list[str] = []
    resolve(lines.append, machine.environ)
    calls = (machine.home / "pulumi.calls").read_text().splitlines()
    assert [call.split()[3] for call in calls] == ["vsphere", "docker"]
    assert [line for line in lines if "downloading" in line]
    assert built == [LANGUAGE.name, VSPHERE.name, DOCKER.name, VCSIM.name]


def test_a_plugin_that_was_built_before_is_not_asked_for_again(machine: Machine, built: list[str]) -> None:
    machine.pulumi()
    for component in (VSPHERE, DOCKER):
        machine.command(component.binary, "", cache.entry(machine.cache, component))
    resolve(print, machine.environ)
    assert not (machine.home / "pulumi.calls").exists()
    assert VSPHERE.name in built


def test_an_optional_plugin_is_built_only_when_it_is_wanted(machine: Machine, built: list[str]) -> None:
    toolchain = resolve(print, machine.environ, wanted=[OPENSTACK])
    assert built[-1] == OPENSTACK.name
    assert toolchain.bin_dirs[-1] == cache.entry(machine.cache, OPENSTACK)
    assert toolchain.origin[OPENSTACK.name] == "built from Go modules (3.4.0-lab)"


@pytest.mark.usefixtures("built")
def test_an_optional_plugin_that_was_built_once_stays_on_path(machine: Machine) -> None:
    assert cache.entry(machine.cache, OPENSTACK) not in resolve(print, machine.environ).bin_dirs
    machine.command(OPENSTACK.binary, "", cache.entry(machine.cache, OPENSTACK))
    assert cache.entry(machine.cache, OPENSTACK) in resolve(print, machine.environ).bin_dirs


def test_a_plugin_whose_sdk_is_not_installed_is_not_official(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(official.SDKS, OPENSTACK, "pulumi-of-nobody")
    assert official.sdk_version(OPENSTACK) == ""
    assert official.find(OPENSTACK, machine.cache, machine.environ) is None
    assert official.install_plugin(OPENSTACK, machine.bin / "pulumi", machine.environ) is None
