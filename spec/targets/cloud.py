"""What every cloud target has in common: a subnet that exists, an image, sizes, and what is told to the world."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from spec.base import Name, Spec
from spec.subnet import FurtherNetwork

Text = Annotated[str, Field(min_length=1)]


class CloudSubnet(Spec):
    """The subnet that every node is in. It exists already, with its routes and its way to the registries."""

    cidr: IPv4Network
    """The range that the nodes' static addresses are taken from, as the cloud knows it."""
    dns: tuple[IPv4Address, ...] = ()
    """DNS servers that the security group lets nodes ask, where they aren't the cloud's own; any when left out."""

    @property
    def gateway(self) -> IPv4Address:
        """The default gateway: each of these clouds takes the first host address of a subnet."""
        return self.cidr[1]

    @property
    def dhcp(self) -> bool:
        """False: the cloud's DHCP server hands out just the address that the machine was made with."""
        return False

    @property
    def interface(self) -> str | None:
        """Nothing: a cloud machine has one interface, which its image finds by itself."""
        return None


class CloudZone(Spec):
    """A part of a cloud's region that can fail by itself."""

    zone: Text
    """The zone's name in the cloud."""


class CloudTarget(Spec):
    """What a stack says of any cloud."""

    kind: str
    network: CloudSubnet
    """The subnet of every node."""
    image: Text
    """What machines are made from. Changing it replaces nothing by itself: raise a pool's `generation`."""
    sizes: dict[Name, Text] = {}
    """The cloud's own name of the machine size, by pool; chosen from the pool's `cpus` and `memory` when left out."""
    public: tuple[Name, ...] = ()
    """Pools whose machines get a public address, by which they are then reached; none when left out."""
    load_balancer: Literal["internal", "public"] | None = None
    """A load balancer for the services' published ports: inside the network, or with a public address."""
    tags: dict[str, str] = {}
    """Tags of everything that is made, besides those that Longshore sets itself."""

    @property
    def networks(self) -> dict[str, FurtherNetwork]:
        """None: a cloud machine has one network."""
        return {}
