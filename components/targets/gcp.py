"""Machines on Google Cloud: a shielded instance for each node. Why each argument: docs/targets/gcp.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Any

import pulumi
import pulumi_gcp as gcp
from pulumi_gcp import compute

from components import addresses
from components.data_disk import Device
from components.names import NodeIdentity
from components.targets import cloud
from components.targets.base import Machine
from components.targets.cloud import Balanced, Direction, Group, Rule
from spec.base import GIB
from spec.stack import StackSpec
from spec.target import GcpTarget

USER_DATA_LIMIT = 256 * 1024
"""Bytes of one metadata value (Google Cloud, "Set custom metadata")."""
SET_AT_BIRTH = ['metadata["user-data"]', "bootDisk.initializeParams", "resourcePolicies"]
"""What only a new machine takes up: another value is no reason to touch a running one."""
DEVICE = Device("/dev/disk/by-id/google-data", "google-data", seconds=60)
LAST, FIRST = 60000, 1000
"""Priorities: what is let through comes before what lets nothing through, and that before the network's own."""
PROBES = {
    "internal": ("35.191.0.0/16", "130.211.0.0/22"),
    "public": ("35.191.0.0/16", "209.85.152.0/22", "209.85.204.0/22"),
}
"""Where health checks come from (Google Cloud, "Probe IP ranges and firewall rules")."""


