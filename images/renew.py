"""Logins that a Swarm keeps with each service, made new: a node that is new to an image can't pull it with an old one.

Swarm hands a service's login to whichever node a task moves to, days later perhaps; a short-lived one has ended then.
Running tasks stay: for those that have their image, a changed login is no change (swarmkit, `IsTaskDirty`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from images.login import Login
from images.reference import parse


class Swarm(Protocol):
    """What this needs of a Swarm."""

    def services(self) -> list[dict[str, Any]]:
        """Return every service."""

    def renew_login(self, service: Mapping[str, Any], host: str, user: str, password: str) -> None:
        """Give a service another login, and nothing else."""


def renew(swarm: Swarm, names: frozenset[str], login: Callable[[str], Login | None]) -> Iterator[tuple[str, str]]:
    """Renew the logins of the services in `names`; yield each service with its registry. `login`: None for no login."""
    for service in swarm.services():
        name, image = service["Spec"]["Name"], service["Spec"]["TaskTemplate"]["ContainerSpec"]["Image"]
        host = parse(image).host
        found = login(host) if name in names else None
        if found:
            swarm.renew_login(service, host, found.user, found.password)
            yield name, host
