"""What vCenter alone can do is refused for a cloud's machines, by name and with a way out."""

from __future__ import annotations

from typing import Any

import pytest

from cli import backup, pulumi, recover, revive
from cli.cloud_machines import MACHINES, PACKAGES, cloud_machines, refuse_half_made
from components.targets import TARGETS
from spec.errors import TargetError
from spec.target import KINDS
from tests.unit.cli.test_main import exit_code

CLUSTER: dict[str, Any] = {
    "managers": [{"host": "10.0.0.11", "port": 22}],
    "nodes": {"prod-managers-1": {"address": "10.0.0.11", "role": "manager"}},
}
EACH = pytest.mark.parametrize("token", MACHINES)


def state(token: str) -> dict[str, Any]:
    return {"resources": [{"type": token, "urn": f"urn:pulumi:prod::longshore::{token}::prod-managers-1"}]}


def cut_off(token: str) -> dict[str, Any]:
    return {"pending_operations": [{"type": "creating", "resource": {"type": token, "urn": f"urn::{token}::vm-1"}}]}


def test_every_target_but_vsphere_is_a_cloud() -> None:
    assert tuple(TARGETS) == KINDS
    assert ("vsphere", *MACHINES.values()) == KINDS
    assert set(PACKAGES) == {"openstack", "aws", "gcp", "azure-native"}


@EACH
def test_machines_are_known_by_their_nodes_name(token: str) -> None:
    assert cloud_machines(state(token)) == {"prod-managers-1": MACHINES[token]}
    assert cloud_machines({"resources": [{"type": "vsphere:x:X", "urn": "u"}]}) == cloud_machines({}) == {}


@EACH
def test_what_may_be_left_in_a_cloud_keeps_its_note(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setattr(pulumi, "clear_pending", lambda _: pytest.fail("the note was about to be lost"))
    with pytest.raises(TargetError, match=r"vm-1 \(\w+\).*vsphere only") as caught:
        recover.recover("prod", cut_off(token), yes=True)
    assert caught.value.exit_code == 3
    assert "--clear-pending-creates" in caught.value.fix


def test_what_the_state_knows_already_is_not_left_behind() -> None:
    token = "aws:ec2/instance:Instance"
    refuse_half_made("prod", cut_off(token) | {"resources": [{"urn": f"urn::{token}::vm-1", "type": token}]})
    refuse_half_made("prod", cut_off("docker:index/network:Network"))


@EACH
def test_an_update_warns_of_silent_machines_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], token: str
) -> None:
    monkeypatch.setattr(pulumi, "outputs", lambda _: {"cluster": CLUSTER})
    monkeypatch.setattr(revive, "_answers", lambda *_: False)
    revive.revive("prod", state(token), yes=True)
    said = capsys.readouterr().err
    assert "prod-managers-1: no answer" in said
    assert f"{MACHINES[token]}: starting a machine is for vsphere only" in said


@EACH
def test_a_restore_doesnt_begin_with_silent_managers(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setattr(revive, "_answers", lambda *_: False)
    with pytest.raises(TargetError, match="start it in the cloud"):
        backup._refuse_silent(CLUSTER, cloud_machines(state(token)))
    monkeypatch.setattr(revive, "_answers", lambda *_: True)
    backup._refuse_silent(CLUSTER, cloud_machines(state(token)))


@pytest.mark.parametrize("kind", KINDS[1:])
def test_ports_knows_every_target_and_nsx_belongs_to_vsphere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert exit_code(monkeypatch, "ports", "-s", f"example-{kind}") == 0
    assert "10.20.0.11-10.20.0.13" in capsys.readouterr().out
    assert exit_code(monkeypatch, "ports", "-s", f"example-{kind}", "--format", "nftables", "--role", "worker") == 0
    assert "table inet" in capsys.readouterr().out
    assert exit_code(monkeypatch, "ports", "-s", f"example-{kind}", "--format", "nsx") == 3
    assert f"{kind}: --format nsx is for vsphere only" in capsys.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
def test_check_takes_every_example(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert exit_code(monkeypatch, "check", f"example-{kind}") == 0
    assert "3 managers, 4 workers" in capsys.readouterr().out
