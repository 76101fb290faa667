"""Which pool is attached to which network, with which addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from spec.addresses import Addressed
from spec.pool import PoolSpec
from spec.stack import StackSpec
from spec.subnet import FurtherNetwork, Subnet
from spec.targets.cloud import CloudSubnet


@dataclass(frozen=True)
class Attachment:
    """A pool in one network. `where` is the path of its addresses' parent in the stack file."""

    where: str
    pool_name: str
    pool: PoolSpec
    network_name: str
    network: Subnet | FurtherNetwork | CloudSubnet
    plan: Addressed

    def known(self) -> list[IPv4Address]:
        """Return every address of this pool here that is known beforehand, node 1's first."""
        return [address for number in self.pool.numbers() if (address := self.plan.address(number))]

    def place(self) -> str:
        """Return the path of the key that the addresses come from."""
        return f"{self.where}.{'addresses' if self.plan.addresses else 'first_address'}"


def attachments(spec: StackSpec) -> Iterator[Attachment]:
    """Yield every pool's attachments, the nodes' own network first. Networks that aren't declared are left out."""
    for name, pool in spec.cluster.pools.items():
        where = f"cluster.pools.{name}"
        yield Attachment(where, name, pool, "", spec.target.network, pool)
        for key, plan in pool.networks.items():
            if network := spec.target.networks.get(key):
                yield Attachment(f"{where}.networks.{key}", name, pool, key, network, plan)
