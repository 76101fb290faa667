"""Machines on vSphere: clones of a template that configure themselves from guestinfo."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_vsphere as vsphere

from components import names
from components.names import NodeIdentity
from components.targets.base import Machine
from components.targets.vsphere import affinity, disks, virtual_machine
from components.targets.vsphere.inventory import Inventory
from spec.stack import StackSpec
from spec.target import as_vsphere


class Vsphere:
    """One vCenter: looked up once, then a machine for each node."""

    def __init__(self, spec: StackSpec, opts: pulumi.ResourceOptions) -> None:
        self.spec = spec
        self.target = target = as_vsphere(spec.target)
        provider = vsphere.Provider(
            "vcenter",
            vsphere_server=target.server,
            user=target.user,
            password=target.password,
            allow_unverified_ssl=target.allow_unverified_ssl,
            api_timeout=30,
            opts=opts,
        )
        self.opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(provider=provider))
        self.inventory = Inventory(target, provider)
        self.directory = names.folder(pulumi.get_project(), pulumi.get_stack())
        self.folder = vsphere.Folder(
            "folder",
            path=target.folder or self.directory,
            type="vm",
            datacenter_id=self.inventory.datacenter,
            opts=self.opts,
        )

    def machine(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> Machine:
        """Make the machine of `node`, and its data disk if it has one."""
        opts = pulumi.ResourceOptions.merge(self.opts, opts)
        disk = disks.data_disk(node, self.target, self.directory, opts)
        vm = virtual_machine.machine(node, self.spec, self.inventory, self.folder.path, disk, opts)
        disks.stay(node, self.target, self.inventory, vm, opts)
        # A vCenter may give the id out again, so the generation makes a new machine of it.
        identity = vm.id.apply(lambda uuid: f"{uuid}@{node.generation}")
        return Machine(vm.id, identity, _address(node, vm))

    def place(self, placed: Sequence[tuple[NodeIdentity, Machine]], opts: pulumi.ResourceOptions) -> None:
        """Ask DRS to keep machines apart, and on their hosts."""
        affinity.place(self.spec, self.inventory, placed, pulumi.ResourceOptions.merge(self.opts, opts))


def _address(node: NodeIdentity, vm: vsphere.VirtualMachine) -> pulumi.Output[str]:
    """Return the declared address, which is the truth: waiting for the machine only orders things."""
    return vm.id.apply(lambda _: str(node.address)) if node.address else vm.default_ip_address
