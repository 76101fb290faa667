"""Addresses of a pool's nodes in one network: counted up from the first, or listed."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Annotated

from pydantic import AfterValidator, Field

from spec.base import Spec

Mac = Annotated[str, Field(pattern=r"^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$"), AfterValidator(str.lower)]
"""A MAC address; vCenter takes 00:50:56:00:00:00 to 00:50:56:3f:ff:ff as static ones."""


class Addressed(Spec):
    """Addresses by node number. A node's address depends on nothing but its number, so scaling moves nobody."""

    first_address: IPv4Address | None = None
    """The static address of node 1; node n has the address n-1 above it."""
    addresses: tuple[IPv4Address, ...] = ()
    """The static address of each node, node 1 first, instead of `first_address`. More than `count` is room to grow."""
    macs: tuple[Mac, ...] = ()
    """The MAC address of each node, node 1 first, where a DHCP server's reservation knows them by it."""

    def address(self, number: int) -> IPv4Address | None:
        """Return the address of node `number` (from 1), or None when nothing says it beforehand."""
        if self.first_address:
            return self.first_address + (number - 1)
        return self.addresses[number - 1] if number <= len(self.addresses) else None

    def mac(self, number: int) -> str | None:
        """Return the MAC address of node `number` (from 1), or None when vCenter chooses it."""
        return self.macs[number - 1] if number <= len(self.macs) else None
