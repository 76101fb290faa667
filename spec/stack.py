"""A whole stack: everything one environment is made of."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from spec.base import Name, Spec
from spec.cluster import ClusterSpec
from spec.compose.reference import ComposeSpec
from spec.engine import EngineSpec
from spec.secret import Secret
from spec.service import ConfigSpec, NetworkSpec, ServiceSpec
from spec.target import Target


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
    compose: ComposeSpec | None = None
    """Compose files with more services, networks and configs."""


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
