"""The virtual machine that a node becomes: each argument, as docs/vcenter.md explains it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.cluster import DockerCluster
from spec.errors import TargetError
from tests import recorder
from tests.recorder import build
from tests.specs import stack
from tests.unit.components.recordings import whole
from tests.unit.components.stacks import recorded

WORKER = "shop-workers-1"
ITEM = {"library": "images", "item": "debian", "disk": "30 GiB", "guest_id": "debian12_64Guest", "firmware": "efi"}


def worker(changes: dict[str, Any]) -> dict[str, Any]:
    return whole(changes).inputs[WORKER]


def refusal(changes: dict[str, Any]) -> TargetError:
    """Return how the program refuses; the recording engine itself then ends with the unknown look-up."""
    caught: list[TargetError] = []

    def program() -> None:
        try:
            DockerCluster("shop", stack(changes), Path())
        except TargetError as error:
            caught.append(error)

    with pytest.raises(KeyError):
        build(program)
    return caught[0]


def test_what_is_left_out_is_not_asked_for() -> None:
    inputs = worker({})
    absent = {"tags", "customAttributes", "storagePolicyId", "memoryReservation", "cpuReservation", "vapp"}
    absent |= {
        "datastoreClusterId",
        "efiSecureBootEnabled",
        "replaceTrigger",
        "numCoresPerSocket",
        "latencySensitivity",
    }
    assert not absent & inputs.keys()
    assert len(inputs["networkInterfaces"]) == len(inputs["disks"]) == 1


def test_what_changes_by_itself_or_at_birth_only_is_ignored() -> None:
    assert set(whole().requests[WORKER].ignoreChanges) == {
        "clone", "extraConfig", "vapp", "annotation",
        "disks[*].datastoreId", "hostSystemId", "eptRviMode", "hvMode", "swapPlacementPolicy",
    }  # fmt: skip


def test_timeouts() -> None:
    changes = {"target.clone_minutes": 90, "target.shutdown_minutes": 5, "target.wait_for_guest_minutes": 20}
    recording = whole(changes)
    inputs, request = recording.inputs[WORKER], recording.requests[WORKER]
    assert (inputs["clone"]["timeout"], inputs["shutdownWaitTimeout"], inputs["waitForGuestNetTimeout"]) == (90, 5, 20)
    assert request.customTimeouts.create == "90m"


def test_docker_and_overlay_addresses_are_never_the_guests() -> None:
    assert worker({"cluster.overlay_pool": ["10.99.0.0/16"]})["ignoredGuestIps"] == ["172.17.0.0/16", "10.99.0.0/16"]


def test_extra_config_is_a_secret_in_the_state() -> None:
    assert list(whole().requests[WORKER].additionalSecretOutputs) == ["extraConfig"]


def test_reservations() -> None:
    changes = {"cluster.pools.workers.memory_reservation": "2 GiB", "cluster.pools.workers.cpu_reservation_mhz": 1500}
    inputs = worker(changes)
    assert (inputs["memoryReservation"], inputs["cpuReservation"]) == (2048, 1500)
    assert "memoryReservation" not in whole(changes).inputs["shop-managers-1"]


def test_tags_and_attributes_go_by_names_and_are_looked_up_once() -> None:
    changes = {
        "target.tags": {"env": ["dev"], "team": ["ops"]},
        "target.custom_attributes": {"owner": "{name}@{address}"},
    }
    recording = whole(changes)
    assert recording.inputs[WORKER]["tags"] == ["tag-1", "tag-1"]
    assert recording.inputs[WORKER]["customAttributes"] == {"101": "shop-workers-1@10.20.0.21"}
    asked = [name for name, _ in recording.lookups]
    assert asked.count("getCustomAttribute") == 1
    assert asked.count("getTag") == asked.count("getTagCategory") == 2
    assert ("getTag", {"name": "dev", "categoryId": "category-1"}) in recording.lookups


def test_nothing_is_looked_up_twice() -> None:
    asked = [(name, tuple(sorted(keys.items()))) for name, keys in whole().lookups]
    assert len(asked) == len(set(asked))


def test_a_storage_policy_is_the_machines_and_every_disks() -> None:
    changes = {"target.storage_policy": "gold", "cluster.pools.workers.data_disk": "10 GiB"}
    inputs = worker(changes)
    assert inputs["storagePolicyId"] == "policy-1"
    assert [disk["storagePolicyId"] for disk in inputs["disks"]] == ["policy-1", "policy-1"]


def test_a_datastore_cluster_takes_the_datastores_place() -> None:
    inputs = worker({"target.datastore": {"cluster": "gold"}})
    assert inputs["datastoreClusterId"] == "group-p1"
    assert "datastoreId" not in inputs


def test_a_template_is_found_in_its_folder() -> None:
    recording = whole({"target.template": {"name": "debian", "folder": "/templates/linux/"}})
    keys = {"name": "templates/linux/debian", "datacenterId": "datacenter-1"}
    assert ("getVirtualMachine", keys) in recording.lookups


def test_the_machine_says_what_it_was_made_from() -> None:
    assert worker({})["annotation"] == "Made by Longshore from debian-12-docker (template-1)"


def test_a_library_items_hardware_is_as_declared() -> None:
    recording = whole({"target.template": ITEM | {"secure_boot": True, "scsi_type": "lsilogic"}})
    inputs = recording.inputs[WORKER]
    assert inputs["clone"]["templateUuid"] == "item-1"
    assert (inputs["firmware"], inputs["scsiType"], inputs["guestId"]) == ("efi", "lsilogic", "debian12_64Guest")
    assert inputs["efiSecureBootEnabled"]
    assert inputs["disks"] == [{"label": "os", "size": 30, "unitNumber": 0}]
    keys = {"name": "debian", "libraryId": "library-1", "type": "ovf"}
    assert ("getContentLibraryItem", keys) in recording.lookups


def test_a_pool_may_have_a_template_of_its_own() -> None:
    inputs = whole({"cluster.pools.workers.template": ITEM}).inputs
    assert inputs[WORKER]["clone"]["templateUuid"] == "item-1"
    assert inputs["shop-managers-1"]["clone"]["templateUuid"] == "template-1"


def test_secure_boot_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "vsphere:index/getVirtualMachine:getVirtualMachine"
    monkeypatch.setitem(recorder.LOOKUPS, key, recorder.LOOKUPS[key] | {"efiSecureBootEnabled": True})
    assert recorded().inputs[WORKER]["efiSecureBootEnabled"] is True


def test_several_networks_are_several_cards_in_order() -> None:
    network = {"name": "nfs", "cidr": "10.60.0.0/24", "interface": "ens224"}
    changes = {"target.networks": {"storage": network}, "cluster.pools.workers.networks": {"storage": {}}}
    recording = whole(changes)
    assert [card["adapterType"] for card in recording.inputs[WORKER]["networkInterfaces"]] == ["vmxnet3"] * 2
    assert [keys["name"] for name, keys in recording.lookups if name == "getNetwork"] == ["app", "nfs"]
    assert len(recording.inputs["shop-managers-1"]["networkInterfaces"]) == 1


def test_a_reserved_mac_address_is_the_cards() -> None:
    inputs = whole({"cluster.pools.workers.macs": ["00:50:56:00:00:01", "00:50:56:00:00:02"]}).inputs
    [card] = inputs["shop-workers-2"]["networkInterfaces"]
    assert (card["useStaticMac"], card["macAddress"]) == (True, "00:50:56:00:00:02")


def test_an_address_by_dhcp_is_the_one_that_vmware_tools_report() -> None:
    changes = {"target.network.dhcp": True, "cluster.pools.workers.first_address": None}
    inputs = whole(changes).inputs
    assert "host" not in inputs["shop-workers-1-engine"]
    assert inputs["shop-managers-1-engine"]["host"] == "10.20.0.11"


def test_zones_give_resource_pool_datastore_and_label_in_turn() -> None:
    zones = {"a": {"resource_pool": "rp-a", "datastore": "ds-a"}, "b": {}}
    recording = whole({"target.zones": zones, "cluster.pools.workers.zones": ["a", "b"]})
    pools = [recording.inputs[f"shop-workers-{number}"]["resourcePoolId"] for number in (1, 2)]
    assert pools == ["resgroup-1", "pool-1"]
    assert {"name": "ds-a", "datacenterId": "datacenter-1"} in [keys for _, keys in recording.lookups]
    labels = [recording.inputs[f"shop-workers-{number}-member"]["labels"] for number in (1, 2)]
    assert labels == [{"pool": "workers", "zone": "a"}, {"pool": "workers", "zone": "b"}]


def test_vapp_properties_are_filled_in() -> None:
    assert worker({"target.vapp_properties": {"host": "{name}"}})["vapp"] == {"properties": {"host": WORKER}}


@pytest.mark.parametrize(
    ("changes", "token", "field"),
    [
        ({"target.tags": {"env": ["dev"]}}, "getTagCategory", "target.tags.env"),
        ({"target.tags": {"env": ["dev"]}}, "getTag", "target.tags.env"),
        ({"target.custom_attributes": {"owner": "x"}}, "getCustomAttribute", "target.custom_attributes.owner"),
        ({"target.storage_policy": "gold"}, "getPolicy", "target.storage_policy"),
        ({"target.datastore": {"cluster": "gold"}}, "getDatastoreCluster", "target.datastore"),
        ({"target.resource_pool": "prod"}, "getResourcePool", "target.resource_pool"),
        ({"target.template": ITEM}, "getContentLibrary", "target.template.library"),
        ({"target.template": ITEM}, "getContentLibraryItem", "target.template.item"),
        ({"cluster.pools.workers.template": "x"}, "getVirtualMachine", "target.template"),
        ({"cluster.pools.workers.data_disk": {"size": "1 GiB", "datastore": "x"}}, "getDatastore", "target.datastore"),
    ],
)
def test_what_vcenter_lacks_is_named(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], token: str, field: str
) -> None:
    monkeypatch.delitem(recorder.LOOKUPS, f"vsphere:index/{token}:{token}")
    assert refusal(changes).where == field


def test_a_pools_own_template_is_named_by_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(recorder.LOOKUPS, "vsphere:index/getContentLibrary:getContentLibrary")
    error = refusal({"cluster.pools.workers.template": ITEM})
    assert error.where == "cluster.pools.workers.template.library"
    assert "docs/vcenter.md" in error.fix
