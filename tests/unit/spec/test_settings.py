"""Engine settings that a stack file may not have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spec.load import check_file
from tests.unit.spec.test_load import refusal, write


@pytest.mark.parametrize(
    ("changes", "where", "says"),
    [
        ({"engine.live_restore": True}, "engine.live_restore", "which live restore can't be used with"),
        ({"engine.default_runtime": "kata"}, "engine.default_runtime", "`kata` is not declared"),
        ({"engine.runtimes": {"runc": {"path": "/usr/bin/runc"}}}, "engine.runtimes.runc", "reserved"),
        ({"engine.runtimes": {"kata": {"path": "kata"}}}, "engine.runtimes.kata.path", "pattern"),
        ({"engine.data_root": "docker"}, "engine.data_root", "pattern"),
        ({"engine.data_root": "/srv/docker; rm"}, "engine.data_root", "pattern"),
        ({"engine.address_pools": [{"base": "10.99.0.0/24", "size": 16}]}, "address_pools.0", "must be 24 or more"),
        ({"engine.address_pools": []}, "engine.address_pools", "at least 1"),
        ({"engine.ulimits": {"nofile": {"soft": 10, "hard": 5}}}, "engine.ulimits.nofile", "`soft` must not be above"),
        ({"engine.ulimits": {"nofile": {"soft": -1, "hard": 5}}}, "engine.ulimits.nofile", "`soft` must not be above"),
        ({"engine.mirrors": ["ftp://mirror.test"]}, "engine.mirrors.0", "pattern"),
        ({"engine.registries": {"../../etc": {"ca": "-----BEGIN CERTIFICATE-----"}}}, "engine.registries", "pattern"),
        ({"engine.install": {"source": "docker", "key_fingerprint": "abc"}}, "key_fingerprint", "pattern"),
        ({"engine.install": {"source": "docker", "repository": "http://x.test"}}, "install.repository", "pattern"),
        ({"engine.install": {"source": "curl"}}, "engine.install.source", "image"),
        ({"engine.userns_remap": "a b"}, "engine.userns_remap", "pattern"),
        ({"networks.backend.mtu": 100}, "networks.backend.mtu", "576"),
        ({"cluster.data_path_port": 80}, "cluster.data_path_port", "1024"),
        ({"site_ranges": {"offices": "10.0.0.1/8"}}, "site_ranges.offices", "not a valid IPv4 network"),
        ({"access": {"operators": []}}, "access.operators", "at least 1"),
    ],
)  # fmt: skip
def test_a_setting_that_can_not_be_is_named(tmp_path: Path, changes: dict[str, Any], where: str, says: str) -> None:
    message = refusal(tmp_path, changes)
    assert where in message
    assert says in message


def test_settings_that_go_together_pass(tmp_path: Path) -> None:
    engine = {
        "engine.runtimes": {"kata": {"path": "/opt/kata/bin/kata", "args": ["--debug"]}},
        "engine.default_runtime": "kata",
        "engine.ulimits": {"core": {"soft": 0, "hard": 0}, "memlock": {"soft": 1, "hard": -1}},
        "engine.data_root": "/srv/docker",
    }
    assert check_file(write(tmp_path, engine)).engine.default_runtime == "kata"


@pytest.mark.parametrize(
    ("networks", "mtu"),
    [({}, 1450), ({"a": {"mtu": 1400}}, 1400), ({"a": {"mtu": 1400}, "b": {}}, 1450), ({"a": {"mtu": 8950}}, 8950)],
)
def test_what_must_get_through_is_the_largest_packet_of_any_network(
    tmp_path: Path, networks: dict[str, Any], mtu: int
) -> None:
    changes = {"networks": networks, "services": {}}
    assert check_file(write(tmp_path, changes)).overlay_mtu() == mtu
