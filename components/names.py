"""Every derived name. Nothing else invents one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from spec.cluster import ClusterSpec
from spec.pool import PoolSpec


@dataclass(frozen=True)
class NodeIdentity:
    """Who a node is: keyed by pool and number, never by its position in a list."""

    name: str
    address: IPv4Address | None
    pool_name: str
    pool: PoolSpec
    number: int = 1

    @property
    def generation(self) -> int:
        """Which of its machines this is: another generation is another machine."""
        return self.pool.generation_of(self.number)

    @property
    def zone(self) -> str | None:
        """Which of its pool's zones it is in."""
        return self.pool.zone_of(self.number)

    @property
    def availability(self) -> str:
        """Whether tasks may be put on it."""
        return "drain" if self.number in self.pool.drained else self.pool.availability

    def filled(self, text: str) -> str:
        """Return `text` with the node's own name and address in the places of `{name}` and `{address}`."""
        return text.replace("{name}", self.name).replace("{address}", str(self.address or ""))


def nodes(cluster: ClusterSpec) -> Iterator[NodeIdentity]:
    """Yield every node, managers' pools first, each pool in ascending order."""
    pools = sorted(cluster.pools.items(), key=lambda item: item[1].role != "manager")
    for pool_name, pool in pools:
        for number in pool.numbers():
            yield NodeIdentity(f"{cluster.name}-{pool_name}-{number}", pool.address(number), pool_name, pool, number)


def data_disk(folder: str, node: NodeIdentity) -> str:
    """Return the path of a node's data disk in its datastore, outside the machine's own directory."""
    disk = node.pool.own_disk
    return f"{(disk and disk.directory) or folder}/{node.name}-data.vmdk"


def folder(project: str, stack: str) -> str:
    """Return the VM folder of a stack, so that machine names of two stacks never meet."""
    return f"{project}-{stack}"
