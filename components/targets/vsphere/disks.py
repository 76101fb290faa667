"""A machine's disks: its own, and the one that outlives it."""

from __future__ import annotations

import pulumi
import pulumi_vsphere as vsphere

from components import data_disk as boot
from components import names
from components.names import NodeIdentity
from components.targets.vsphere.hardware import Hardware
from components.targets.vsphere.inventory import Inventory
from spec.base import GIB
from spec.storage import DataDisk, Datastore, DatastoreCluster, storage
from spec.targets.vsphere import VsphereTarget

Disk = vsphere.VirtualMachineDiskArgsDict


def storage_of(node: NodeIdentity, target: VsphereTarget) -> tuple[Datastore | DatastoreCluster, str]:
    """Return where a node's disks lie, and the field that says so."""
    if node.zone and (own := target.zones[node.zone].datastore):
        return storage(own), f"target.zones.{node.zone}.datastore"
    return storage(target.datastore), "target.datastore"


def data_disk(
    node: NodeIdentity, target: VsphereTarget, directory: str, opts: pulumi.ResourceOptions
) -> vsphere.VirtualDisk | None:
    """Make a node's data disk, apart from its machine. Whatever becomes of the resource, the file stays.

    Its type is ignored once it exists: a storage policy may have chosen another.
    """
    disk = node.pool.own_disk
    if not disk:
        return None
    own = pulumi.ResourceOptions(protect=disk.protect, retain_on_delete=True, ignore_changes=["type"])
    return vsphere.VirtualDisk(
        f"{node.name}-data",
        vmdk_path=names.data_disk(directory, node),
        size=disk.size // GIB,
        type="thin",
        datacenter=target.datacenter,
        datastore=_home(node, target, disk)[0],
        create_directories=not disk.directory,
        opts=pulumi.ResourceOptions.merge(opts, own),
    )


def attached(
    node: NodeIdentity,
    target: VsphereTarget,
    inventory: Inventory,
    hardware: Hardware,
    data: vsphere.VirtualDisk | None,
) -> list[Disk]:
    """Return a machine's disks, by labels that never change: another label is another disk."""
    policy = inventory.storage_policy()
    found: list[Disk] = [_system(node, hardware, policy)]
    disk = node.pool.own_disk
    if data and disk:
        # Named by the resource's output, so that the machine goes before its disk, and comes after it.
        own: Disk = {
            "label": "data",
            "attach": True,
            "path": data.vmdk_path,
            "datastore_id": inventory.datastore(*_home(node, target, disk)),
            "unit_number": boot.UNIT,
        }
        found.append(_with_policy(own, policy))
    return found


def stay(
    node: NodeIdentity,
    target: VsphereTarget,
    inventory: Inventory,
    vm: vsphere.VirtualMachine,
    opts: pulumi.ResourceOptions,
) -> None:
    """Tell Storage DRS to leave a machine alone whose data disk it would move (terraform-provider-vsphere#1833)."""
    chosen, where = storage_of(node, target)
    if node.pool.own_disk and isinstance(chosen, Datastore) and chosen.member_of:
        vsphere.StorageDrsVmOverride(
            f"{node.name}-stays",
            datastore_cluster_id=inventory.datastore_cluster(chosen.member_of, f"{where}.member_of"),
            virtual_machine_id=vm.id,
            sdrs_enabled="false",
            opts=opts,
        )


def _system(node: NodeIdentity, hardware: Hardware, policy: str | None) -> Disk:
    size = node.pool.disk // GIB if node.pool.disk else hardware.disk_gib
    disk: Disk = {"label": "os", "size": size, "unit_number": 0}
    if hardware.thin is not None:
        disk["thin_provisioned"] = hardware.thin
        disk["eagerly_scrub"] = bool(hardware.scrubbed)
    return _with_policy(disk, policy)


def _with_policy(disk: Disk, policy: str | None) -> Disk:
    if policy:
        disk["storage_policy_id"] = policy
    return disk


def _home(node: NodeIdentity, target: VsphereTarget, disk: DataDisk) -> tuple[str, str]:
    """Return the datastore of a node's data disk, and the field that says so."""
    if disk.datastore:
        return disk.datastore, f"cluster.pools.{node.pool_name}.data_disk.datastore"
    chosen, where = storage_of(node, target)
    assert isinstance(chosen, Datastore)  # noqa: S101  else refused (spec.machines)
    return chosen.name, where
