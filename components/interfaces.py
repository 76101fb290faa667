"""A node's network interfaces: pure functions from spec to what the machine and the guest are told."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from components.names import NodeIdentity
from spec.addresses import Addressed
from spec.subnet import FurtherNetwork, Subnet
from spec.targets.vsphere import VsphereTarget

ONLY = "e*"
"""How an interface is found in the guest when it is the only one."""


@dataclass(frozen=True)
class Interface:
    """One network interface of one node. `address` is None when a DHCP server says it."""

    key: str
    network: str
    cidr: IPv4Network
    dhcp: bool
    address: IPv4Address | None
    mac: str | None
    match: dict[str, str]
    routes: tuple[tuple[str, IPv4Address], ...]
    dns: tuple[IPv4Address, ...]


def interfaces(node: NodeIdentity, target: VsphereTarget) -> list[Interface]:
    """Return a node's interfaces, in the order of the machine's network cards."""
    default = ("0.0.0.0/0", target.network.gateway)
    found = [_interface("primary", target.network, node.pool, node, (default,), target.network.dns)]
    for key, plan in node.pool.networks.items():
        network = target.networks[key]
        routes = tuple((str(subnet), via) for subnet, via in network.routes.items())
        found.append(_interface(key, network, plan, node, routes, ()))
    return found


def ethernets(found: list[Interface]) -> dict[str, Any]:
    """Return the `ethernets` of cloud-init's network configuration, version 2."""
    return {each.key: _ethernet(each) for each in found}


def _interface(
    key: str,
    network: Subnet | FurtherNetwork,
    plan: Addressed,
    node: NodeIdentity,
    routes: tuple[tuple[str, IPv4Address], ...],
    dns: tuple[IPv4Address, ...],
) -> Interface:
    mac = plan.mac(node.number)
    match = {"macaddress": mac} if mac else {"name": network.interface or ONLY}
    address = plan.address(node.number)
    return Interface(key, network.name, network.cidr, network.dhcp, address, mac, match, routes, dns)


def _ethernet(each: Interface) -> dict[str, Any]:
    if each.dhcp:
        # A reservation knows the machine by its MAC address, not by the identifier that systemd would make up.
        return {"match": each.match, "dhcp4": True, "dhcp-identifier": "mac"} | _nameservers(each)
    routes = [{"to": subnet, "via": str(via)} for subnet, via in each.routes]
    return {
        "match": each.match,
        "dhcp4": False,
        "addresses": [f"{each.address}/{each.cidr.prefixlen}"],
        **({"routes": routes} if routes else {}),
        **_nameservers(each),
    }


def _nameservers(each: Interface) -> dict[str, Any]:
    return {"nameservers": {"addresses": [str(server) for server in each.dns]}} if each.dns else {}
