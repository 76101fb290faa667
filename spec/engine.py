"""The Docker Engine on every node, and the way to reach it."""

from __future__ import annotations

from pydantic import Field

from spec.base import Spec


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


class EngineSpec(Spec):
    """The Docker Engine on every node."""

    ssh: SshSpec
    """How to reach it."""
    registries: dict[str, RegistrySpec] = {}
    """Private registries to trust, by `host:port`."""
    log_max_size: str = Field(default="10m", pattern=r"^\d+[kmg]$")
    """The size at which a container's log file is rotated."""
    log_max_file: int = Field(default=3, ge=1)
    """How many log files a container may keep."""
    ready_timeout_minutes: int = Field(default=10, ge=1, le=60)
    """How long a new node may take until its engine answers, in minutes."""
