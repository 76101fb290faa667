"""A pool: nodes of one role and one size."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from spec.base import DiskSize, Quantity, Spec

Role = Literal["manager", "worker"]
Label = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9_./-]*[A-Za-z0-9])?$")]


class PoolSpec(Spec):
    """Nodes of one role and one size. Scaling down removes the highest number; nothing is ever renumbered."""

    role: Role
    """`manager` (holds the Raft log, schedules) or `worker`."""
    count: int = Field(ge=0, le=1000)
    """How many nodes. All managers together must be 1, 3, 5 or 7."""
    cpus: int = Field(ge=1, le=768)
    """Virtual CPUs of each node."""
    memory: Quantity
    """Memory of each node, such as `4 GiB`."""
    disk: DiskSize | None = None
    """Size of the system disk; the template's own size when left out. Never smaller than the template's."""
    first_address: IPv4Address
    """The static address of node 1; node n has the address n-1 above it."""
    labels: dict[Label, str] = {}
    """Swarm node labels, for placement constraints such as `node.labels.zone == a`."""
    availability: Literal["active", "pause", "drain"] = "active"
    """Whether tasks may be put on these nodes: `drain` moves them away, `pause` only stops new ones."""
    generation: int = Field(default=1, ge=1)
    """Raise it to replace this pool's machines by new clones of the template."""
    anti_affinity: Literal["none", "hosts"] = "none"
    """`hosts` asks DRS to keep these machines on different ESXi hosts."""

    @model_validator(mode="after")
    def _addresses_exist(self) -> Self:
        if int(self.first_address) + self.count - 1 > int(IPv4Address("255.255.255.255")):
            raise ValueError("has no addresses left above first_address for so many nodes")
        return self

    def address(self, number: int) -> IPv4Address:
        """Return the address of node `number` (from 1)."""
        return self.first_address + (number - 1)

    def addresses(self) -> list[IPv4Address]:
        """Return the address of every node, node 1 first."""
        return [self.address(number) for number in range(1, self.count + 1)]
