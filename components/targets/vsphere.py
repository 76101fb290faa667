"""Machines on vSphere: clones of a template that configure themselves from guestinfo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pulumi
import pulumi_vsphere as vsphere

from components import names
from components.cloud_init import guestinfo
from components.names import NodeIdentity
from components.targets.base import Machine
from spec.base import GIB, MIB
from spec.engine import EngineSpec
from spec.errors import TargetError
from spec.target import VsphereTarget

DOCKER_RANGES = ["172.16.0.0/12"]
"""Addresses that Docker gives its own bridges; VMware Tools must not report them as the guest's."""

SET_AT_BIRTH = ["clone", "eptRviMode", "hvMode", "extraConfig", "hostSystemId", "swapPlacementPolicy"]
"""What only a new machine takes up, or vCenter changes by itself: no reason to touch a running one."""


class Vsphere:
    """One vCenter: looked up once, then a machine for each node."""

    def __init__(self, spec: VsphereTarget, engine: EngineSpec, opts: pulumi.ResourceOptions) -> None:
        self.spec = spec
        self.engine = engine
        self.provider = vsphere.Provider(
            "vcenter",
            vsphere_server=spec.server,
            user=spec.user,
            password=spec.password,
            allow_unverified_ssl=spec.allow_unverified_ssl,
            opts=opts,
        )
        self.opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(provider=self.provider))
        self._look_up()
        self.folder = vsphere.Folder(
            "folder",
            path=spec.folder or names.folder(pulumi.get_project(), pulumi.get_stack()),
            type="vm",
            datacenter_id=self.datacenter.id,
            opts=self.opts,
        )

    def _look_up(self) -> None:
        spec, invoke = self.spec, pulumi.InvokeOptions(provider=self.provider)
        with _named("datacenter", spec.datacenter):
            self.datacenter = vsphere.get_datacenter(name=spec.datacenter, opts=invoke)
        dc = self.datacenter.id
        with _named("cluster", spec.cluster):
            self.cluster = vsphere.get_compute_cluster(name=spec.cluster, datacenter_id=dc, opts=invoke)
        with _named("datastore", spec.datastore):
            self.datastore = vsphere.get_datastore(name=spec.datastore, datacenter_id=dc, opts=invoke)
        with _named("network.name", spec.network.name):
            self.network = vsphere.get_network(name=spec.network.name, datacenter_id=dc, opts=invoke)
        with _named("template", spec.template):
            self.template = vsphere.get_virtual_machine(name=spec.template, datacenter_id=dc, opts=invoke)
        self.pool_id = self.cluster.resource_pool_id
        if spec.resource_pool:
            with _named("resource_pool", spec.resource_pool):
                pool = vsphere.get_resource_pool(name=spec.resource_pool, datacenter_id=dc, opts=invoke)
            self.pool_id = pool.id

    def machine(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> Machine:
        """Clone the template for `node`: fixed name, static address, hot-add from birth."""
        spec, template = self.spec, self.template
        vm = vsphere.VirtualMachine(
            node.name,
            name=node.name,
            folder=self.folder.path,
            resource_pool_id=self.pool_id,
            datastore_id=self.datastore.id,
            num_cpus=node.pool.cpus,
            memory=node.pool.memory // MIB,
            cpu_hot_add_enabled=True,
            memory_hot_add_enabled=True,
            hv_mode="hvAuto",
            ept_rvi_mode="automatic",
            guest_id=template.guest_id,
            firmware=template.firmware,
            scsi_type=template.scsi_type,
            network_interfaces=[{"network_id": self.network.id, "adapter_type": "vmxnet3"}],
            disks=[self._system_disk(node)],
            clone={"template_uuid": template.id, "timeout": 60},
            extra_config=self._extra_config(node),
            extra_config_reboot_required=False,
            wait_for_guest_net_timeout=spec.wait_for_guest_minutes,
            wait_for_guest_net_routable=spec.wait_for_routable,
            ignored_guest_ips=DOCKER_RANGES,
            shutdown_wait_timeout=10,
            opts=self._machine_options(node, opts),
        )
        # The declared address is the truth; waiting for the machine only orders things.
        identity = vm.id.apply(lambda uuid: f"{uuid}@{node.generation}")
        return Machine(vm.id, identity, vm.id.apply(lambda _: str(node.address)))

    def keep_apart(self, name: str, machines: list[Machine], opts: pulumi.ResourceOptions) -> None:
        """Ask DRS to run `machines` on different hosts; not mandatory, so maintenance mode still works."""
        vsphere.ComputeClusterVmAntiAffinityRule(
            name,
            name=name,
            compute_cluster_id=self.cluster.id,
            virtual_machine_ids=[machine.id for machine in machines],
            opts=pulumi.ResourceOptions.merge(self.opts, opts),
        )

    def _machine_options(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
        own = pulumi.ResourceOptions(
            delete_before_replace=True,
            ignore_changes=SET_AT_BIRTH,
            replacement_trigger=node.generation,
            custom_timeouts=pulumi.CustomTimeouts(create="60m", delete="30m"),
        )
        return pulumi.ResourceOptions.merge(pulumi.ResourceOptions.merge(self.opts, opts), own)

    def _system_disk(self, node: NodeIdentity) -> vsphere.VirtualMachineDiskArgsDict:
        disk = self.template.disks[0]
        size = node.pool.disk // GIB if node.pool.disk else disk.size
        return {
            "label": "disk0",
            "size": size,
            "thin_provisioned": disk.thin_provisioned,
            "eagerly_scrub": disk.eagerly_scrub,
        }

    def _extra_config(self, node: NodeIdentity) -> dict[str, str]:
        declared = {
            key: value.replace("{name}", node.name).replace("{address}", str(node.address))
            for key, value in self.spec.extra_config.items()
        }
        return declared | guestinfo(node, self.engine, self.spec.network)


@contextmanager
def _named(field: str, name: str) -> Iterator[None]:
    """Say which field of the stack file a failed look-up belongs to."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  a failed look-up is a bare Exception in Pulumi's SDK
        reason = str(error).rsplit(": ", 1)[-1]
        fix = "correct it in the stack file; the account must be allowed to see it (docs/vcenter.md)"
        raise TargetError(f"target.{field}", f"{name}: {reason}", fix) from None
