"""How a stack reaches its registries from this machine: the logins and authorities that its stack file declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from components.registries import printed
from images import registry
from images.login import Login, from_docker
from images.registry import Registry
from spec.stack import AnySpec, StackSpec

Config = Mapping[str, Any]
"""A stack's configuration, decrypted."""


class Access:
    """Connects to registries, each once. `config`: asked only when a password of the stack file is needed."""

    def __init__(self, spec: AnySpec | None, config: Callable[[], Config], root: Path, ca: str | None = None) -> None:
        self._logins = spec.registries if spec else {}
        trusted = spec.engine.registries if isinstance(spec, StackSpec) else {}
        self._authorities = {host: each.ca for host, each in trusted.items()}
        self._ca = ca
        self._config = config
        self._root = root
        self._known: dict[str, Registry] = {}

    def connect(self, host: str) -> Registry:
        """Return a registry. Raises SpecError when the command for its password fails, ImageError as `from_docker`."""
        if host not in self._known:
            authority = self._authorities.get(host, self._ca)
            authorities = {host: authority} if authority else {}
            self._known[host] = registry.connect(host, {}, authorities, otherwise=self.login)
        return self._known[host]

    def login(self, host: str) -> Login | None:
        """Return the login at a registry: the stack's, else Docker's own. Raises SpecError, ImageError."""
        return self.declared(host) or from_docker(host)

    def declared(self, host: str) -> Login | None:
        """Return the login that the stack declares at a registry. Raises SpecError when its command fails."""
        told = self._logins.get(host)
        if told is None:
            return None
        if told.command:
            return Login(told.user, printed(f"registries.{host}.command", told.command, self._root))
        return Login(told.user, str(self._config()["longshore:registries"][host]["password"]))
