"""Containers of the lab, by name: found, and removed for good."""

from __future__ import annotations

from http import HTTPStatus

import docker
from docker.errors import APIError, NotFound
from docker.models.containers import Container

SECONDS = 120
"""How long an engine that removes a container already may take to end that."""


def find(client: docker.DockerClient, name: str) -> Container | None:
    """Return the container of that name, or None when there is none."""
    try:
        return client.containers.get(name)
    except NotFound:
        return None


def remove(client: docker.DockerClient, name: str) -> None:
    """Remove the container of that name with its anonymous volumes, if there is one."""
    container = find(client, name)
    if container is not None:
        discard(container)


def discard(container: Container) -> None:
    """Remove a container with its anonymous volumes; one that goes already is waited for.

    Raises docker.errors.APIError when the engine refuses.
    """
    try:
        container.remove(force=True, v=True)
    except NotFound:
        return
    except APIError as error:
        if error.status_code != HTTPStatus.CONFLICT:  # "removal of container … is already in progress"
            raise
        _gone(container)


def _gone(container: Container) -> None:
    try:
        container.wait(condition="removed", timeout=SECONDS)
    except NotFound:
        return
