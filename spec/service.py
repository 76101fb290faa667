"""A service, and what it may refer to: networks, configs and secrets."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from spec.base import Duration, Name, Quantity, Spec
from spec.mount import ContainerPath, MountSpec
from spec.rollout import RestartSpec, RolloutSpec
from spec.route import RouteSpec

_HOST = r"([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]+)?/)?"
_PART = r"[a-z0-9]+([._-]+[a-z0-9]+)*"
ImageReference = Annotated[
    str,
    Field(
        pattern=rf"^{_HOST}{_PART}(/{_PART})*(:[A-Za-z0-9_][A-Za-z0-9._-]{{0,127}})?(@sha256:[a-f0-9]{{64}})?$",
        examples=["registry.example.com/shop/web:1.4@sha256:…"],
    ),
]
Capability = Annotated[str, Field(pattern=r"^(CAP_)?[A-Z_]+$", examples=["NET_BIND_SERVICE"])]
"""A Linux capability (capabilities(7)), with or without `CAP_`."""


class NetworkSpec(Spec):
    """An overlay network that services share."""

    subnet: IPv4Network | None = None
    """Its subnet; taken from the cluster's `overlay_pool` when left out."""
    encrypted: bool = False
    """Encrypt the traffic between nodes (IPsec); costs CPU."""
    mtu: int | None = Field(default=None, ge=576, le=8950)
    """Its largest packet, in bytes; 1450 when left out. VXLAN adds 50, encryption about 40 more."""
    attachable: bool = False
    """Let containers outside Swarm join, for debugging."""


class ConfigSpec(Spec):
    """A config file. Changing it makes a new config and updates the services that mount it."""

    content: str | None = None
    """Its content, or give `file`."""
    file: str | None = None
    """A file to read it from, relative to the project."""
    template: bool = False
    """Fill in `{{.Service.Name}}`, `{{.Task.Slot}}`, `{{env "NAME"}}` and the like, for each task; engines leave
    `{{.Node…}}` empty in configs."""

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


class ReservationSpec(Spec):
    """What one container is promised: Swarm places it only where that much is left."""

    cpus: float | None = Field(default=None, gt=0)
    """CPUs, such as `0.25`."""
    memory: Quantity | None = None
    """Memory, such as `128 MiB`."""


class DnsSpec(Spec):
    """Another resolver configuration than the engine's."""

    nameservers: tuple[IPv4Address, ...] = ()
    search: tuple[str, ...] = ()
    """Search domains."""
    options: tuple[str, ...] = ()
    """Resolver options, such as `ndots:2` (resolv.conf(5))."""


class LogSpec(Spec):
    """Another log driver than the engine's. Only `json-file`, `local` and `journald` can be read back."""

    driver: str
    options: dict[str, str] = {}
    """The driver's options. They can be read by everyone who can inspect: no credentials."""


class ServiceSpec(Spec):
    """Containers of one image, kept running by Swarm."""

    image: ImageReference
    """The image; with `@sha256:` digest in anything past development."""
    mode: Literal["replicated", "global"] = "replicated"
    """`replicated`: as many tasks as `replicas` says. `global`: one on every node that fits."""
    replicas: int = Field(default=1, ge=0)
    """How many tasks; with mode `replicated` only."""
    command: tuple[str, ...] = ()
    """Replaces the image's entrypoint."""
    args: tuple[str, ...] = ()
    """Replaces the image's command."""
    env: dict[str, str] = {}
    """Environment variables. Not for secrets: they are visible to everyone who can inspect."""
    networks: tuple[Name, ...] = ()
    """Overlay networks under `networks`."""
    aliases: dict[Name, tuple[str, ...]] = {}
    """More DNS names of this service, by network."""
    configs: tuple[MountedFile, ...] = ()
    """Config files to mount."""
    secrets: tuple[MountedFile, ...] = ()
    """Secrets to mount."""
    ports: tuple[PortSpec, ...] = ()
    """Published ports."""
    routes: tuple[RouteSpec, ...] = ()
    """Requests that the ingress sends here."""
    endpoint_mode: Literal["vip", "dnsrr"] = "vip"
    """`vip`: one virtual address (needs IP_VS). `dnsrr`: DNS gives the tasks' addresses."""
    healthcheck: HealthcheckSpec | None = None
    constraints: tuple[str, ...] = ()
    """Placement constraints, such as `node.role == worker`."""
    spread: tuple[str, ...] = ()
    """Spread tasks evenly over the values of these, in this order, such as `node.labels.zone`."""
    max_per_node: int | None = Field(default=None, ge=1)
    """The most tasks on one node."""
    labels: dict[str, str] = {}
    """Service labels."""
    limits: LimitsSpec = LimitsSpec()
    reservations: ReservationSpec = ReservationSpec()
    rollout: RolloutSpec = RolloutSpec()
    restart: RestartSpec = RestartSpec()
    stop_grace: Duration = "10s"
    """How long a task may take to stop before it is killed."""
    stop_signal: str | None = Field(default=None, pattern=r"^(SIG[A-Z0-9+-]+|[0-9]{1,2})$")
    """The signal that asks it to stop; the image's when left out."""
    user: str | None = None
    """The user inside the container, or `user:group`; the image's when left out."""
    groups: tuple[str, ...] = ()
    """More groups of that user."""
    directory: ContainerPath | None = None
    """The working directory; the image's when left out."""
    hostname: str | None = None
    """The container's own host name; may hold templates such as `{{.Node.Hostname}}`."""
    init: bool = False
    """Run a small init as process 1, which reaps children and passes signals on."""
    read_only: bool = False
    """Mount the container's root file system read-only."""
    cap_add: tuple[Capability, ...] = ()
    """Capabilities on top of Docker's default ones."""
    cap_drop: tuple[Capability, ...] = ()
    """Capabilities to take away; `ALL` for all."""
    sysctls: dict[str, str] = {}
    """Kernel settings of the container's own namespaces."""
    mounts: tuple[MountSpec, ...] = ()
    """Volumes, NFS shares, memory, folders of the node."""
    hosts: dict[str, IPv4Address] = {}
    """More lines for the container's hosts file: name -> address."""
    dns: DnsSpec = DnsSpec()
    log: LogSpec | None = None
    """Another log driver than the engine's."""
    container_labels: dict[str, str] = {}
    """Labels of the containers themselves."""

    @property
    def has_gapless_update(self) -> bool:
        """Whether a new task can start while the old one still runs: no host port, no quota of tasks in the way."""
        return self.max_per_node is None and not any(port.mode == "host" for port in self.ports)
