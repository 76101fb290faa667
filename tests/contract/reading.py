"""What each target was asked for, in words that are the same for all: the contract is told in these only."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from ruamel.yaml import YAML

from tests.recorder import Recording

SIDES = {"Inbound": ("ingress", "source"), "Outbound": ("egress", "destination")}
Row = tuple[str, str, str, int | None, str]
"""A group, ingress or egress, a protocol, a port, and the other side: a group or a range."""


@dataclass(frozen=True)
class Asked:
    """One node's machine. `tags`: whose it is. `apart`: what keeps it apart from others."""

    address: str
    user_data: str
    tags: dict[str, str]
    zone: str | None
    apart: str | None
    public: bool
    spot: bool
    size: Any


def asked(kind: str, recording: Recording, node: str) -> Asked:
    """Return what `kind` was asked for `node`."""
    return READERS[kind](recording.inputs, node)


def unpacked(text: str) -> str:
    return gzip.decompress(base64.b64decode(text)).decode()


def _vsphere(inputs: dict[str, Any], node: str) -> Asked:
    vm = inputs[node]
    extra = vm["extraConfig"]
    metadata = YAML(typ="safe").load(unpacked(extra["guestinfo.metadata"]))
    address = metadata["network"]["ethernets"]["primary"]["addresses"][0].partition("/")[0]
    rules = [name for name, each in inputs.items() if f"{node}-id" in each.get("virtualMachineIds", [])]
    hosts = [name for name in rules if "-on-" in name]
    return Asked(
        address=address,
        user_data=unpacked(extra["guestinfo.userdata"]),
        tags={},
        zone=hosts[0] if hosts else None,
        apart=next((name for name in rules if "apart" in name), None),
        public=False,
        spot=False,
        size=(vm["numCpus"], vm["memory"]),
    )


def _openstack(inputs: dict[str, Any], node: str) -> Asked:
    vm, hints = inputs[node], inputs[node].get("schedulerHints")
    return Asked(
        address=inputs[f"{node}-port"]["fixedIps"][0]["ipAddress"],
        user_data=unpacked(vm["userData"]),
        tags=vm["metadata"],
        zone=vm.get("availabilityZone"),
        apart=hints[0]["group"] if hints else None,
        public=f"{node}-public" in inputs,
        spot=False,
        size=vm["flavorId"],
    )


def _aws(inputs: dict[str, Any], node: str) -> Asked:
    vm = inputs[node]
    return Asked(
        address=vm["privateIp"],
        user_data=unpacked(vm["userDataBase64"]),
        tags=vm["tags"],
        zone=vm["subnetId"],
        apart=vm.get("placementGroup"),
        public=vm["associatePublicIpAddress"] or f"{node}-public" in inputs,
        spot=vm.get("instanceMarketOptions", {}).get("marketType") == "spot",
        size=vm["instanceType"],
    )


def _gcp(inputs: dict[str, Any], node: str) -> Asked:
    vm, [card] = inputs[node], inputs[node]["networkInterfaces"]
    return Asked(
        address=card["networkIp"],
        user_data=unpacked(vm["metadata"]["user-data"]),
        tags=vm["labels"],
        zone=vm["zone"],
        apart=vm.get("resourcePolicies"),
        public="accessConfigs" in card,
        spot=vm.get("scheduling", {}).get("provisioningModel") == "SPOT",
        size=vm["machineType"],
    )


def _azure(inputs: dict[str, Any], node: str) -> Asked:
    vm, [card] = inputs[node], inputs[f"{node}-card"]["ipConfigurations"]
    return Asked(
        address=card["privateIPAddress"],
        user_data=unpacked(vm["osProfile"]["customData"]),
        tags=vm["tags"],
        zone=vm["zones"][0] if "zones" in vm else None,
        apart=vm.get("availabilitySet", {}).get("id"),
        public="publicIPAddress" in card,
        spot=vm.get("priority") == "Spot",
        size=vm["hardwareProfile"]["vmSize"],
    )


READERS = {"vsphere": _vsphere, "openstack": _openstack, "aws": _aws, "gcp": _gcp, "azure": _azure}


def let_through(kind: str, recording: Recording) -> set[Row]:
    """Return everything that a cloud's security groups let through."""
    return set(RULES[kind](recording))


def _named(group: str) -> str:
    return group.removesuffix("-id").removesuffix("-members").rpartition("-")[2]


def _openstack_rules(recording: Recording) -> Iterator[Row]:
    for name in recording.of_type("openstack:networking/secGroupRule:SecGroupRule"):
        rule = recording.inputs[name]
        peer = _named(rule["remoteGroupId"]) if "remoteGroupId" in rule else rule["remoteIpPrefix"]
        port = rule.get("portRangeMin")
        assert port == rule.get("portRangeMax")
        yield _named(rule["securityGroupId"]), rule["direction"], rule["protocol"], _whole(port), peer


def _aws_rules(recording: Recording) -> Iterator[Row]:
    for direction in ("Ingress", "Egress"):
        kind = f"securityGroup{direction}Rule:SecurityGroup{direction}Rule"
        for name in recording.of_type(f"aws:vpc/{kind}"):
            rule = recording.inputs[name]
            peer = (
                _named(rule["referencedSecurityGroupId"]) if "referencedSecurityGroupId" in rule else rule["cidrIpv4"]
            )
            protocol = {"50": "esp"}.get(rule["ipProtocol"], rule["ipProtocol"])
            assert rule.get("fromPort") == rule.get("toPort")
            port = None if protocol == "icmp" else _whole(rule.get("fromPort"))
            yield _named(rule["securityGroupId"]), direction.lower(), protocol, port, peer


def _gcp_rules(recording: Recording) -> Iterator[Row]:
    for name in recording.of_type("gcp:compute/firewall:Firewall"):
        rule = recording.inputs[name]
        if "denies" in rule:
            assert rule["priority"] == 60000
            continue
        [group], [allow] = rule["targetTags"], rule["allows"]
        peers = [_named(tag) for tag in rule.get("sourceTags", [])]
        peers += rule.get("sourceRanges", []) + rule.get("destinationRanges", [])
        for peer in peers:
            port = int(allow["ports"][0]) if "ports" in allow else None
            yield _named(group), rule["direction"].lower(), allow["protocol"], port, peer


def _azure_rules(recording: Recording) -> Iterator[Row]:
    for name in recording.of_type("azure-native:network:NetworkSecurityGroup"):
        rules = recording.inputs[name]["securityRules"]
        assert len({(rule["priority"], rule["direction"]) for rule in rules}) == len(rules)
        for rule in rules:
            direction, side = SIDES[rule["direction"]]
            groups, prefix = rule.get(f"{side}ApplicationSecurityGroups"), rule.get(f"{side}AddressPrefix")
            peer = _named(groups[0]["id"]) if groups else prefix.replace("*", "0.0.0.0/0")
            if rule["access"] == "Deny":
                assert (rule["priority"], rule["protocol"]) == (4096, "*")
                continue
            port = rule["destinationPortRange"]
            yield _named(name), direction, rule["protocol"].lower(), None if port == "*" else int(port), peer


RULES = {"openstack": _openstack_rules, "aws": _aws_rules, "gcp": _gcp_rules, "azure": _azure_rules}


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def ranges(peers: set[str], roles: dict[str, tuple[IPv4Network, ...]]) -> set[IPv4Network]:
    """Return peers as addresses: a group is that of its nodes."""
    return {each for peer in peers for each in roles.get(peer) or (IPv4Network(peer),)}
