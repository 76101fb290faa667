"""A pool: nodes of one role and one size."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from spec.addresses import Addressed
from spec.affinity import AntiAffinity, AntiAffinityChoice
from spec.base import DiskSize, Name, Quantity
from spec.storage import DataDisk, DataDiskChoice
from spec.template import Template

Role = Literal["manager", "worker"]
NodeNumber = Annotated[int, Field(ge=1)]
Generation = Annotated[int, Field(ge=1)]
Label = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9_./-]*[A-Za-z0-9])?$")]


class PoolSpec(Addressed):
    """Nodes of one role and one size. Scaling down removes the highest number; nothing is ever renumbered."""

    role: Role
    """`manager` (holds the Raft log, schedules) or `worker`."""
    count: int = Field(ge=0, le=1000)
    """How many nodes. All managers together must be 1, 3, 5 or 7."""
    cpus: int = Field(ge=1, le=768)
    """Virtual CPUs of each node."""
    memory: Quantity
    """Memory of each node, such as `4 GiB`."""
    cpu_reservation_mhz: int = Field(default=0, ge=0)
    """CPU that each node is sure of, in MHz. More than the cluster has left keeps machines from starting."""
    memory_reservation: Quantity | None = None
    """Memory that each node is sure of; none when left out. At most `memory`."""
    disk: DiskSize | None = None
    """Size of the system disk; the template's own size when left out. Never smaller than the template's."""
    data_disk: DataDiskChoice | None = None
    """A second disk of each node, which outlives its machine: its size, or more in full."""
    networks: dict[Name, Addressed] = {}
    """Further networks of the target that each node is attached to, and its addresses there."""
    zones: tuple[Name, ...] = ()
    """Zones of the target that the nodes are put in, in turn: node 1 in the first."""
    labels: dict[Label, str] = {}
    """Swarm node labels, for placement constraints such as `node.labels.zone == a`."""
    availability: Literal["active", "pause", "drain"] = "active"
    """Whether tasks may be put on these nodes: `drain` moves them away, `pause` only stops new ones."""
    template: Template | None = None
    """What this pool's machines are cloned from, where it isn't the target's template."""
    drained: tuple[NodeNumber, ...] = ()
    """Single nodes by their number that are kept empty, as by `longshore drain`, whatever the pool's availability."""
    generation: Generation = 1
    """Raise it to replace this pool's machines by new clones of the template."""
    generations: dict[NodeNumber, Generation] = {}
    """The generation of single nodes by their number, such as `{3: 2}`, where it isn't the pool's."""
    anti_affinity: AntiAffinityChoice | None = None
    """`hosts` asks DRS to keep these machines on different ESXi hosts: the default for managers. `none` doesn't."""

    @model_validator(mode="after")
    def _addresses_exist(self) -> Self:
        plans: tuple[Addressed, ...] = (self, *self.networks.values())
        for plan in plans:
            if plan.first_address and int(plan.first_address) + self.count - 1 > int(IPv4Address("255.255.255.255")):
                raise ValueError("has no addresses left above first_address for so many nodes")
        return self

    def numbers(self) -> range:
        """Return the number of every node, from 1."""
        return range(1, self.count + 1)

    def generation_of(self, number: int) -> int:
        """Return the generation of node `number`: a machine of another generation is replaced."""
        return self.generations.get(number, self.generation)

    def zone_of(self, number: int) -> str | None:
        """Return the zone of node `number`; it depends on nothing but the number."""
        return self.zones[(number - 1) % len(self.zones)] if self.zones else None

    def node_addresses(self) -> list[IPv4Address]:
        """Return every address that is known beforehand, node 1's first."""
        return [address for number in self.numbers() if (address := self.address(number))]

    @property
    def own_disk(self) -> DataDisk | None:
        """The data disk in full, if there is one."""
        if self.data_disk is None or isinstance(self.data_disk, DataDisk):
            return self.data_disk
        return DataDisk(size=self.data_disk)

    @property
    def apart(self) -> AntiAffinity:
        """What these machines don't share, in full. Managers are kept apart unless something else is said."""
        if isinstance(self.anti_affinity, AntiAffinity):
            return self.anti_affinity
        wanted = self.anti_affinity == "hosts" or (self.anti_affinity is None and self.role == "manager")
        return AntiAffinity(hosts=wanted)
