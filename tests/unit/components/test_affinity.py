"""Rules of DRS and Storage DRS: who is kept apart, who stays where, and when a strict rule is refused."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.targets.vsphere import hosts
from components.targets.vsphere.hosts import enough
from spec.errors import TargetError
from spec.target import as_vsphere
from tests.specs import stack
from tests.unit.components.recordings import whole
from tests.unit.components.stacks import recorded

APART = "vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule"
DISKS_APART = "vsphere:index/datastoreClusterVmAntiAffinityRule:DatastoreClusterVmAntiAffinityRule"
STRICT = {"cluster.pools.managers.anti_affinity": {"mandatory": True}}


def test_managers_are_kept_apart_and_not_strictly() -> None:
    recording = whole()
    assert recording.of_type(APART) == ["shop-managers-apart"]
    rule = recording.inputs["shop-managers-apart"]
    assert rule["virtualMachineIds"] == [f"shop-managers-{number}-id" for number in (1, 2, 3)]
    assert rule["mandatory"] is False


@pytest.mark.parametrize(
    "changes",
    [{"cluster.pools.managers.anti_affinity": "none"}, {"cluster.pools.managers.count": 1}],
    ids=["declined", "alone"],
)
def test_no_rule_without_a_wish_or_without_two_machines(changes: dict[str, Any]) -> None:
    assert not whole(changes).of_type(APART)


def test_managers_of_two_pools_are_kept_apart_as_one() -> None:
    other = {"role": "manager", "count": 2, "cpus": 1, "memory": "2 GiB", "first_address": "10.20.0.51"}
    recording = whole({"cluster.pools.more": other})
    assert recording.of_type(APART) == ["shop-managers-apart"]
    assert len(recording.inputs["shop-managers-apart"]["virtualMachineIds"]) == 5


def test_a_pool_of_workers_has_a_rule_of_its_own() -> None:
    recording = whole({"cluster.pools.workers.anti_affinity": "hosts"})
    assert recording.of_type(APART) == ["shop-managers-apart", "shop-pool-workers-apart"]
    assert len(recording.inputs["shop-pool-workers-apart"]["virtualMachineIds"]) == 2


def test_disks_are_kept_apart_in_a_datastore_cluster() -> None:
    wish = {"cluster.pools.managers.anti_affinity": {"datastores": True}, "target.datastore": {"cluster": "gold"}}
    recording = whole(wish)
    [name] = recording.of_type(DISKS_APART)
    assert name == "shop-managers-disks-apart-gold"
    assert recording.inputs[name]["datastoreClusterId"] == "group-p1"
    assert len(recording.inputs[name]["virtualMachineIds"]) == 3


def test_machines_stay_on_the_hosts_of_their_group() -> None:
    inputs = whole({"target.host_group": {"name": "licensed", "mandatory": True}}).inputs
    assert len(inputs["shop-on-licensed"]["virtualMachineIds"]) == 5
    rule = inputs["shop-on-licensed-rule"]
    assert rule["vmGroupName"] == "shop-on-licensed"
    assert (rule["affinityHostGroupName"], rule["mandatory"]) == ("licensed", True)


def test_zones_have_hosts_of_their_own() -> None:
    zones = {"a": {"host_group": "rack-a"}, "b": {}}
    changes = {"target.host_group": "any", "target.zones": zones, "cluster.pools.workers.zones": ["a", "b"]}
    inputs = whole(changes).inputs
    assert inputs["shop-on-rack-a"]["virtualMachineIds"] == ["shop-workers-1-id"]
    assert len(inputs["shop-on-any"]["virtualMachineIds"]) == 4


def test_a_strict_rule_is_made_where_hosts_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "count", lambda *_: 4)
    assert recorded(STRICT).inputs["shop-managers-apart"]["mandatory"] is True


@pytest.mark.parametrize("preview", [False, True])
def test_a_strict_rule_that_would_block_maintenance_ends_the_preview_already(
    monkeypatch: pytest.MonkeyPatch, preview: bool
) -> None:
    monkeypatch.setattr(hosts, "count", lambda *_: 3)
    with pytest.raises(pulumi.RunError) as caught:
        recorded(STRICT, preview)
    assert "cluster.pools.managers.anti_affinity.mandatory: 3 machines" in str(caught.value)
    assert "need 4 hosts; the cluster has 3" in str(caught.value)
    assert "\n  -> leave mandatory out" in str(caught.value)


def test_hosts_are_not_counted_without_need(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(hosts, "count", lambda *each: asked.append(each))
    recorded()
    assert asked == []


def test_a_vcenter_that_is_away_is_named() -> None:
    target = as_vsphere(stack({"target.server": "127.0.0.1:9"}).target)
    with pytest.raises(TargetError, match=r"vCenter 127\.0\.0\.1:9"):
        hosts.count(target, "domain-c1", "password")


@given(st.integers(0, 64), st.integers(2, 64))
def test_the_arithmetic(count: int, machines: int) -> None:
    if count > machines:
        assert enough(count, machines, "x")
    else:
        with pytest.raises(TargetError, match=f"need {machines + 1} hosts; the cluster has {count}"):
            enough(count, machines, "x")
