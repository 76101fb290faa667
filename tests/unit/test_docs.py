"""What docs/engine.md and docs/network.md claim is what the code does."""

from __future__ import annotations

import re

import pytest

from components.daemon import daemon
from components.install import PACKAGES
from providers.swarm.overlay import VXLAN_BYTES, Cause
from providers.swarm.probe import WITH_ROOT
from spec.engine import EngineSpec, InstallSpec
from spec.ranges import ingress, ranges
from spec.stack import OVERLAY_MTU
from tests.conftest import ROOT
from tests.specs import stack

ENGINE = (ROOT / "docs" / "engine.md").read_text()
NETWORK = (ROOT / "docs" / "network.md").read_text()
SETTINGS = ENGINE.split("## How it is set")[1].split("## What is checked")[0]


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("row", rows(SETTINGS), ids=lambda row: row[0])
def test_every_setting_in_the_table_exists(row: list[str]) -> None:
    assert set(names(row[0])) <= set(EngineSpec.model_fields)


def test_every_setting_of_the_daemon_is_in_the_table() -> None:
    shown = {name for row in rows(SETTINGS) for name in names(row[1])}
    full = {
        "engine.data_root": "/d",
        "engine.mirrors": ["https://m.test"],
        "engine.runtimes": {"crun": {"path": "/c"}},
        "engine.default_runtime": "crun",
        "engine.userns_remap": "default",
    }
    assert daemon(stack(full).engine).keys() - {"log-driver"} <= shown


def test_the_defaults_in_the_table_are_the_defaults() -> None:
    engine = stack().engine
    shown = {names(row[0])[0]: row[2] for row in rows(SETTINGS)}
    assert shown["log_max_size"] == f"{engine.log_max_size}, {engine.log_max_file}"
    assert shown["address_pools"].startswith(f"{engine.address_pools[0].base} in /{engine.address_pools[0].size}")
    assert shown["ulimits"] == f"nofile {engine.ulimits['nofile'].soft}, at most {engine.ulimits['nofile'].hard}"
    for field in ("inter_container", "no_new_privileges", "userland_proxy"):
        assert shown[field] == str(getattr(engine, field)).lower()
    assert shown["runtimes"] == engine.default_runtime


def test_the_sources_in_the_table_are_the_sources() -> None:
    sources = rows(ENGINE.split("## How it is set")[0])
    assert {names(row[0])[0] for row in sources} == set(PACKAGES)
    docker = next(row for row in sources if names(row[0])[0] == "docker")
    assert InstallSpec().repository in names(docker[1])


def test_the_address_plan_shows_its_defaults() -> None:
    spec = stack()
    overlay = next(each.network for each in ranges(spec) if each.path == "cluster.overlay_pool")
    assert f"| {overlay} in /{spec.cluster.overlay_prefix} |" in NETWORK
    assert f"| {ingress(spec)} |" in NETWORK


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_is_explained(cause: Cause) -> None:
    assert f"| **{cause.value}**: " in NETWORK


def test_the_numbers_of_the_probe_are_right() -> None:
    assert f"`networks.NAME.mtu`, {OVERLAY_MTU} when left out" in NETWORK
    assert f"VXLAN's {VXLAN_BYTES} bytes" in NETWORK
    for tool in ("ip", "bridge", "python3"):
        assert f"`{tool}`" in NETWORK
        assert tool in WITH_ROOT
