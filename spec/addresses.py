"""Static addresses of a pool's nodes: counted up from the first, or listed."""

from __future__ import annotations

from ipaddress import IPv4Address

from spec.base import Spec


class Addressed(Spec):
    """Addresses by node number. A node's address depends on nothing but its number, so scaling moves nobody."""

    first_address: IPv4Address | None = None
    """The static address of node 1; node n has the address n-1 above it."""
    addresses: tuple[IPv4Address, ...] = ()
    """The static address of each node, node 1 first, instead of `first_address`. More than `count` is room to grow."""

    def address(self, number: int) -> IPv4Address | None:
        """Return the address of node `number` (from 1), or None when nothing says it beforehand."""
        if self.first_address:
            return self.first_address + (number - 1)
        return self.addresses[number - 1] if number <= len(self.addresses) else None
