"""A whole stack: everything one environment is made of, or one of the two layers it is split into."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from spec.access import AccessSpec
from spec.base import Name, Spec
from spec.cluster import ClusterSpec
from spec.compose.reference import ComposeSpec
from spec.engine import EngineSpec, RegistryHost
from spec.ingress import IngressSpec
from spec.own_registry import OwnRegistrySpec
from spec.registry import LoginSpec, MirrorSpec
from spec.release import ReleaseFile
from spec.secret_source import SecretSource
from spec.service import ConfigSpec, NetworkSpec, ServiceSpec
from spec.target import Target

OVERLAY_MTU = 1450
"""What Docker gives an overlay network without an MTU of its own, in bytes: 1500 less VXLAN's 50."""

StackName = Annotated[str, Field(pattern=r"^([A-Za-z0-9._-]+/[A-Za-z0-9._-]+/)?[A-Za-z0-9._-]+$")]
"""A Pulumi stack's name, with organization and project before it or not."""


class ServicesPart(Spec):
    """What runs on a cluster."""

    networks: dict[Name, NetworkSpec] = {}
    """Overlay networks."""
    configs: dict[Name, ConfigSpec] = {}
    """Config files for services."""
    secrets: dict[Name, SecretSource] = {}
    """Secrets for services: encrypted here, generated, or from a store (docs/secrets.md)."""
    generations: int = Field(default=2, ge=1, le=100)
    """How many contents of each secret and config stay on the Swarm, the present one included; those that a service or
    its rollback needs stay anyway."""
    services: dict[Name, ServiceSpec] = {}
    """The services."""
    ingress: IngressSpec | None = None
    """A proxy for requests from outside, to the services that name `routes`."""
    compose: ComposeSpec | None = None
    """Compose files with more services, networks, configs and secrets."""
    release: ReleaseFile | None = None
    """The release that runs here: every service's image by digest (docs/release.md). `longshore release promote`
    changes it."""
    registries: dict[RegistryHost, LoginSpec] = {}
    """Logins at image registries, by `host:port` as images name them; `docker.io` for Docker Hub (docs/images.md)."""
    mirror: MirrorSpec | None = None
    """Take every image from this registry instead of its own (docs/images.md)."""
    registry: OwnRegistrySpec | None = None
    """A registry of one's own, as a service of the cluster (docs/images.md)."""


class StackSpec(ServicesPart):
    """Everything one environment is made of; each field is a key `longshore:<field>` of the stack file."""

    layer: Literal["platform"] | None = None
    """`platform` makes the cluster only; its services are declared in a stack of `layer: services` (docs/layers.md)."""
    target: Target
    """Where the machines are made."""
    engine: EngineSpec
    """The Docker Engine on every machine."""
    cluster: ClusterSpec
    """The machines, as a Swarm."""
    site_ranges: dict[Name, IPv4Network] = {}
    """Ranges that are in use elsewhere in your network, such as offices: no container address is ever taken from them.
    The nodes' own subnet may lie within one."""
    access: AccessSpec = AccessSpec()
    """Who may reach the nodes from outside, and whom they reach."""

    def overlay_mtu(self) -> int:
        """Return the largest packet that an overlay network of this stack carries, in bytes."""
        return max((network.mtu or OVERLAY_MTU for network in self.networks.values()), default=OVERLAY_MTU)


class ServicesSpec(ServicesPart):
    """The services of a cluster that another stack makes, and nothing else."""

    layer: Literal["services"]
    """`services` makes networks, configs, secrets and services only (docs/layers.md)."""
    platform: StackName
    """The stack of `layer: platform` that makes the cluster: its name, or `organization/project/stack`."""


AnySpec = StackSpec | ServicesSpec


def model_for(layer: Any) -> type[StackSpec] | type[ServicesSpec]:
    """Return the model of a stack file with this `layer`."""
    return ServicesSpec if layer == "services" else StackSpec


def _config_key(field: str) -> str:
    return f"longshore:{field}"


class StackConfig(StackSpec):
    """The `config:` block of a stack file. Keys of other namespaces (`vsphere:…`) pass."""

    model_config = ConfigDict(alias_generator=_config_key, extra="allow")


class ServicesConfig(ServicesSpec):
    """The `config:` block of a stack of `layer: services`."""

    model_config = ConfigDict(alias_generator=_config_key, extra="allow")


class StackFile(Spec):
    """`stacks/Pulumi.<stack>.yaml` as a whole."""

    config: StackConfig | ServicesConfig
    secretsprovider: str | None = None
    encryptionsalt: str | None = None
    encryptedkey: str | None = None
    environment: Any = Field(default=None)
    """Pulumi ESC environments to import."""
