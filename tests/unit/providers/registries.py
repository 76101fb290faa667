"""What an engine is asked about registries, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from docker.errors import APIError


@dataclass
class Registries:
    """Why an image can't be had, if it can't; who logged in; which services got another specification."""

    errors: dict[str, str] = field(default_factory=dict)
    logins: list[tuple[str | None, str, str]] = field(default_factory=list)
    updated: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)


class RegistryCalls:
    """The part of an engine's client that is about registries."""

    _world: Any  # World, which makes this

    def login(self, username: str, password: str, registry: str | None, reauth: bool) -> None:
        assert reauth
        self._world.registries.logins.append((registry, username, password))

    def update_service(
        self, service: str, version: int, task_template: dict[str, Any], fetch_current_spec: bool
    ) -> None:
        assert fetch_current_spec
        self._world.registries.updated.append((service, version, task_template))

    def inspect_distribution(self, image: str) -> dict[str, Any]:
        said = self._world.registries.errors.get(image)
        if said is not None:
            raise APIError("500 Server Error", explanation=said)
        return {}
