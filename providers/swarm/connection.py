"""How to reach a node by ssh, with its host key pinned and no file on this side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spec.errors import EngineError

HOST_KEY = re.compile(r"ssh-ed25519 [A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True)
class Connection:
    """One node's ssh endpoint. No `key_file`: ssh asks the user's agent. No `host_key`: none is pinned yet."""

    host: str
    host_key: str = ""
    name: str = ""
    port: int = 22
    user: str = "root"
    key_file: str | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        """Refuse a host key that ssh would read as something else. Raises EngineError."""
        if self.host_key and not HOST_KEY.fullmatch(self.host_key):
            raise EngineError(self.where, f"{self.host_key!r} is no ed25519 host key", "use Engine's hostKey output")

    @property
    def where(self) -> str:
        """How messages name this node."""
        return self.name or self.host

    @property
    def advertised(self) -> str:
        """The address by which other nodes of the Swarm find this one."""
        return self.address or self.host

    @property
    def docker_host(self) -> str:
        """The engine's address as Docker clients write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"ssh://{self.user}@{host}:{self.port}"


def connection_from(values: Mapping[str, Any]) -> Connection:
    """Build a Connection from its form on the wire."""
    return Connection(
        host=values["host"],
        host_key=values.get("hostKey", ""),
        name=values.get("name", ""),
        port=values.get("port", 22),
        user=values.get("user", "root"),
        key_file=values.get("keyFile"),
        address=values.get("address"),
    )


def ssh_options(connection: Connection) -> list[str]:
    """Return ssh's options for `connection`: only the pinned host key is accepted, and nothing is asked.

    KnownHostsCommand (OpenSSH 8.5 and later, ssh_config(5)) stands in for a known_hosts file; `%H` is the name
    that ssh looks up, port included. A shared connection of the user's own would skip the check, so none is used.
    """
    options = {
        "KnownHostsCommand": f"/bin/echo %H {connection.host_key}",
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": "/dev/null",
        "GlobalKnownHostsFile": "/dev/null",
        "HostKeyAlgorithms": "ssh-ed25519",
        "BatchMode": "yes",
        "ConnectTimeout": "10",
        "ServerAliveInterval": "15",
        "ControlPath": "none",
    }
    flags = [flag for key, value in options.items() for flag in ("-o", f"{key}={value}")]
    own_key = ["-i", connection.key_file, "-o", "IdentitiesOnly=yes"] if connection.key_file else []
    return flags + own_key


def as_root(connection: Connection) -> str:
    """Return what makes a shell command run as root there, when put before it."""
    return "" if connection.user == "root" else "sudo -n "
