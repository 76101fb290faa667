"""A whole stack: everything one environment is made of."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

from pydantic import ConfigDict, Field

from spec.access import AccessSpec
from spec.base import Name, Spec
from spec.cluster import ClusterSpec
from spec.engine import EngineSpec
from spec.secret import Secret
from spec.service import ConfigSpec, NetworkSpec, ServiceSpec
from spec.target import Target

OVERLAY_MTU = 1450
"""What Docker gives an overlay network without an MTU of its own, in bytes: 1500 less VXLAN's 50."""


class StackSpec(Spec):
    """Everything one environment is made of; each field is a key `longshore:<field>` of the stack file."""

    target: Target
    """Where the machines are made."""
    engine: EngineSpec
    """The Docker Engine on every machine."""
    cluster: ClusterSpec
    """The machines, as a Swarm."""
    networks: dict[Name, NetworkSpec] = {}
    """Overlay networks."""
    configs: dict[Name, ConfigSpec] = {}
    """Config files for services."""
    secrets: dict[Name, Secret] = {}
    """Secrets for services."""
    services: dict[Name, ServiceSpec] = {}
    """The services."""
    site_ranges: dict[Name, IPv4Network] = {}
    """Ranges that are in use elsewhere in your network, such as offices: no container address is ever taken from them.
    The nodes' own subnet may lie within one."""
    access: AccessSpec = AccessSpec()
    """Who may reach the nodes from outside, and whom they reach."""

    def overlay_mtu(self) -> int:
        """Return the largest packet that an overlay network of this stack carries, in bytes."""
        return max((network.mtu or OVERLAY_MTU for network in self.networks.values()), default=OVERLAY_MTU)


def _config_key(field: str) -> str:
    return f"longshore:{field}"


class StackConfig(StackSpec):
    """The `config:` block of a stack file. Keys of other namespaces (`vsphere:…`) pass."""

    model_config = ConfigDict(alias_generator=_config_key, extra="allow")


class StackFile(Spec):
    """`stacks/Pulumi.<stack>.yaml` as a whole."""

    config: StackConfig
    secretsprovider: str | None = None
    encryptionsalt: str | None = None
    encryptedkey: str | None = None
    environment: Any = Field(default=None)
    """Pulumi ESC environments to import."""
