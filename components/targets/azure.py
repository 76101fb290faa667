"""Machines on Azure: a trusted-launch virtual machine for each node. Why each argument: docs/targets/azure.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from typing import Any

import pulumi
import pulumi_azure_native as azure
from pulumi_azure_native import compute, network, resources

from components import names
from components.data_disk import Device
from components.names import NodeIdentity
from components.targets import cloud
from components.targets.azure_balancer import Balancer
from components.targets.base import Machine
from components.targets.cloud import Group, Rule
from spec.base import GIB
from spec.stack import StackSpec
from spec.target import AzureTarget

USER_DATA_LIMIT = 64 * 1024 * 4 // 3
"""Bytes of base64: 64 KB before it is encoded (Azure, "Custom data and cloud-init on virtual machines")."""
SET_AT_BIRTH = ["osProfile", "storageProfile.imageReference", "availabilitySet", "priority", "evictionPolicy"]
"""What only a new machine takes up: another value is no reason to touch a running one."""
DEVICE = Device("/dev/disk/azure/scsi1/lun0 /dev/disk/azure/data/by-lun/0", "LUN 0", seconds=60)
PROBES = (IPv4Network("168.63.129.16/32"),)
"""Where health checks come from (Azure, "What is IP address 168.63.129.16?")."""
LOWEST, LAST = 100, 4096
"""Priorities of a security group's rules: the first one's, and the highest there is."""


class Azure:
    """One region of a subscription: looked up once, then a machine for each node."""

    def __init__(self, spec: StackSpec, opts: pulumi.ResourceOptions) -> None:
        assert isinstance(spec.target, AzureTarget)  # noqa: S101  it was chosen by that
        self.spec, self.target = spec, spec.target
        provider = azure.Provider(
            "azure",
            subscription_id=self.target.subscription,
            tenant_id=self.target.tenant,
            client_id=self.target.client,
            client_secret=self.target.client_secret,
            opts=opts,
        )
        self.opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(provider=provider))
        self.subnet = self._subnet(pulumi.InvokeOptions(provider=provider))
        self.home = self.target.resource_group or names.folder(pulumi.get_project(), pulumi.get_stack())
        self.group = self._resource_group("group", self.home, self.opts)
        keeping = pulumi.ResourceOptions.merge(self.opts, pulumi.ResourceOptions(retain_on_delete=True))
        kept = any(pool.own_disk for pool in spec.cluster.pools.values())
        # Azure deletes a group with everything in it, so what outlives the machines has one of its own.
        self.data = self._resource_group("data", f"{self.home}-data", keeping) if kept else None
        self.place_of = {"resource_group_name": self.group.name, "location": self.target.location}
        self.members = {group: self._members(group) for group in cloud.GROUPS}
        self.rules = {group: self._security_group(group) for group in cloud.GROUPS}
        self.apart: dict[str, compute.AvailabilitySet] = {}
        wanted = cloud.balanced(spec) if self.target.load_balancer else []
        self.balancer = Balancer(self, wanted) if wanted else None

    def machine(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> Machine:
        """Make the machine of `node`, and its data disk if it has one."""
        opts = pulumi.ResourceOptions.merge(self.opts, opts)
        public = self.public(f"{node.name}-public", opts) if node.pool_name in self.target.public else None
        vm = self._virtual_machine(node, self._card(node, public, opts), self._disk(node, opts), opts)
        return cloud.made(node, vm.id, public.ip_address if public else None)

    def place(self, placed: Sequence[tuple[NodeIdentity, Machine]], opts: pulumi.ResourceOptions) -> None:
        """Do nothing more: on Azure machines are apart, and in front of a load balancer, from birth."""

    def _virtual_machine(
        self,
        node: NodeIdentity,
        card: network.NetworkInterface,
        disk: compute.Disk | None,
        opts: pulumi.ResourceOptions,
    ) -> compute.VirtualMachine:
        apart, zone = self._availability_set(node), self._zones(node)
        spot = {"priority": "Spot", "eviction_policy": "Deallocate", "billing_profile": {"max_price": -1}}
        return compute.VirtualMachine(
            node.name,
            vm_name=node.name,
            **self.place_of,
            hardware_profile={"vm_size": cloud.size_of(node, self.target)},
            network_profile={"network_interfaces": [{"id": card.id, "primary": True, "delete_option": "Detach"}]},
            os_profile=self._guest(node),
            storage_profile=self._disks(node, disk),
            security_profile={
                "security_type": "TrustedLaunch",
                "uefi_settings": {"secure_boot_enabled": True, "v_tpm_enabled": True},
            },
            availability_set={"id": apart.id} if apart else None,
            zones=zone,
            tags=cloud.tags(node, self.spec, self.target),
            opts=pulumi.ResourceOptions.merge(opts, cloud.machine_options(node, SET_AT_BIRTH, ())),
            **(spot if self._is_spot(node) else {}),
        )

    def _guest(self, node: NodeIdentity) -> dict[str, Any]:
        """Return how the guest starts. Azure wants a user of its own, who gets the same keys; never `root`."""
        user = "longshore" if self.spec.engine.ssh.user == "root" else self.spec.engine.ssh.user
        path = f"/home/{user}/.ssh/authorized_keys"
        keys = [{"key_data": key, "path": path} for key in self.spec.engine.ssh.authorized_keys]
        return {
            "computer_name": node.name,
            "admin_username": user,
            "custom_data": cloud.user_data(node, self.spec, USER_DATA_LIMIT, DEVICE),
            "linux_configuration": {"disable_password_authentication": True, "ssh": {"public_keys": keys}},
        }

    def _disks(self, node: NodeIdentity, disk: compute.Disk | None) -> dict[str, Any]:
        kind = {"storage_account_type": self.target.disk_type}
        system: dict[str, Any] = {"create_option": "FromImage", "delete_option": "Delete", "managed_disk": kind}
        system |= {"disk_size_gb": node.pool.disk // GIB} if node.pool.disk else {}
        found = {"image_reference": _image(cloud.image_of(node, self.target)[1]), "os_disk": system}
        if not disk:
            return found
        data = {"lun": 0, "create_option": "Attach", "delete_option": "Detach", "managed_disk": {"id": disk.id}}
        return found | {"data_disks": [data]}

    def _disk(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> compute.Disk | None:
        """Make a node's data disk, apart from its machine. Whatever becomes of the resource, the disk stays."""
        disk = node.pool.own_disk
        if not disk or not self.data:
            return None
        own = pulumi.ResourceOptions(protect=disk.protect, retain_on_delete=True)
        return compute.Disk(
            f"{node.name}-data",
            disk_name=f"{node.name}-data",
            resource_group_name=self.data.name,
            location=self.target.location,
            zones=self._zones(node),
            sku={"name": self.target.disk_type},
            disk_size_gb=disk.size // GIB,
            creation_data={"create_option": "Empty"},
            network_access_policy="DenyAll",
            public_network_access="Disabled",
            tags=cloud.tags(node, self.spec, self.target),
            opts=pulumi.ResourceOptions.merge(opts, own),
        )

    def _card(
        self, node: NodeIdentity, public: network.PublicIPAddress | None, opts: pulumi.ResourceOptions
    ) -> network.NetworkInterface:
        group = cloud.group_of(node)
        pools = self.balancer.pools(group) if self.balancer else []
        address = {
            "name": "primary",
            "primary": True,
            "subnet": {"id": self.subnet},
            "private_ip_address": str(node.address),
            "private_ip_allocation_method": "Static",
            "application_security_groups": [{"id": self.members[group].id}],
            **({"public_ip_address": {"id": public.id}} if public else {}),
            **({"load_balancer_backend_address_pools": pools} if pools else {}),
        }
        return network.NetworkInterface(
            f"{node.name}-card", network_interface_name=node.name, **self.place_of, ip_configurations=[address],
            network_security_group={"id": self.rules[group].id}, tags=self.tags(), opts=opts,
        )  # fmt: skip

    def _members(self, group: Group) -> network.ApplicationSecurityGroup:
        name = f"{self.spec.cluster.name}-{group}"
        return network.ApplicationSecurityGroup(
            f"{name}-members", application_security_group_name=name, **self.place_of, tags=self.tags(), opts=self.opts
        )

    def _security_group(self, group: Group) -> network.NetworkSecurityGroup:
        name = f"{self.spec.cluster.name}-{group}"
        wanted = cloud.rules(self.spec, PROBES if self.target.load_balancer else ())
        rules = [self._open(rule, LOWEST + index) for index, rule in enumerate(wanted) if rule.group == group]
        return network.NetworkSecurityGroup(
            name, network_security_group_name=name, **self.place_of, security_rules=[*rules, *_nothing_else()],
            tags=self.tags(), opts=self.opts,
        )  # fmt: skip

    def _open(self, rule: Rule, priority: int) -> dict[str, Any]:
        side, other = ("source", "destination") if rule.direction == "ingress" else ("destination", "source")
        if isinstance(rule.peer, str):
            peer: dict[str, Any] = {f"{side}_application_security_groups": [{"id": self.members[rule.peer].id}]}
        else:
            peer = {f"{side}_address_prefix": "*" if rule.peer.prefixlen == 0 else str(rule.peer)}
        return _rule(rule.name, rule.direction, "Allow", priority, rule.protocol.capitalize(), rule.port) | {
            "description": cloud.plain(rule.why)[:140], f"{other}_address_prefix": "*", **peer,
        }  # fmt: skip

    def public(self, name: str, opts: pulumi.ResourceOptions) -> network.PublicIPAddress:
        """Return a public address."""
        return network.PublicIPAddress(
            name, public_ip_address_name=name, **self.place_of, sku={"name": "Standard"},
            public_ip_allocation_method="Static", tags=self.tags(), opts=opts,
        )  # fmt: skip

    def _availability_set(self, node: NodeIdentity) -> compute.AvailabilitySet | None:
        """Return the availability set of a node's team, unless zones keep it apart; spot machines can't be in one."""
        team = cloud.team(node)
        if not team or node.zone or self._is_spot(node):
            return None
        if team not in self.apart:
            name = f"{self.spec.cluster.name}-{team}-apart"
            self.apart[team] = compute.AvailabilitySet(
                name, availability_set_name=name, **self.place_of, sku={"name": "Aligned"},
                platform_fault_domain_count=2, platform_update_domain_count=5, tags=self.tags(), opts=self.opts,
            )  # fmt: skip
        return self.apart[team]

    def _resource_group(self, name: str, full: str, opts: pulumi.ResourceOptions) -> resources.ResourceGroup:
        where = self.target.location
        return resources.ResourceGroup(name, resource_group_name=full, location=where, tags=self.tags(), opts=opts)

    def _subnet(self, asked: pulumi.InvokeOptions) -> str:
        own = self.target.network
        keys = {"resource_group_name": own.resource_group, "virtual_network_name": own.name, "subnet_name": own.subnet}
        found = cloud.looked_up("target.network.subnet", own.subnet, lambda: network.get_subnet(**keys, opts=asked))
        return str(found.id)

    def _zones(self, node: NodeIdentity) -> list[str] | None:
        return [self.target.zones[node.zone].zone] if node.zone else None

    def _is_spot(self, node: NodeIdentity) -> bool:
        return node.pool_name in self.target.spot

    def tags(self) -> dict[str, str]:
        """Return what says whose everything is."""
        return self.target.tags | {"longshore-cluster": self.spec.cluster.name}


def _image(text: str) -> dict[str, str]:
    if text.startswith("/"):
        return {"id": text}
    return dict(zip(("publisher", "offer", "sku", "version"), text.split(":"), strict=True))


def _nothing_else() -> Iterator[dict[str, Any]]:
    """Yield what Azure's own rules would let through otherwise: everything inside the network, and outwards."""
    for direction in ("ingress", "egress"):
        anyone = {"source_address_prefix": "*", "destination_address_prefix": "*"}
        yield _rule(f"no-other-{direction}", direction, "Deny", LAST, "*", None) | anyone


def _rule(name: str, direction: str, access: str, priority: int, protocol: str, port: int | None) -> dict[str, Any]:
    way = "Inbound" if direction == "ingress" else "Outbound"
    ports = {"source_port_range": "*", "destination_port_range": str(port) if port else "*"}
    return {"name": name, "direction": way, "access": access, "priority": priority, "protocol": protocol, **ports}
