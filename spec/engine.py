"""The Docker Engine on every node, and the way to reach it."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from spec.base import Name, Spec

AbsolutePath = Annotated[str, Field(pattern=r"^(/[A-Za-z0-9._-]+)+$")]
RegistryHost = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+(:\d+)?$")]


class SshSpec(Spec):
    """How Pulumi reaches an engine: always ssh, with the host key pinned at first contact."""

    user: str = Field(default="root", pattern=r"^[a-z_][a-z0-9_-]*$")
    """The user on the nodes; must be allowed to use Docker."""
    port: int = Field(default=22, ge=1, le=65535)
    """The port of sshd on the nodes."""
    key_file: str | None = None
    """The private key's path, relative to the project; the ssh agent's keys when left out. Only the path is stored."""
    authorized_keys: tuple[str, ...] = Field(min_length=1)
    """Public keys that may log in to the nodes, one `ssh-… AAAA…` line each."""


class RegistrySpec(Spec):
    """A registry that the engines trust because its certificate authority is given."""

    ca: str = Field(pattern=r"^-----BEGIN CERTIFICATE-----")
    """The authority's certificate in PEM form. Public."""


class AddressPool(Spec):
    """A range that an engine takes the subnets of its own bridges from, docker0's first."""

    base: IPv4Network
    """The range."""
    size: int = Field(ge=16, le=30)
    """The prefix length of each subnet taken from it."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.size < self.base.prefixlen:
            raise ValueError(
                f"a /{self.size} doesn't fit into {self.base}: `size` must be {self.base.prefixlen} or more"
            )
        return self


class UlimitSpec(Spec):
    """A limit on what a container's processes may use; -1 is no limit."""

    soft: int = Field(ge=-1)
    """What a process begins with."""
    hard: int = Field(ge=-1)
    """What it may raise that to."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.hard != -1 and (self.soft == -1 or self.soft > self.hard):
            raise ValueError("`soft` must not be above `hard`")
        return self


class RuntimeSpec(Spec):
    """An OCI runtime besides runc that is installed on the nodes."""

    path: AbsolutePath
    """Its program."""
    args: tuple[str, ...] = ()
    """Arguments it's always given."""


class InstallSpec(Spec):
    """Where the engine comes from."""

    source: Literal["image", "distribution", "docker"] = "image"
    """`image`: it's in the template, and only verified. `distribution`: the distribution's packages.
    `docker`: Docker's apt repository. Both are installed by cloud-init with apt."""
    packages: tuple[str, ...] = ()
    """The packages, with `=version` to pin one; docker.io, or docker-ce with its CLI and containerd, when left out."""
    repository: str = Field(default="https://download.docker.com/linux/debian", pattern=r"^https://[^\s'\"]+[^/\s'\"]$")
    """Docker's apt repository, or a mirror of it; its signing key is its file `gpg`. For `docker` only."""
    key_fingerprint: str = Field(default="9DC858229FC7DD38854AE2D88D81803C0EBFCD88", pattern=r"^[0-9A-F]{40}$")
    """The signing key's fingerprint. No other key is ever trusted. For `docker` only."""


class EngineSpec(Spec):
    """The Docker Engine on every node. Its settings reach a node when that is made: raise its pool's `generation`."""

    ssh: SshSpec
    """How to reach it."""
    install: InstallSpec = InstallSpec()
    """Where it comes from."""
    registries: dict[RegistryHost, RegistrySpec] = {}
    """Private registries to trust, by `host:port`."""
    mirrors: tuple[Annotated[str, Field(pattern=r"^https?://[^\s/]+(/\S*)?$")], ...] = ()
    """URLs of mirrors of Docker Hub, in order of preference."""
    log_max_size: str = Field(default="10m", pattern=r"^\d+[kmg]$")
    """The size at which a container's log file is rotated."""
    log_max_file: int = Field(default=3, ge=1)
    """How many log files a container may keep."""
    data_root: AbsolutePath | None = None
    """The folder for images, containers and volumes, on a disk of its own perhaps; /var/lib/docker when left out."""
    address_pools: tuple[AddressPool, ...] = Field(
        default=(AddressPool(base=IPv4Network("172.17.0.0/16"), size=24),), min_length=1
    )
    """Ranges for each node's own bridges: docker0, docker_gwbridge and local networks. The same on every node."""
    ulimits: dict[Annotated[str, Field(pattern=r"^[a-z]+$")], UlimitSpec] = {
        "nofile": UlimitSpec(soft=65536, hard=1048576)
    }
    """What every container may use at most, by the name of the limit, unless it says otherwise itself."""
    runtimes: dict[Name, RuntimeSpec] = {}
    """OCI runtimes besides runc, by name."""
    default_runtime: str = "runc"
    """The runtime of containers that name none."""
    userns_remap: str | None = Field(default=None, pattern=r"^[a-z_][a-z0-9_-]*(:[a-z_][a-z0-9_-]*)?$")
    """Map root in containers to this user, or `default`. Volumes change owners; services can't share the host's."""
    inter_container: bool = False
    """Let containers on the default bridge reach each other (`icc`). Overlay networks aren't concerned."""
    no_new_privileges: bool = True
    """Keep processes in containers from gaining privileges, by a set-uid program for example."""
    userland_proxy: bool = False
    """Run a proxy process for each published port instead of leaving them to the kernel."""
    live_restore: bool = False
    """Keep containers running while the engine is down. Impossible with Swarm, and refused."""
    vmxnet3_checksum_offload: bool = False
    """Leave the checksums of VXLAN packets to VMXNET3, which spoils them on some hosts (moby/moby#41775)."""
    ready_timeout_minutes: int = Field(default=10, ge=1, le=60)
    """How long a new node may take until its engine answers, in minutes."""
