"""A service, and what it may refer to: networks, configs and secrets."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from spec.base import Duration, Name, Quantity, Spec

_HOST = r"([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]+)?/)?"
_PART = r"[a-z0-9]+([._-]+[a-z0-9]+)*"
ImageReference = Annotated[
    str,
    Field(
        pattern=rf"^{_HOST}{_PART}(/{_PART})*(:[A-Za-z0-9_][A-Za-z0-9._-]{{0,127}})?(@sha256:[a-f0-9]{{64}})?$",
        examples=["registry.example.com/shop/web:1.4@sha256:…"],
    ),
]


class NetworkSpec(Spec):
    """An overlay network that services share."""

    subnet: IPv4Network | None = None
    """Its subnet; taken from the cluster's `overlay_pool` when left out."""
    encrypted: bool = False
    """Encrypt the traffic between nodes (IPsec); costs CPU."""
    attachable: bool = False
    """Let containers outside Swarm join, for debugging."""


class ConfigSpec(Spec):
    """A config file. Changing it makes a new config and updates the services that mount it."""

    content: str | None = None
    """Its content, or give `file`."""
    file: str | None = None
    """A file to read it from, relative to the project."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.content is None) == (self.file is None):
            raise ValueError("needs exactly one of `content` and `file`")
        return self


class MountedFile(Spec):
    """A config or secret as a file in the containers."""

    source: Name
    """The name under `configs` or `secrets`."""
    target: str
    """The file's path (a secret's: relative to /run/secrets, unless absolute)."""
    mode: str = Field(default="0444", pattern=r"^0[0-7]{3}$")
    """File mode in octal."""


class PortSpec(Spec):
    """A published port."""

    target: int = Field(ge=1, le=65535)
    """The port inside the container."""
    published: int = Field(ge=1, le=65535)
    """The port on the nodes."""
    protocol: Literal["tcp", "udp"] = "tcp"
    mode: Literal["host", "ingress"] = "host"
    """`host`: on the nodes that run a task. `ingress`: on every node, by the routing mesh (needs IP_VS)."""


class HealthcheckSpec(Spec):
    """How Docker tells that a container works."""

    test: tuple[str, ...] = Field(min_length=2)
    """`[CMD, …]` or `[CMD-SHELL, …]`."""
    interval: Duration = "10s"
    timeout: Duration = "5s"
    retries: int = Field(default=3, ge=1)
    start_period: Duration = "10s"
    """Failures before this time don't count."""


class LimitsSpec(Spec):
    """What one container may use at most."""

    cpus: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    """CPUs, such as `0.5`."""
    memory: Quantity | None = None
    """Memory, such as `256 MiB`."""


class RolloutSpec(Spec):
    """How an update moves through a service's tasks. A failed one is rolled back and fails `pulumi up`."""

    parallelism: int = Field(default=1, ge=1)
    """Tasks changed at once."""
    delay: Duration = "0s"
    """Pause between batches."""
    monitor: Duration = "5s"
    """How long a new task is watched before it counts as good."""
    timeout: Duration = "3m"
    """How long `pulumi up` waits for all tasks."""


class ServiceSpec(Spec):
    """Containers of one image, kept running by Swarm."""

    image: ImageReference
    """The image; with `@sha256:` digest in anything past development."""
    replicas: int = Field(default=1, ge=0)
    """How many tasks."""
    command: tuple[str, ...] = ()
    """Replaces the image's entrypoint."""
    args: tuple[str, ...] = ()
    """Replaces the image's command."""
    env: dict[str, str] = {}
    """Environment variables. Not for secrets: they are visible to everyone who can inspect."""
    networks: tuple[Name, ...] = ()
    """Overlay networks under `networks`."""
    configs: tuple[MountedFile, ...] = ()
    """Config files to mount."""
    secrets: tuple[MountedFile, ...] = ()
    """Secrets to mount."""
    ports: tuple[PortSpec, ...] = ()
    """Published ports."""
    endpoint_mode: Literal["vip", "dnsrr"] = "vip"
    """`vip`: one virtual address (needs IP_VS). `dnsrr`: DNS gives the tasks' addresses."""
    healthcheck: HealthcheckSpec | None = None
    constraints: tuple[str, ...] = ()
    """Placement constraints, such as `node.role == worker`."""
    max_per_node: int | None = Field(default=None, ge=1)
    """The most tasks on one node."""
    labels: dict[str, str] = {}
    """Service labels."""
    limits: LimitsSpec = LimitsSpec()
    rollout: RolloutSpec = RolloutSpec()
    stop_grace: Duration = "10s"
    """How long a task may take to stop before it is killed."""
    user: str | None = None
    """The user inside the container; the image's when left out."""
    read_only: bool = False
    """Mount the container's root file system read-only."""