class Gcp:
    """One region of a project: looked up once, then a machine for each node."""

    def __init__(self, spec: StackSpec, opts: pulumi.ResourceOptions) -> None:
        assert isinstance(spec.target, GcpTarget)  # noqa: S101  it was chosen by that
        self.spec, self.target = spec, spec.target
        provider = gcp.Provider(
            "gcp",
            project=self.target.project,
            region=self.target.region,
            credentials=self.target.credentials,
            add_pulumi_attribution_label=False,
            opts=opts,
        )
        self.opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(provider=provider))
        self._asked = pulumi.InvokeOptions(provider=provider)
        found = self._subnetwork()
        self.network, self.subnet = str(found.network), str(found.self_link)
        self.opened = self._firewall()
        self.apart: dict[str, compute.ResourcePolicy] = {}

    def machine(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> Machine:
        """Make the machine of `node`, and its data disk if it has one."""
        opts = pulumi.ResourceOptions.merge(self.opts, opts)
        public = self._address(f"{node.name}-public", opts) if node.pool_name in self.target.public else None
        instance = self._instance(node, public, self._disk(node, opts), opts)
        return cloud.made(node, instance.id, public.address if public else None)

    def place(self, placed: Sequence[tuple[NodeIdentity, Machine]], opts: pulumi.ResourceOptions) -> None:
        """Put a load balancer in front of the published ports, if one is asked for; apart they are from birth."""
        passed_on = cloud.balanced(self.spec)
        if not self.target.load_balancer or not passed_on:
            return
        opts = pulumi.ResourceOptions.merge(self.opts, opts)
        roles = {role for each in passed_on for role in each.roles}
        zones: dict[str, list[Machine]] = defaultdict(list)
        for node, machine in placed:
            if cloud.group_of(node) in roles:
                zones[self._zone(node)].append(machine)
        name = f"{self.spec.cluster.name}-ingress"
        groups = [self._instances(f"{name}-{zone}", zone, machines, opts) for zone, machines in zones.items()]
        shared = self._address(name, opts, shared=self.target.load_balancer == "internal")
        for each in passed_on:
            self._pass_on(f"{name}-{each.port}-{each.protocol}", each, groups, shared, opts)

    def _instance(
        self,
        node: NodeIdentity,
        public: compute.Address | None,
        disk: compute.Disk | None,
        opts: pulumi.ResourceOptions,
    ) -> compute.Instance:
        reserved = self._address(f"{node.name}-address", opts, inside=str(node.address))
        card = {"subnetwork": self.subnet, "network_ip": reserved.address}
        apart = self._policy(node)
        own = cloud.machine_options(node, SET_AT_BIRTH, self.opened)
        return compute.Instance(
            node.name,
            name=node.name,
            zone=self._zone(node),
            machine_type=cloud.size_of(node, self.target),
            boot_disk={"auto_delete": True, "initialize_params": self._system(node)},
            attached_disks=[{"source": disk.id, "device_name": "data"}] if disk else None,
            network_interfaces=[card | ({"access_configs": [{"nat_ip": public.address}]} if public else {})],
            metadata={
                "user-data": cloud.user_data(node, self.spec, USER_DATA_LIMIT, DEVICE),
                "user-data-encoding": "base64",
                "block-project-ssh-keys": "TRUE",
                "enable-oslogin": "FALSE",
            },
            tags=[self._tag(cloud.group_of(node))],
            labels=cloud.tags(node, self.spec, self.target),
            shielded_instance_config={
                "enable_secure_boot": True, "enable_vtpm": True, "enable_integrity_monitoring": True,
            },
            scheduling=_spot() if node.pool_name in self.target.spot else None,
            resource_policies=apart.id if apart else None,
            allow_stopping_for_update=True,
            opts=pulumi.ResourceOptions.merge(opts, own),
        )  # fmt: skip

    def _system(self, node: NodeIdentity) -> dict[str, Any]:
        _, image = cloud.image_of(node, self.target)
        size = {"size": node.pool.disk // GIB} if node.pool.disk else {}
        return {"image": image, "type": self.target.disk_type, **size}

    def _disk(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> compute.Disk | None:
        """Make a node's data disk, apart from its machine. Whatever becomes of the resource, the disk stays."""
        disk = node.pool.own_disk
        if not disk:
            return None
        own = pulumi.ResourceOptions(protect=disk.protect, retain_on_delete=True)
        return compute.Disk(
            f"{node.name}-data",
            name=f"{node.name}-data",
            size=disk.size // GIB,
            type=self.target.disk_type,
            zone=self._zone(node),
            labels=cloud.tags(node, self.spec, self.target),
            opts=pulumi.ResourceOptions.merge(opts, own),
        )

    def _address(
        self, name: str, opts: pulumi.ResourceOptions, inside: str | None = None, shared: bool = False
    ) -> compute.Address:
        """Reserve an address: a given one of the subnet, one of it to be `shared` by forwarding rules, or public."""
        internal = bool(inside or shared)
        return compute.Address(
            name,
            name=name,
            address=inside,
            address_type="INTERNAL" if internal else "EXTERNAL",
            purpose="SHARED_LOADBALANCER_VIP" if shared else "GCE_ENDPOINT" if internal else None,
            subnetwork=self.subnet if internal else None,
            region=self.target.region,
            opts=opts,
        )

    def _policy(self, node: NodeIdentity) -> compute.ResourcePolicy | None:
        """Return the spread placement policy of a node's team."""
        team = cloud.team(node)
        if team and team not in self.apart:
            name = f"{self.spec.cluster.name}-{team}-apart"
            spread, region = {"availability_domain_count": 8}, self.target.region
            self.apart[team] = compute.ResourcePolicy(
                name, name=name, region=region, group_placement_policy=spread, opts=self.opts
            )
        return self.apart.get(team or "")

    def _firewall(self) -> list[pulumi.Resource]:
        probes = PROBES[self.target.load_balancer] if self.target.load_balancer else ()
        alike: dict[tuple[Group, Direction, str, int | None], list[Rule]] = defaultdict(list)
        for rule in cloud.rules(self.spec, [IPv4Network(each) for each in probes]):
            alike[rule.group, rule.direction, rule.protocol, rule.port].append(rule)
        made: list[pulumi.Resource] = [self._open(rules) for rules in alike.values()]
        for group in cloud.GROUPS:
            for direction in ("ingress", "egress"):
                way: dict[str, Any] = {"source_ranges": ["0.0.0.0/0"]} if direction == "ingress" else {}
                way |= {"priority": LAST, "denies": [{"protocol": "all"}]}
                made.append(self._rule(f"{group}-no-other-{direction}", group, direction, way))
        return made

    def _open(self, alike: list[Rule]) -> pulumi.Resource:
        """Let through what differs by its other side only."""
        one = alike[0]
        ports = {"ports": [str(one.port)]} if one.port else {}
        what = f"{one.protocol}-{one.port}" if one.port else one.protocol
        ranges = [str(rule.peer) for rule in alike if not isinstance(rule.peer, str)]
        groups = [rule.peer for rule in alike if isinstance(rule.peer, str)]
        way: dict[str, Any] = {"priority": FIRST, "allows": [{"protocol": one.protocol, **ports}]}
        way |= {"description": cloud.plain(one.why)}
        if one.direction == "ingress":
            way |= {"source_ranges": ranges or None, "source_tags": [self._tag(each) for each in groups] or None}
            return self._rule(f"{one.group}-from-{what}", one.group, "ingress", way)
        # Google's egress rules know no tags: the other group is its addresses.
        ranges += [str(each) for group in groups for each in self._of_group(group)]
        way |= {"destination_ranges": list(dict.fromkeys(ranges))}
        return self._rule(f"{one.group}-to-{what}", one.group, "egress", way)

    def _of_group(self, group: Group) -> tuple[IPv4Network, ...]:
        return addresses.role(self.spec, "manager" if group == "managers" else "worker").networks

    def _rule(self, name: str, group: Group, direction: str, way: dict[str, Any]) -> pulumi.Resource:
        full, project = f"{self.spec.cluster.name}-{name}", self.target.network.project
        made: pulumi.Resource = compute.Firewall(
            full, name=full, project=project, network=self.network, direction=direction.upper(),
            target_tags=[self._tag(group)], opts=self.opts, **way,
        )  # fmt: skip
        return made

    def _instances(
        self, name: str, zone: str, machines: list[Machine], opts: pulumi.ResourceOptions
    ) -> compute.InstanceGroup:
        members = [machine.id for machine in machines]
        return compute.InstanceGroup(name, name=name, zone=zone, network=self.network, instances=members, opts=opts)

    def _pass_on(
        self, name: str, port: Balanced, groups: list[Any], shared: compute.Address, opts: pulumi.ResourceOptions
    ) -> None:
        scheme = "INTERNAL" if self.target.load_balancer == "internal" else "EXTERNAL"
        region, protocol = self.target.region, port.protocol.upper()
        check = compute.RegionHealthCheck(
            f"{name}-check", name=f"{name}-check", region=region, tcp_health_check={"port": port.probe}, opts=opts
        )
        backends = [{"group": group.id, "balancing_mode": "CONNECTION"} for group in groups]
        service = compute.RegionBackendService(
            f"{name}-backend", name=f"{name}-backend", region=region, protocol=protocol, load_balancing_scheme=scheme,
            backends=backends, health_checks=check.id, opts=opts,
        )  # fmt: skip
        inside = {"network": self.network, "subnetwork": self.subnet} if scheme == "INTERNAL" else {}
        compute.ForwardingRule(
            name, name=name, region=region, load_balancing_scheme=scheme, ip_protocol=protocol,
            ports=[str(port.port)], ip_address=shared.id, backend_service=service.id, opts=opts, **inside,
        )  # fmt: skip

    def _subnetwork(self) -> Any:
        own = self.target.network
        keys = {"name": own.subnet, "region": self.target.region, "project": own.project or self.target.project}
        return cloud.looked_up(
            "target.network.subnet", own.subnet, lambda: compute.get_subnetwork(**keys, opts=self._asked)
        )

    def _zone(self, node: NodeIdentity) -> str:
        return self.target.zones[node.zone].zone if node.zone else self.target.zone

    def _tag(self, group: Group) -> str:
        return f"{self.spec.cluster.name}-{group}"


def _spot() -> dict[str, Any]:
    model = {"provisioning_model": "SPOT", "preemptible": True}
    return model | {"automatic_restart": False, "instance_termination_action": "STOP"}
