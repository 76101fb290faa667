"""Machines on OpenStack: an instance and a port for each node. Why each argument: docs/targets/openstack.md."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from ipaddress import IPv4Network
from typing import Any

import pulumi
import pulumi_openstack as openstack
from pulumi_openstack import blockstorage, compute, images, loadbalancer, networking

from components.data_disk import Device
from components.names import NodeIdentity
from components.targets import cloud
from components.targets.base import Machine
from components.targets.cloud import Balanced, Group, Rule
from spec.base import GIB, MIB
from spec.stack import StackSpec
from spec.target import OpenstackTarget

USER_DATA_LIMIT = 65535
"""Bytes of base64 (OpenStack's compute API, "user_data")."""
SET_AT_BIRTH = ["userData", "imageId", "blockDevices", "schedulerHints", "availabilityZone"]
"""What only a new machine takes up: another value is no reason to touch a running one."""


class Openstack:
    """One project: looked up once, then a machine for each node."""

    def __init__(self, spec: StackSpec, opts: pulumi.ResourceOptions) -> None:
        assert isinstance(spec.target, OpenstackTarget)  # noqa: S101  it was chosen by that
        self.spec, self.target = spec, spec.target
        provider = openstack.Provider("openstack", **_session(self.target), opts=opts)
        self.opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(provider=provider))
        self._asked = pulumi.InvokeOptions(provider=provider)
        self._look_up = cache(self._found)
        self.network = self._look_up("target.network.name", self.target.network.name, networking.get_network)
        self.subnet = self._subnet()
        self.groups = self._security_groups()
        self.opened = [self._open(rule) for rule in cloud.rules(spec, proxies=self._proxies())]
        self.apart: dict[str, compute.ServerGroup] = {}

    def machine(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> Machine:
        """Make the machine of `node`, and its data volume if it has one."""
        opts = pulumi.ResourceOptions.merge(self.opts, opts)
        port = networking.Port(
            f"{node.name}-port",
            name=node.name,
            network_id=self.network,
            fixed_ips=[{"subnet_id": self.subnet, "ip_address": str(node.address)}],
            security_group_ids=[self.groups[cloud.group_of(node)].id],
            opts=opts,
        )
        instance = self._instance(node, port, self._volume(node, opts), opts)
        public = self._public(node.name, port.id, opts).address if node.pool_name in self.target.public else None
        return cloud.made(node, instance.id, public)

    def place(self, placed: Sequence[tuple[NodeIdentity, Machine]], opts: pulumi.ResourceOptions) -> None:
        """Put a load balancer in front of the published ports, if one is asked for; apart they are from birth."""
        passed_on = cloud.balanced(self.spec)
        if not self.target.load_balancer or not passed_on:
            return
        opts = pulumi.ResourceOptions.merge(self.opts, opts)
        name = f"{self.spec.cluster.name}-ingress"
        made = loadbalancer.LoadBalancer(name, name=name, vip_subnet_id=self.subnet, opts=opts)
        for each in passed_on:
            self._pass_on(name, made, each, [node for node, _ in placed], opts)
        if self.target.load_balancer == "public":
            self._public(name, made.vip_port_id, opts)

    def _instance(
        self,
        node: NodeIdentity,
        port: networking.Port,
        volume: blockstorage.Volume | None,
        opts: pulumi.ResourceOptions,
    ) -> compute.Instance:
        image, group = self._image(node), self._group(node)
        zone = self.target.zones[node.zone] if node.zone else None
        disks = _disks(node, self.target, image, volume)
        own = cloud.machine_options(node, SET_AT_BIRTH, self.opened)
        return compute.Instance(
            node.name,
            name=node.name,
            flavor_id=self._flavor(node),
            image_id=None if node.pool.disk else image,
            block_devices=disks or None,
            networks=[{"port": port.id}],
            user_data=self._user_data(node, volume),
            config_drive=True,
            availability_zone=zone.zone if zone else None,
            scheduler_hints=[{"group": group.id}] if group else None,
            metadata=cloud.tags(node, self.spec, self.target),
            stop_before_destroy=True,
            opts=pulumi.ResourceOptions.merge(opts, own),
        )

    def _volume(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> blockstorage.Volume | None:
        """Make a node's data volume, apart from its machine. Whatever becomes of the resource, the volume stays."""
        disk = node.pool.own_disk
        if not disk:
            return None
        zone = self.target.zones[node.zone] if node.zone else None
        own = pulumi.ResourceOptions(protect=disk.protect, retain_on_delete=True)
        return blockstorage.Volume(
            f"{node.name}-data",
            name=f"{node.name}-data",
            size=disk.size // GIB,
            availability_zone=zone.volumes if zone else None,
            volume_type=self.target.volume_type,
            metadata=cloud.tags(node, self.spec, self.target),
            opts=pulumi.ResourceOptions.merge(opts, own),
        )

    def _user_data(self, node: NodeIdentity, volume: blockstorage.Volume | None) -> pulumi.Input[str]:
        def packed(volume_id: str) -> str:
            # virtio tells the guest the first 20 characters of the volume's id as its serial number, SCSI all of them.
            device = Device(f"/dev/disk/by-id/*{volume_id[:20]}*", f"volume {volume_id}", seconds=60)
            return cloud.user_data(node, self.spec, USER_DATA_LIMIT, device)

        return volume.id.apply(packed) if volume else packed("")

    def _group(self, node: NodeIdentity) -> compute.ServerGroup | None:
        """Return the server group of a node's team. It exists for one machine too: it can't be joined later."""
        team = cloud.team(node)
        if team and team not in self.apart:
            name = f"{self.spec.cluster.name}-{team}-apart"
            policy = "anti-affinity" if cloud.strict(self.spec, team) else "soft-anti-affinity"
            self.apart[team] = compute.ServerGroup(name, name=name, policies=policy, opts=self.opts)
        return self.apart.get(team or "")

    def _security_groups(self) -> dict[Group, networking.SecGroup]:
        made, cluster = {}, self.spec.cluster.name
        for group in cloud.GROUPS:
            name, about = f"{cluster}-{group}", f"Longshore: {group} of {cluster}"
            made[group] = networking.SecGroup(
                name, name=name, description=about, delete_default_rules=True, opts=self.opts
            )
        return made

    def _open(self, rule: Rule) -> networking.SecGroupRule:
        peer = rule.peer if isinstance(rule.peer, str) else None
        return networking.SecGroupRule(
            f"{self.spec.cluster.name}-{rule.name}",
            security_group_id=self.groups[rule.group].id,
            direction=rule.direction,
            ethertype="IPv4",
            protocol=rule.protocol,
            port_range_min=rule.port,
            port_range_max=rule.port,
            remote_group_id=self.groups[peer].id if peer else None,
            remote_ip_prefix=None if peer else str(rule.peer),
            description=rule.why,
            opts=self.opts,
        )

    def _proxies(self) -> tuple[IPv4Network, ...]:
        """Return where Octavia asks from, and passes requests on from: an address of its own in the subnet."""
        return (self.target.network.cidr,) if self.target.load_balancer else ()

    def _pass_on(
        self,
        name: str,
        balancer: loadbalancer.LoadBalancer,
        port: Balanced,
        nodes: list[NodeIdentity],
        opts: pulumi.ResourceOptions,
    ) -> None:
        name, protocol = f"{name}-{port.port}-{port.protocol}", port.protocol.upper()
        clients = [str(each) for each in self.spec.access.clients]
        listener = loadbalancer.Listener(
            name, name=name, loadbalancer_id=balancer.id, protocol=protocol, protocol_port=port.port,
            allowed_cidrs=clients, opts=opts,
        )  # fmt: skip
        pool = loadbalancer.Pool(
            f"{name}-pool", name=name, listener_id=listener.id, protocol=protocol, lb_method="ROUND_ROBIN", opts=opts
        )
        check = "TCP" if port.protocol == "tcp" else "UDP-CONNECT"
        loadbalancer.Monitor(f"{name}-check", pool_id=pool.id, type=check, delay=5, timeout=3, max_retries=3, opts=opts)
        for node in nodes:
            if cloud.group_of(node) in port.roles:
                loadbalancer.Member(
                    f"{name}-{node.name}", name=node.name, pool_id=pool.id, address=str(node.address),
                    protocol_port=port.port, subnet_id=self.subnet, opts=opts,
                )  # fmt: skip

    def _public(self, name: str, port_id: pulumi.Input[str], opts: pulumi.ResourceOptions) -> networking.FloatingIp:
        pool = self.target.floating_network or ""
        return networking.FloatingIp(f"{name}-public", pool=pool, port_id=port_id, opts=opts)

    def _subnet(self) -> str:
        network = self.target.network
        field, more = ("subnet", ()) if network.subnet else ("cidr", (("cidr", str(network.cidr)),))
        keys = (("network_id", self.network), *more)
        return self._look_up(f"target.network.{field}", network.subnet or "", networking.get_subnet, keys)

    def _image(self, node: NodeIdentity) -> str:
        where, name = cloud.image_of(node, self.target)
        return self._look_up(where, name, images.get_image, (("most_recent", True),))

    def _flavor(self, node: NodeIdentity) -> str:
        """Return the id of the flavor that is named, or of the one that has just the pool's CPUs and memory."""
        if named := self.target.sizes.get(node.pool_name):
            return self._look_up(f"target.sizes.{node.pool_name}", named, compute.get_flavor)
        where = f"cluster.pools.{node.pool_name}.cpus"
        keys = (("vcpus", node.pool.cpus), ("ram", node.pool.memory // MIB))
        return self._look_up(where, "", compute.get_flavor, keys)

    def _found(self, where: str, name: str, function: Any, keys: tuple[tuple[str, Any], ...] = ()) -> str:
        asked = dict(keys) | ({"name": name} if name else {})
        said = name or ", ".join(f"{key} {value}" for key, value in keys)
        return str(cloud.looked_up(where, said, lambda: function(**asked, opts=self._asked).id))


def _session(target: OpenstackTarget) -> dict[str, Any]:
    common = {
        "auth_url": target.auth_url,
        "region": target.region,
        "cacert_file": target.ca_file,
        "insecure": target.allow_unverified_ssl or None,
        "endpoint_type": target.endpoint,
    }
    if target.application_credential:
        own = {"application_credential_id": target.application_credential}
        return common | own | {"application_credential_secret": target.application_credential_secret}
    domains = {"user_domain_name": target.domain, "project_domain_name": target.domain}
    return common | domains | {"user_name": target.user, "password": target.password, "tenant_name": target.project}


def _disks(
    node: NodeIdentity, target: OpenstackTarget, image: str, volume: blockstorage.Volume | None
) -> list[dict[str, Any]]:
    """Return a machine's disks where there is more to say than its image."""
    system: dict[str, Any] = {"uuid": image, "source_type": "image", "boot_index": 0, "delete_on_termination": True}
    if node.pool.disk:
        system |= {"destination_type": "volume", "volume_size": node.pool.disk // GIB}
        system |= {"volume_type": target.volume_type} if target.volume_type else {}
    else:
        system |= {"destination_type": "local"}
    if not volume:
        return [system] if node.pool.disk else []
    data = {"uuid": volume.id, "source_type": "volume", "destination_type": "volume", "boot_index": -1}
    return [system, data | {"delete_on_termination": False}]
