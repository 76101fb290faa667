"""A data disk outlives its machine: it is a resource of its own, attached, and never deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.components.recordings import whole

DISK = "vsphere:index/virtualDisk:VirtualDisk"
OVERRIDE = "vsphere:index/storageDrsVmOverride:StorageDrsVmOverride"
SIZE = {"cluster.pools.workers.data_disk": "100 GiB"}


def full(**keys: Any) -> dict[str, Any]:
    return {"cluster.pools.workers.data_disk": {"size": "100 GiB", **keys}}


def test_each_node_of_the_pool_has_one_outside_its_machines_directory() -> None:
    recording = whole(SIZE)
    assert recording.of_type(DISK) == ["shop-workers-1-data", "shop-workers-2-data"]
    inputs = recording.inputs["shop-workers-1-data"]
    assert inputs["vmdkPath"] == "longshore-test/shop-workers-1-data.vmdk"
    assert (inputs["size"], inputs["type"], inputs["datastore"], inputs["datacenter"]) == (100, "thin", "vsan", "DC1")
    assert inputs["createDirectories"]


def test_it_is_protected_and_its_file_is_never_deleted() -> None:
    request = whole(SIZE).requests["shop-workers-1-data"]
    assert request.protect
    assert request.retainOnDelete


def test_protection_can_be_lifted_but_the_file_stays() -> None:
    request = whole(full(protect=False)).requests["shop-workers-1-data"]
    assert not request.protect
    assert request.retainOnDelete


def test_its_machine_only_attaches_it() -> None:
    system, data = whole(SIZE).inputs["shop-workers-1"]["disks"]
    assert (system["label"], system["unitNumber"]) == ("os", 0)
    assert data == {
        "label": "data",
        "attach": True,
        "path": "longshore-test/shop-workers-1-data.vmdk",
        "datastoreId": "datastore-1",
        "unitNumber": 1,
    }


def test_its_machine_comes_after_it_and_goes_before_it() -> None:
    dependencies = {urn.rsplit("::", 1)[1] for urn in whole(SIZE).requests["shop-workers-1"].dependencies}
    assert "shop-workers-1-data" in dependencies


def test_a_new_machine_keeps_the_disk() -> None:
    raised = SIZE | {"cluster.pools.workers.generations": {"1": 2}}
    before, after = whole(SIZE), whole(raised)
    name = "shop-workers-1-data"
    assert before.inputs[name] == after.inputs[name]
    assert not after.requests[name].HasField("replacement_trigger")
    assert before.requests["shop-workers-1"].replacement_trigger != after.requests["shop-workers-1"].replacement_trigger
    assert before.inputs["shop-workers-1"]["disks"] == after.inputs["shop-workers-1"]["disks"]


def test_other_pools_have_none() -> None:
    assert len(whole(SIZE).inputs["shop-managers-1"]["disks"]) == 1


@pytest.mark.parametrize(
    ("keys", "path", "datastore", "makes"),
    [
        ({"directory": "docker"}, "docker/shop-workers-2-data.vmdk", "vsan", False),
        ({"datastore": "fast"}, "longshore-test/shop-workers-2-data.vmdk", "fast", True),
    ],
)
def test_where_it_lies_can_be_chosen(keys: dict[str, Any], path: str, datastore: str, makes: bool) -> None:
    inputs = whole(full(**keys)).inputs["shop-workers-2-data"]
    assert (inputs["vmdkPath"], inputs["datastore"], inputs["createDirectories"]) == (path, datastore, makes)


def test_it_lies_in_its_nodes_zone() -> None:
    zones = {"a": {"datastore": "ds-a"}, "b": {"datastore": "ds-b"}}
    changes = SIZE | {"target.zones": zones, "cluster.pools.workers.zones": ["a", "b"]}
    inputs = whole(changes).inputs
    assert [inputs[f"shop-workers-{number}-data"]["datastore"] for number in (1, 2)] == ["ds-a", "ds-b"]


def test_storage_drs_leaves_such_a_machine_where_it_is() -> None:
    member = {"target.datastore": {"name": "ds1", "member_of": "gold"}}
    recording = whole(SIZE | member)
    assert recording.of_type(OVERRIDE) == ["shop-workers-1-stays", "shop-workers-2-stays"]
    inputs = recording.inputs["shop-workers-1-stays"]
    assert inputs == {
        "datastoreClusterId": "group-p1",
        "virtualMachineId": "shop-workers-1-id",
        "sdrsEnabled": "false",
    }
    assert not whole(member).of_type(OVERRIDE)
    assert not whole(SIZE).of_type(OVERRIDE)


def test_a_larger_system_disk_is_the_machines_own() -> None:
    [disk] = whole({"cluster.pools.workers.disk": "40 GiB"}).inputs["shop-workers-1"]["disks"]
    assert (disk["size"], disk["thinProvisioned"], disk["eagerlyScrub"]) == (40, True, False)
