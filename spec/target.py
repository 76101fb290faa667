"""Where machines are made: vSphere."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from pydantic import Field

from spec.base import Spec
from spec.secret import Secret


class Subnet(Spec):
    """A network that machines are attached to, and the addresses that belong to it."""

    name: str = Field(min_length=1)
    """The network's name in vCenter: a port group, a distributed port group or an opaque network."""
    cidr: IPv4Network
    """The subnet that the machines' static addresses are taken from."""
    gateway: IPv4Address
    """The default gateway, inside `cidr`."""
    dns: tuple[IPv4Address, ...] = ()
    """DNS servers, in order of preference."""


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
    datastore: str
    """The datastore that holds the machines' disks."""
    template: str
    """The template machines are cloned from. Changing it replaces nothing by itself: raise a pool's `generation`."""
    folder: str | None = None
    """The VM folder made for this stack; named after project and stack when left out."""
    network: Subnet
    """The network of every node."""
    wait_for_guest_minutes: int = Field(default=10, ge=1, le=60)
    """How long a new machine may take until VMware Tools reports its address, in minutes."""
    wait_for_routable: bool = True
    """Whether that address must be in the subnet of a default gateway."""
    extra_config: dict[str, str] = {}
    """More `extra_config` keys for every machine. `{name}` and `{address}` stand for the machine's own."""


Target = VsphereTarget
"""Every kind of target; `kind` tells them apart."""
