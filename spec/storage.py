"""Where disks lie, and the disks that outlive their machine."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from spec.base import MAP, TEXT, DiskSize, Spec, shape


class Datastore(Spec):
    """One datastore."""

    name: str = Field(min_length=1)
    """The datastore, by name or inventory path."""
    member_of: str | None = None
    """The datastore cluster it belongs to: Storage DRS then leaves machines with data disks where they are."""


class DatastoreCluster(Spec):
    """A datastore cluster: Storage DRS chooses among its datastores."""

    cluster: str = Field(min_length=1)
    """The datastore cluster, by name or inventory path."""


CLUSTER = "[datastore cluster]"


def _storage(value: object) -> str:
    clustered = "cluster" in value if isinstance(value, dict) else isinstance(value, DatastoreCluster)
    return CLUSTER if clustered else shape(value)


Storage = Annotated[
    Annotated[str, Field(min_length=1), Tag(TEXT)]
    | Annotated[Datastore, Tag(MAP)]
    | Annotated[DatastoreCluster, Tag(CLUSTER)],
    Discriminator(_storage),
]
"""A datastore by its name, `{name: …, member_of: …}`, or a datastore cluster: `{cluster: …}`."""


def storage(value: str | Datastore | DatastoreCluster) -> Datastore | DatastoreCluster:
    """Return the choice in full; a name alone is a datastore's."""
    return Datastore(name=value) if isinstance(value, str) else value


class DataDisk(Spec):
    """A disk of its own for each node, which is detached from a machine that goes and attached to the next one."""

    size: DiskSize
    """Its size, fixed once it exists."""
    mount: str = Field(default="/var/lib/docker", pattern=r"^(/[A-Za-z0-9._-]+)+$")
    """Where it is mounted. It gets a file system only when it holds nothing at all."""
    datastore: str | None = None
    """The datastore it lies in; the target's when left out."""
    directory: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._/ -]+$")
    """The directory it lies in, made when left out. On vSAN give one that exists (docs/vcenter.md)."""
    protect: bool = True
    """Whether an update that would drop the disk from the stack is refused. Its file is never deleted either way."""


DataDiskChoice = Annotated[
    Annotated[DiskSize, Tag(TEXT)] | Annotated[DataDisk, Tag(MAP)],
    Discriminator(shape),
]
"""A data disk by its size, or in full."""
