"""The networks that machines are attached to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from pydantic import Field

from spec.base import Spec


class Attachable(Spec):
    """A network in vCenter, and the addresses that belong to it."""

    name: str = Field(min_length=1)
    """The network's name in vCenter: a port group, a distributed port group or an opaque network."""
    cidr: IPv4Network
    """The subnet that the machines' static addresses are taken from."""
    dhcp: bool = False
    """Whether machines ask a DHCP server for their address. Managers then need a reservation: `macs` and addresses."""
    interface: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9*]{0,14}$")
    """The interface's name in the guest, such as `ens224`; needed with several networks, unless `macs` tell it."""


class Subnet(Attachable):
    """The network that nodes reach each other, and are reached, by."""

    gateway: IPv4Address
    """The default gateway, inside `cidr`."""
    dns: tuple[IPv4Address, ...] = ()
    """DNS servers, in order of preference."""


class FurtherNetwork(Attachable):
    """One more network, for the pools that name it; without a default gateway."""

    routes: dict[IPv4Network, IPv4Address] = {}
    """Subnets reached through it, and by which gateway."""
