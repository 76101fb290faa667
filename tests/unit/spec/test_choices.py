"""Choices that may be written short or in full, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spec.affinity import AntiAffinity, HostGroup, host_group
from spec.base import GIB
from spec.pool import PoolSpec
from spec.storage import DataDisk, Datastore, DatastoreCluster, storage
from spec.target import as_vsphere
from spec.template import LibraryItem, VmTemplate, template
from tests.specs import stack
from tests.unit.spec.test_load import refusal

POOL = {"role": "worker", "count": 1, "cpus": 1, "memory": "1 GiB", "first_address": "10.0.0.1"}


def pool(**changes: Any) -> PoolSpec:
    return PoolSpec.model_validate(POOL | changes)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("vsan", Datastore(name="vsan")),
        ({"name": "ds1", "member_of": "gold"}, Datastore(name="ds1", member_of="gold")),
        ({"cluster": "gold"}, DatastoreCluster(cluster="gold")),
    ],
)
def test_storage(written: Any, meant: Any) -> None:
    assert storage(as_vsphere(stack({"target.datastore": written}).target).datastore) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("debian", VmTemplate(name="debian")),
        ({"name": "debian", "folder": "templates"}, VmTemplate(name="debian", folder="templates")),
    ],
)
def test_template(written: Any, meant: Any) -> None:
    assert template(as_vsphere(stack({"target.template": written}).target).template) == meant


def test_a_library_item_declares_its_hardware() -> None:
    written = {"library": "l", "item": "i", "disk": "20 GiB", "guest_id": "g", "firmware": "efi"}
    found = template(as_vsphere(stack({"target.template": written}).target).template)
    assert isinstance(found, LibraryItem)
    assert (found.disk, found.scsi_type, found.secure_boot, found.type) == (20 * GIB, "pvscsi", False, "ovf")


def test_host_group() -> None:
    assert host_group("licensed") == HostGroup(name="licensed")
    assert host_group(HostGroup(name="licensed", mandatory=True)) == HostGroup(name="licensed", mandatory=True)
    assert host_group(None) is None


def test_a_data_disk_by_its_size_is_dockers() -> None:
    assert pool(data_disk="100 GiB").own_disk == DataDisk.model_validate({"size": "100 GiB"})
    assert pool(data_disk="100 GiB").own_disk.mount == "/var/lib/docker"  # type: ignore[union-attr]
    assert pool().own_disk is None


def test_managers_are_kept_apart_unless_something_else_is_said() -> None:
    assert pool(role="manager").apart == AntiAffinity(hosts=True)
    assert not pool(role="manager", anti_affinity="none").apart.hosts
    assert not pool().apart.hosts
    assert pool(anti_affinity="hosts").apart.hosts
    assert pool(anti_affinity={"datastores": True}).apart == AntiAffinity(hosts=True, datastores=True)


def test_a_nodes_zone_depends_on_its_number_only() -> None:
    found = pool(zones=["a", "b"], count=5)
    assert [found.zone_of(number) for number in found.numbers()] == ["a", "b", "a", "b", "a"]
    assert pool().zone_of(1) is None


def test_addresses_counted_and_listed() -> None:
    assert str(pool().address(3)) == "10.0.0.3"
    listed = pool(first_address=None, addresses=["10.0.0.9", "10.0.0.4"])
    assert [str(listed.address(number)) for number in (1, 2, 3)] == ["10.0.0.9", "10.0.0.4", "None"]
    assert pool(macs=["00:50:56:AA:00:01"]).mac(1) == "00:50:56:aa:00:01"


@pytest.mark.parametrize(
    ("changes", "where", "found"),
    [
        ({"target.datastore": {"cluster": "gold", "nam": "x"}}, "target.datastore.nam:", "unknown key"),
        ({"target.datastore": {"nam": "x"}}, "target.datastore.nam:", "did you mean `name`?"),
        ({"target.datastore": {}}, "target.datastore.name:", "is missing"),
        ({"target.template": {"library": "l", "item": "i"}}, "target.template.firmware:", "is missing"),
        ({"target.template": {"name": "x", "foldr": "y"}}, "target.template.foldr:", "did you mean `folder`?"),
        ({"cluster.pools.workers.data_disk": 100}, "workers.data_disk:", "whole number of"),
        ({"cluster.pools.workers.data_disk": "100 MiB"}, "workers.data_disk:", "whole number of GiB"),
        ({"cluster.pools.workers.data_disk": {"size": "1 GiB", "mount": "data"}}, "workers.data_disk.mount:", ""),
        ({"cluster.pools.workers.data_disk": {"mount": "/data"}}, "workers.data_disk.size:", "is missing"),
        ({"cluster.pools.workers.disk": "1.5 GiB"}, "workers.disk:", "whole number of GiB"),
        ({"cluster.pools.workers.anti_affinity": "racks"}, "workers.anti_affinity:", "'none' or 'hosts'"),
        (
            {"cluster.pools.workers.anti_affinity": {"host": True}},
            "workers.anti_affinity.host:",
            "did you mean `hosts`?",
        ),
        ({"cluster.pools.workers.macs": ["00:50:56"]}, "workers.macs.0:", "pattern"),
        ({"target.folder": "/prod/shop"}, "target.folder:", "pattern"),
        ({"target.host_group": {"nme": "x"}}, "target.host_group.nme:", "did you mean `name`?"),
        ({"target.networks": {"nfs": {"name": "nfs"}}}, "target.networks.nfs.cidr:", "is missing"),
        ({"target.zones": {"a": {"cluster": "x"}}}, "target.zones.a.cluster:", "unknown key"),
    ],
)
def test_a_wrong_choice_is_named_by_the_path_in_the_file(
    tmp_path: Path, changes: dict[str, Any], where: str, found: str
) -> None:
    message = refusal(tmp_path, changes)
    assert where in message.replace("\n", ":\n")
    assert found in message
    assert "[" not in message.split(": ", 2)[1]
