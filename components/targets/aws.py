"""Machines on AWS: an EC2 instance for each node. Why each argument: docs/targets/aws.md."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from ipaddress import IPv4Network
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi_aws import ebs, ec2, lb, vpc

from components.data_disk import Device
from components.names import NodeIdentity
from components.targets import cloud
from components.targets.base import Machine
from components.targets.cloud import Balanced, Group, Rule
from spec.base import GIB
from spec.stack import StackSpec
from spec.target import AwsTarget

USER_DATA_LIMIT = 16 * 1024 * 4 // 3
"""Bytes of base64: 16 KB before it is encoded (AWS, "Run commands when you launch an EC2 instance")."""
SET_AT_BIRTH = ["userDataBase64", "ami", "placementGroup", "instanceMarketOptions"]
"""What only a new machine takes up: another value is no reason to touch a running one."""
ESP = "50"
"""By its number: AWS has names for TCP, UDP and ICMP only."""
DATA_DEVICE = "/dev/sdf"
"""What AWS calls the data volume; on Nitro the guest sees it by the volume's id."""


class Aws:
    """One region of an account: looked up once, then a machine for each node."""

    def __init__(self, spec: StackSpec, opts: pulumi.ResourceOptions) -> None:
        assert isinstance(spec.target, AwsTarget)  # noqa: S101  it was chosen by that
        self.spec, self.target = spec, spec.target
        provider = aws.Provider(
            "aws",
            region=self.target.region,
            access_key=self.target.access_key,
            secret_key=self.target.secret_key,
            assume_roles=[{"role_arn": self.target.assume_role}] if self.target.assume_role else None,
            opts=opts,
        )
        self.opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(provider=provider))
        self._asked = pulumi.InvokeOptions(provider=provider)
        self._zone, self._ami = cache(self._zone_of), cache(self._ami_of)
        self.groups = {group: self._security_group(group) for group in cloud.GROUPS}
        self.opened = [self._open(rule) for rule in cloud.rules(spec, self._probes())]
        self.apart: dict[str, ec2.PlacementGroup] = {}

    def machine(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> Machine:
        """Make the machine of `node`, and its data volume if it has one."""
        opts = pulumi.ResourceOptions.merge(self.opts, opts)
        volume = self._volume(node, opts)
        instance = self._instance(node, volume, opts)
        # Detaching stops the machine, so whoever talks to it comes after that and goes before it.
        after = [self._attached(node, instance, volume, opts).id] if volume else []
        public = self._public(node, instance, opts).public_ip if node.pool_name in self.target.public else None
        return cloud.made(node, instance.id, public, after)

    def place(self, placed: Sequence[tuple[NodeIdentity, Machine]], opts: pulumi.ResourceOptions) -> None:
        """Put a load balancer in front of the published ports, if one is asked for; apart they are from birth."""
        passed_on = cloud.balanced(self.spec)
        if not self.target.load_balancer or not passed_on:
            return
        opts = pulumi.ResourceOptions.merge(self.opts, opts)
        name = f"{self.spec.cluster.name}-ingress"
        zones = [zone.subnet for zone in self.target.zones.values()]
        made = lb.LoadBalancer(
            name,
            name=f"{self.spec.cluster.name[:24]}-ingress",
            load_balancer_type="network",
            internal=self.target.load_balancer == "internal",
            subnets=zones or [self.target.network.subnet],
            enable_cross_zone_load_balancing=True,
            tags=self._tags(name),
            opts=opts,
        )
        for each in passed_on:
            self._pass_on(f"{name}-{each.port}-{each.protocol}", made, each, placed, opts)

    def _instance(self, node: NodeIdentity, volume: ebs.Volume | None, opts: pulumi.ResourceOptions) -> ec2.Instance:
        system = {"volume_size": node.pool.disk // GIB} if node.pool.disk else {}
        apart = self._group(node)
        own = cloud.machine_options(node, SET_AT_BIRTH, self.opened)
        return ec2.Instance(
            node.name,
            ami=self._ami(*cloud.image_of(node, self.target)),
            instance_type=cloud.size_of(node, self.target),
            subnet_id=self._subnet(node),
            private_ip=str(node.address),
            associate_public_ip_address=False,
            vpc_security_group_ids=[self.groups[cloud.group_of(node)].id],
            placement_group=apart.name if apart else None,
            user_data_base64=self._user_data(node, volume),
            # Tokens only, and one hop: no container can ask for the machine's own credentials.
            metadata_options={"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1},
            root_block_device={"encrypted": True, "kms_key_id": self.target.kms_key, "volume_type": "gp3", **system},
            instance_market_options=_spot() if node.pool_name in self.target.spot else None,
            tags=self._tags(node.name) | cloud.tags(node, self.spec, self.target),
            opts=pulumi.ResourceOptions.merge(opts, own),
        )

    def _volume(self, node: NodeIdentity, opts: pulumi.ResourceOptions) -> ebs.Volume | None:
        """Make a node's data volume, apart from its machine. Whatever becomes of the resource, the volume stays."""
        disk = node.pool.own_disk
        if not disk:
            return None
        own = pulumi.ResourceOptions(protect=disk.protect, retain_on_delete=True)
        return ebs.Volume(
            f"{node.name}-data",
            size=disk.size // GIB,
            availability_zone=self._zone(node.zone),
            encrypted=True,
            kms_key_id=self.target.kms_key,
            type="gp3",
            tags=self._tags(f"{node.name}-data") | cloud.tags(node, self.spec, self.target),
            opts=pulumi.ResourceOptions.merge(opts, own),
        )

    def _attached(
        self, node: NodeIdentity, instance: ec2.Instance, volume: ebs.Volume, opts: pulumi.ResourceOptions
    ) -> ec2.VolumeAttachment:
        return ec2.VolumeAttachment(
            f"{node.name}-data-attached",
            device_name=DATA_DEVICE,
            instance_id=instance.id,
            volume_id=volume.id,
            stop_instance_before_detaching=True,
            opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True)),
        )

    def _public(self, node: NodeIdentity, instance: ec2.Instance, opts: pulumi.ResourceOptions) -> ec2.Eip:
        tags = self._tags(node.name)
        return ec2.Eip(f"{node.name}-public", instance=instance.id, domain="vpc", tags=tags, opts=opts)

    def _user_data(self, node: NodeIdentity, volume: ebs.Volume | None) -> pulumi.Input[str]:
        def packed(volume_id: str) -> str:
            serial = volume_id.replace("-", "")
            # Attached only once the machine runs, so a node waits for it longer than elsewhere.
            pattern = f"/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{serial}*"
            return cloud.user_data(node, self.spec, USER_DATA_LIMIT, Device(pattern, f"volume {volume_id}", 300))

        return volume.id.apply(packed) if volume else packed("")

    def _group(self, node: NodeIdentity) -> ec2.PlacementGroup | None:
        """Return the placement group of a node's team, whose machines are on different racks."""
        team = cloud.team(node)
        if team and team not in self.apart:
            name = f"{self.spec.cluster.name}-{team}-apart"
            self.apart[team] = ec2.PlacementGroup(
                name, name=name, strategy="spread", tags=self._tags(name), opts=self.opts
            )
        return self.apart.get(team or "")

    def _security_group(self, group: Group) -> ec2.SecurityGroup:
        name = f"{self.spec.cluster.name}-{group}"
        about = f"Longshore: {group} of {self.spec.cluster.name}"
        vpc_id, tags = self.target.network.vpc, self._tags(name)
        return ec2.SecurityGroup(name, name=name, description=about, vpc_id=vpc_id, tags=tags, opts=self.opts)

    def _open(self, rule: Rule) -> pulumi.Resource:
        kind = vpc.SecurityGroupIngressRule if rule.direction == "ingress" else vpc.SecurityGroupEgressRule
        peer = rule.peer if isinstance(rule.peer, str) else None
        port = -1 if rule.protocol == "icmp" else rule.port
        name = f"{self.spec.cluster.name}-{rule.name}"
        made: pulumi.Resource = kind(
            name,
            security_group_id=self.groups[rule.group].id,
            ip_protocol=ESP if rule.protocol == "esp" else rule.protocol,
            from_port=port,
            to_port=port,
            referenced_security_group_id=self.groups[peer].id if peer else None,
            cidr_ipv4=None if peer else str(rule.peer),
            description=cloud.plain(rule.why),
            tags=self._tags(name),
            opts=self.opts,
        )
        return made

    def _pass_on(
        self,
        name: str,
        balancer: lb.LoadBalancer,
        port: Balanced,
        placed: Sequence[tuple[NodeIdentity, Machine]],
        opts: pulumi.ResourceOptions,
    ) -> None:
        protocol, tags = port.protocol.upper(), self._tags(name)
        short = f"{self.spec.cluster.name[:16]}-{port.port}-{port.protocol}"
        group = lb.TargetGroup(
            f"{name}-targets", name=short, port=port.port, protocol=protocol, vpc_id=self.target.network.vpc,
            target_type="instance", health_check={"protocol": "TCP", "port": str(port.probe)}, tags=tags, opts=opts,
        )  # fmt: skip
        lb.Listener(
            name, load_balancer_arn=balancer.arn, port=port.port, protocol=protocol,
            default_actions=[{"type": "forward", "target_group_arn": group.arn}], tags=tags, opts=opts,
        )  # fmt: skip
        for node, machine in placed:
            if cloud.group_of(node) in port.roles:
                lb.TargetGroupAttachment(
                    f"{name}-{node.name}", target_group_arn=group.arn, target_id=machine.id, opts=opts
                )

    def _probes(self) -> tuple[IPv4Network, ...]:
        """Return where a network load balancer asks from: addresses of its own in its subnets."""
        zones = [zone.cidr for zone in self.target.zones.values()]
        return tuple(zones or [self.target.network.cidr]) if self.target.load_balancer else ()

    def _subnet(self, node: NodeIdentity) -> str:
        return self.target.zones[node.zone].subnet if node.zone else self.target.network.subnet

    def _zone_of(self, zone: str | None) -> str:
        if zone:
            return self.target.zones[zone].zone
        subnet = self.target.network.subnet
        found = cloud.looked_up("target.network.subnet", subnet, lambda: ec2.get_subnet(id=subnet, opts=self._asked))
        return str(found.availability_zone)

    def _ami_of(self, where: str, image: str) -> str:
        if image.startswith("ami-"):
            return image
        filters: Any = [{"name": "name", "values": [image]}, {"name": "state", "values": ["available"]}]
        owners = [self.target.image_owner]

        def ask() -> Any:
            return ec2.get_ami(owners=owners, filters=filters, most_recent=True, opts=self._asked)

        return str(cloud.looked_up(where, image, ask).id)

    def _tags(self, name: str) -> dict[str, str]:
        return self.target.tags | {"Name": name, "longshore-cluster": self.spec.cluster.name}


def _spot() -> dict[str, Any]:
    options = {"spot_instance_type": "one-time", "instance_interruption_behavior": "terminate"}
    return {"market_type": "spot", "spot_options": options}
