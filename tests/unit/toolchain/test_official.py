from __future__ import annotations

from pathlib import Path

import pytest

from lab.toolchain import official
from lab.toolchain.component import DOCKER, LANGUAGE, PULUMI, VCSIM, VSPHERE

from .conftest import Machine


def plugin(machine: Machine, version: str, home: Path | None = None) -> Path:
    folder = (home or machine.home / ".pulumi") / "plugins" / f"resource-vsphere-v{version}"
    return machine.command("pulumi-resource-vsphere", "", folder)


def test_pulumi_on_path_is_used(machine: Machine) -> None:
    path = machine.pulumi("v3.272.0")
    found = official.find(PULUMI, machine.cache, machine.environ)
    assert found == official.Official(path, "3.272.0")
    assert str(found) == f"official 3.272.0 ({path})"


@pytest.mark.parametrize("version", ["v3.199.9", "v2.300.0", ""])
def test_pulumi_that_is_too_old_or_says_nothing_is_not_used(machine: Machine, version: str) -> None:
    machine.pulumi(version)
    assert official.find(PULUMI, machine.cache, machine.environ) is None


def test_the_labs_own_builds_on_path_do_not_count(machine: Machine) -> None:
    machine.command("pulumi", "#!/bin/sh\necho v3.274.1\n", machine.cache / "pulumi-1")
    environ = machine.environ | {"PATH": f"{machine.cache}/pulumi-1:/usr/bin:/bin"}
    assert official.find_pulumi(machine.cache, environ) is None


def test_the_language_host_is_found_beside_the_real_pulumi(machine: Machine) -> None:
    real = machine.pulumi().rename(machine.home / "pulumi")
    (machine.bin / "pulumi").symlink_to(real)
    assert official.find(LANGUAGE, machine.cache, machine.environ) is None
    beside = machine.command("pulumi-language-python", "", machine.home)
    found = official.find(LANGUAGE, machine.cache, machine.environ)
    assert found == official.Official(beside, "3.272.0")


def test_a_language_host_without_pulumi_is_not_used(machine: Machine) -> None:
    machine.command("pulumi-language-python", "")
    assert official.find(LANGUAGE, machine.cache, machine.environ) is None


def test_a_plugin_is_used_in_the_sdks_version_only(machine: Machine) -> None:
    wanted = official.sdk_version(VSPHERE)
    plugin(machine, "4.0.0")
    assert official.find(VSPHERE, machine.cache, machine.environ) is None
    path = plugin(machine, wanted)
    assert official.find(VSPHERE, machine.cache, machine.environ) == official.Official(path, wanted)
    assert official.find(DOCKER, machine.cache, machine.environ) is None


def test_pulumi_home_is_honoured(machine: Machine, tmp_path: Path) -> None:
    path = plugin(machine, official.sdk_version(VSPHERE), tmp_path / "elsewhere")
    environ = machine.environ | {"PULUMI_HOME": str(tmp_path / "elsewhere")}
    found = official.find(VSPHERE, machine.cache, environ)
    assert found is not None
    assert found.path == path


def test_nobody_ships_the_simulator(machine: Machine) -> None:
    machine.command("vcsim", "")
    assert official.find(VCSIM, machine.cache, machine.environ) is None


def test_the_official_pulumi_downloads_a_plugin(machine: Machine) -> None:
    wanted = official.sdk_version(VSPHERE)
    target = machine.home / ".pulumi" / "plugins" / f"resource-vsphere-v{wanted}"
    pulumi = machine.pulumi(body=f"mkdir -p {target} && touch {target}/pulumi-resource-vsphere")
    found = official.install_plugin(VSPHERE, pulumi, machine.environ)
    assert found is not None
    assert found.version == wanted
    calls = (machine.home / "pulumi.calls").read_text()
    assert calls == f"plugin install resource vsphere {wanted}\n"


def test_a_download_that_fails_or_hangs_is_given_up(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert official.install_plugin(VSPHERE, machine.pulumi(body="exit 1"), machine.environ) is None
    monkeypatch.setattr(official, "INSTALL_TIMEOUT", 0.2)
    assert official.install_plugin(VSPHERE, machine.pulumi(body="exec sleep 30"), machine.environ) is None
    assert official.install_plugin(VSPHERE, machine.bin / "absent", machine.environ) is None
