from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lab import firewall
from lab.firewall import removals
from lab.record import Firewall

FILTER = """-P INPUT ACCEPT
-P FORWARD DROP
-N DOCKER
-N DOCKER-USER
-N MINE
-A FORWARD -j DOCKER-USER
-A FORWARD -o lab-1 -j DOCKER
-A FORWARD -j MINE
-A DOCKER-USER -j RETURN
-A DOCKER -j DOCKER-USER
"""


def test_the_jumps_go_first_then_the_chains() -> None:
    assert removals(FILTER.splitlines()) == [
        ["-D", "FORWARD", "-j", "DOCKER-USER"],
        ["-D", "FORWARD", "-o", "lab-1", "-j", "DOCKER"],
        ["-F", "DOCKER"],
        ["-F", "DOCKER-USER"],
        ["-X", "DOCKER"],
        ["-X", "DOCKER-USER"],
    ]


def test_other_chains_and_rules_are_left_alone() -> None:
    assert not any("MINE" in change for change in removals(FILTER.splitlines()))


def test_a_table_without_docker_needs_nothing() -> None:
    assert removals(["-P INPUT ACCEPT", "-A INPUT -j ACCEPT"]) == []


class Iptables:
    """Answers `-S` and records every change."""

    def __init__(self) -> None:
        self.changes: list[list[str]] = []

    def __call__(self, command: list[str]) -> str:
        assert command[:2] == ["iptables", "--wait"]
        if command[-1] == "-S":
            return FILTER if "filter" in command else "-N DOCKER\n"
        self.changes.append(command[2:])
        return ""


@pytest.fixture
def iptables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iptables:
    fake = Iptables()
    (tmp_path / "ip_forward").write_text("1\n")
    monkeypatch.setattr(firewall, "run", fake)
    monkeypatch.setattr(firewall, "IP_FORWARD", tmp_path / "ip_forward")
    monkeypatch.setattr(shutil, "which", lambda command: f"/usr/sbin/{command}")
    return fake


@pytest.mark.usefixtures("iptables")
def test_what_an_engine_will_change_is_looked_at_before() -> None:
    assert firewall.look() == Firewall(forward_policy="DROP", ip_forward="1")


def test_without_iptables_the_policy_is_the_kernels(iptables: Iptables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _command: None)
    assert firewall.look().forward_policy == "ACCEPT"
    assert iptables.changes == []


def test_chains_policy_and_forwarding_are_put_back(iptables: Iptables, tmp_path: Path) -> None:
    firewall.restore(Firewall(forward_policy="ACCEPT", ip_forward="0"))
    assert ["-t", "filter", "-D", "FORWARD", "-j", "DOCKER-USER"] in iptables.changes
    assert ["-t", "nat", "-X", "DOCKER"] in iptables.changes
    assert iptables.changes[-1] == ["-P", "FORWARD", "ACCEPT"]
    assert (tmp_path / "ip_forward").read_text() == "0"


@pytest.mark.parametrize(("names", "there"), [(["bash", "dockerd"], True), (["bash", "dockerd-proxy"], False)])
def test_another_engine_is_seen_by_its_name(
    names: list[str], there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.write_text(f"{path.name}\n")
    monkeypatch.setattr(firewall, "_process_names", lambda: paths)
    assert firewall.other_engine() is there
