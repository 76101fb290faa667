"""`longshore ports`: needs a stack file and nothing else."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.test_main import exit_code


def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert exit_code(monkeypatch, "ports", "-s", "example-vsphere", *arguments) == 0
    return capsys.readouterr().out


def test_the_tables_show_ranges_parties_and_ports(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(monkeypatch, capsys)
    for expected in ("172.17.0.0/16", "10.200.0.0/24", "10.20.0.11-10.20.0.13", "4789/udp", "2377/tcp"):
        assert expected in text


def test_the_rows_can_be_had_as_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(printed(monkeypatch, capsys, "--format", "json"))
    vxlan = next(row for row in rows if row["port"] == 4789)
    assert (vxlan["protocol"], vxlan["from"]["name"], vxlan["to"]["name"]) == ("udp", "nodes", "nodes")
    assert "10.20.0.12/31" in vxlan["to"]["addresses"]


def test_the_nsx_policy_is_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(printed(monkeypatch, capsys, "--format", "nsx"))["resource_type"] == "Infra"


def test_a_ruleset_is_for_one_role(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(monkeypatch, capsys, "--format", "nftables", "--role", "worker")
    assert text.startswith("# prod, workers")
    assert exit_code(monkeypatch, "ports", "-s", "example-vsphere", "--format", "nftables") == 2
    assert "add --role manager or --role worker" in capsys.readouterr().err


def test_a_stack_that_is_not_there_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(monkeypatch, "ports", "-s", "nowhere") == 2
    assert "can't be read" in capsys.readouterr().err
