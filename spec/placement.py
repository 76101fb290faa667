"""What is wrong with the nodes' addresses although each is right by itself."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from spec.attachment import Attachment, attachments
from spec.problems import Problem
from spec.stack import StackSpec


def nodes_have_addresses(spec: StackSpec) -> Iterator[Problem]:
    """Every node's address is given, in one way. Only workers may leave it to a DHCP server."""
    for each in attachments(spec):
        plan, pool = each.plan, each.pool
        if plan.first_address and plan.addresses:
            yield Problem(f"{each.where}.addresses", "first_address is given too", "keep one of the two")
        elif not plan.first_address and len(plan.addresses) < pool.count and (plan.addresses or _needed(each)):
            found = f"{len(plan.addresses)} for {pool.count} nodes" if plan.addresses else "are missing"
            yield Problem(f"{each.where}.addresses", found, "list one for each node, or give a first_address")


def managers_keep_their_address(spec: StackSpec) -> Iterator[Problem]:
    """A manager's address can't change (moby/moby#25432), so by DHCP it needs a reservation."""
    for each in attachments(spec):
        manager = each.pool.role == "manager" and not each.network_name
        if manager and each.network.dhcp and len(each.plan.macs) < each.pool.count:
            yield Problem(
                f"{each.where}.macs",
                f"{len(each.plan.macs)} for {each.pool.count} managers, whose addresses come by DHCP and can't change",
                "reserve each address in the DHCP server and give the MAC addresses here, or use static addresses",
            )


def macs_are_used_once(spec: StackSpec) -> Iterator[Problem]:
    """A list of MAC addresses has one for each node, and no two interfaces share one."""
    owners: dict[str, str] = {}
    for each in attachments(spec):
        if each.plan.macs and len(each.plan.macs) < each.pool.count and not _refused_already(each):
            found = f"{len(each.plan.macs)} for {each.pool.count} nodes"
            yield Problem(f"{each.where}.macs", found, "list one for each node, or none")
        for mac in each.plan.macs:
            if mac in owners:
                yield Problem(f"{each.where}.macs", f"{mac} is given in {owners[mac]} already", "use each once")
                break
            owners[mac] = each.where


def addresses_lie_in_the_subnet(spec: StackSpec) -> Iterator[Problem]:
    """Every address is a host address of its network, and not the gateway's."""
    for each in attachments(spec):
        cidr = each.network.cidr
        for address in each.known():
            if address not in cidr or address in (cidr[0], cidr[-1]):
                fix = f"choose addresses of {cidr} that leave room for {each.pool.count} nodes"
                yield Problem(each.place(), f"{address} is no host address of {cidr}", fix)
                break
            if address == spec.target.network.gateway:
                yield Problem(each.place(), f"{address} is the gateway's", "start the pool above it")


def addresses_are_used_once(spec: StackSpec) -> Iterator[Problem]:
    """No two nodes share an address, within a pool or across pools."""
    owners: dict[tuple[str, IPv4Address], str] = {}
    for each in attachments(spec):
        for address in each.known():
            key = (each.network_name, address)
            if key in owners:
                found = f"{address} belongs to pool {owners[key]} already"
                fix = f"move one pool: {each.pool_name} needs {each.pool.count} addresses of its own"
                yield Problem(each.place(), found, fix)
                break
            owners[key] = each.pool_name


def _needed(each: Attachment) -> bool:
    return not each.network.dhcp or (each.pool.role == "manager" and not each.network_name)


def _refused_already(each: Attachment) -> bool:
    return each.pool.role == "manager" and not each.network_name and each.network.dhcp
