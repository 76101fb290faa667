"""The virtual machine of a node. Why each argument is as it is: docs/vcenter.md."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_vsphere as vsphere

from components.cloud_init import guestinfo
from components.interfaces import interfaces
from components.names import NodeIdentity
from components.targets.vsphere import disks
from components.targets.vsphere.hardware import Hardware
from components.targets.vsphere.inventory import Inventory
from spec.base import MIB
from spec.stack import StackSpec
from spec.storage import DatastoreCluster
from spec.targets.vsphere import VsphereTarget
from spec.template import template

SET_AT_BIRTH = ["clone", "extraConfig", "vapp", "annotation"]
"""What only a new machine takes up: another value is no reason to touch a running one."""

VCENTERS_OWN = ["disks[*].datastoreId", "hostSystemId", "eptRviMode", "hvMode", "swapPlacementPolicy"]
"""What vCenter changes by itself: vMotion, Storage DRS, and modes that it reports otherwise than they were set."""


def machine(
    node: NodeIdentity,
    spec: StackSpec,
    inventory: Inventory,
    folder: pulumi.Input[str],
    data_disk: vsphere.VirtualDisk | None,
    opts: pulumi.ResourceOptions,
) -> vsphere.VirtualMachine:
    """Clone the template for `node`: fixed name, declared address, hot-add from birth."""
    target = inventory.spec
    where = f"cluster.pools.{node.pool_name}.template" if node.pool.template else "target.template"
    hardware = inventory.hardware(template(node.pool.template or target.template), where)
    return vsphere.VirtualMachine(
        node.name,
        name=node.name,
        folder=folder,
        annotation=f"Made by Longshore from {hardware.label}",
        network_interfaces=_cards(node, inventory),
        disks=disks.attached(node, target, inventory, hardware, data_disk),
        clone={"template_uuid": hardware.id, "timeout": target.clone_minutes},
        extra_config=_filled(node, target.extra_config) | guestinfo(node, spec.engine, target),
        extra_config_reboot_required=False,
        vapp={"properties": _filled(node, target.vapp_properties)} if target.vapp_properties else None,
        tags=inventory.tags() or None,
        custom_attributes=_attributes(node, inventory),
        wait_for_guest_net_timeout=target.wait_for_guest_minutes,
        wait_for_guest_net_routable=target.wait_for_routable,
        ignored_guest_ips=dockers_own(spec),
        shutdown_wait_timeout=target.shutdown_minutes,
        opts=pulumi.ResourceOptions.merge(opts, _options(node, target)),
        **_place(node, inventory),
        **_size(node),
        **_copied(hardware),
    )


def dockers_own(spec: StackSpec) -> list[str]:
    """Return the ranges of Docker's own networks: VMware Tools must not report their addresses as the guest's."""
    bridges = [pool.base for pool in spec.engine.address_pools]
    return [str(each) for each in (*bridges, *spec.cluster.overlay_pool)]


def _options(node: NodeIdentity, target: VsphereTarget) -> pulumi.ResourceOptions:
    """Return what keeps a machine from being replaced, and how it is when it must be."""
    return pulumi.ResourceOptions(
        delete_before_replace=True,
        ignore_changes=SET_AT_BIRTH + VCENTERS_OWN,
        replacement_trigger=node.generation,
        additional_secret_outputs=["extraConfig"],
        custom_timeouts=pulumi.CustomTimeouts(create=f"{target.clone_minutes}m", delete="30m"),
    )


def _place(node: NodeIdentity, inventory: Inventory) -> dict[str, Any]:
    zone = inventory.spec.zones[node.zone] if node.zone else None
    pool, where = (zone.resource_pool, f"target.zones.{node.zone}.resource_pool") if zone else (None, "")
    if not pool:
        pool, where = inventory.spec.resource_pool, "target.resource_pool"
    chosen, field = disks.storage_of(node, inventory.spec)
    key = "datastore_cluster_id" if isinstance(chosen, DatastoreCluster) else "datastore_id"
    return {
        "resource_pool_id": inventory.resource_pool(pool, where),
        key: inventory.storage(chosen, field),
        "storage_policy_id": inventory.storage_policy(),
    }


def _size(node: NodeIdentity) -> dict[str, Any]:
    reserved = node.pool.memory_reservation
    return {
        "num_cpus": node.pool.cpus,
        "memory": node.pool.memory // MIB,
        "cpu_reservation": node.pool.cpu_reservation_mhz or None,
        "memory_reservation": reserved // MIB if reserved else None,
        "cpu_hot_add_enabled": True,
        "memory_hot_add_enabled": True,
    }


def _copied(hardware: Hardware) -> dict[str, Any]:
    return {
        "guest_id": hardware.guest_id,
        "firmware": hardware.firmware,
        "efi_secure_boot_enabled": hardware.secure_boot or None,
        "scsi_type": hardware.scsi_type,
        "enable_disk_uuid": True,
        "hv_mode": "hvAuto",
        "ept_rvi_mode": "automatic",
    }


def _cards(node: NodeIdentity, inventory: Inventory) -> list[Any]:
    cards = []
    for each in interfaces(node, inventory.spec):
        where = "target.network.name" if each.key == "primary" else f"target.networks.{each.key}.name"
        card = {"network_id": inventory.network(each.network, where), "adapter_type": "vmxnet3"}
        cards.append(card | ({"use_static_mac": True, "mac_address": each.mac} if each.mac else {}))
    return cards


def _attributes(node: NodeIdentity, inventory: Inventory) -> dict[str, str] | None:
    filled = _filled(node, inventory.spec.custom_attributes)
    return {inventory.custom_attribute(name): value for name, value in filled.items()} or None


def _filled(node: NodeIdentity, texts: dict[str, str]) -> dict[str, str]:
    return {key: node.filled(text) for key, text in texts.items()}
