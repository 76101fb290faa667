"""A zone: a part of a target that can fail by itself."""

from __future__ import annotations

from spec.affinity import HostGroupChoice
from spec.base import Spec
from spec.storage import Storage


class Zone(Spec):
    """Where the machines of a zone go; what is left out is the target's. A pool's nodes take its zones in turn."""

    resource_pool: str | None = None
    """A resource pool by name or path."""
    host_group: HostGroupChoice | None = None
    """The hosts its machines run on."""
    datastore: Storage | None = None
    """The datastore, or datastore cluster, of its machines' disks."""
