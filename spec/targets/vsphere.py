"""Where machines are made: vSphere."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from spec.affinity import HostGroupChoice
from spec.base import Name, Spec
from spec.secret import Secret
from spec.storage import Storage
from spec.subnet import FurtherNetwork, Subnet
from spec.template import Template
from spec.zone import Zone


class VsphereTarget(Spec):
    """A vCenter, and the places in it that a stack may use."""

    kind: Literal["vsphere"]
    server: str = Field(min_length=1)
    """vCenter's host name, with `:port` when it isn't 443."""
    user: str
    """The service account that Pulumi works as; its privileges are listed in docs/vcenter.md."""
    password: Secret
    """That account's password, encrypted."""
    allow_unverified_ssl: bool = False
    """Accept a vCenter certificate that no known authority signed. For rehearsals only."""
    datacenter: str
    """The datacenter, by name or inventory path."""
    cluster: str
    """The compute cluster that machines run on."""
    resource_pool: str | None = None
    """A resource pool by name or path; the cluster's root pool when left out."""
    host_group: HostGroupChoice | None = None
    """A DRS host group that machines run on, such as the hosts licensed for them; any host when left out."""
    datastore: Storage
    """What holds the machines' disks: a datastore, or a datastore cluster as `{cluster: …}`."""
    storage_policy: str | None = None
    """The storage policy of every machine and each of its disks; the datastore's default when left out."""
    template: Template
    """What machines are cloned from. Changing it replaces nothing by itself: raise a pool's `generation`."""
    folder: str | None = Field(default=None, pattern=r"^[^/].*$")
    """The VM folder made for this stack, below the datacenter's; named after project and stack when left out."""
    network: Subnet
    """The network of every node."""
    networks: dict[Name, FurtherNetwork] = {}
    """Further networks, for pools to name."""
    zones: dict[Name, Zone] = {}
    """Parts that can fail by themselves, for pools to spread over."""
    tags: dict[str, tuple[str, ...]] = {}
    """vCenter tags of every machine, by category. They must exist."""
    custom_attributes: dict[str, str] = {}
    """Custom attributes of every machine. They must exist. `{name}` and `{address}` stand for the machine's own."""
    clone_minutes: int = Field(default=60, ge=1, le=720)
    """How long cloning a machine may take, in minutes."""
    shutdown_minutes: int = Field(default=10, ge=1, le=60)
    """How long a guest may take to shut down before its machine is powered off, in minutes."""
    wait_for_guest_minutes: int = Field(default=10, ge=1, le=60)
    """How long a new machine may take until VMware Tools reports its address, in minutes."""
    wait_for_routable: bool = True
    """Whether that address must be in the subnet of a default gateway."""
    extra_config: dict[str, str] = {}
    """More `extra_config` keys for every machine. `{name}` and `{address}` stand for the machine's own."""
    vapp_properties: dict[str, str] = {}
    """vApp properties that the template declares. `{name}` and `{address}` stand for the machine's own."""
