"""The lab's registry: Debian's docker-registry in a container on the lab's network, with TLS."""

from __future__ import annotations

import os
import time

import docker
import requests
from docker.models.containers import Container
from docker.types import EndpointConfig

from lab import base_image, certificates, containers
from lab.base_image import BaseImage
from lab.folder import Folder
from lab.network import Addresses
from lab.progress import Progress, step
from spec.errors import LabError

REGISTRY = BaseImage("registry", ("docker-registry", "serve", "/etc/docker/registry/config.yml"))
PORT = 5000
WAIT_SECONDS = 120.0
"""How long it may take to answer: a second on a quiet machine."""

_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


def host(addresses: Addresses) -> str:
    """Return the registry's `host:port` as nodes know it."""
    return f"{addresses.registry}:{PORT}"


def ensure(client: docker.DockerClient, folder: Folder, addresses: Addresses, progress: Progress) -> None:
    """See that the registry runs and answers. Raises LabError when it doesn't."""
    container = find(client, folder)
    if container is None or container.status != "running":
        image = base_image.ensure(client, REGISTRY, folder, progress)
        with step(progress, f"registry: starting at {host(addresses)}"):
            remove(client, folder)
            _start(client, folder, addresses, image)
            _wait(folder, addresses)


def find(client: docker.DockerClient, folder: Folder) -> Container | None:
    """Return the registry's container, or None when there is none."""
    return containers.find(client, _name(folder))


def remove(client: docker.DockerClient, folder: Folder) -> None:
    """Remove the registry's container; what was pushed stays in the private folder."""
    containers.remove(client, _name(folder))


def local_port(client: docker.DockerClient, folder: Folder) -> int:
    """Return the registry's port on this machine's loopback: every engine trusts a registry on its own loopback."""
    container = find(client, folder)
    bindings = container.ports.get(f"{PORT}/tcp") if container else None
    if not bindings:
        raise LabError("registry", "does not run", "run `longshore lab up`")
    return int(bindings[0]["HostPort"])


def digest(folder: Folder, addresses: Addresses, name: str, tag: str) -> str | None:
    """Return the digest of an image in the registry, or None when it isn't there."""
    url = f"https://{host(addresses)}/v2/{name}/manifests/{tag}"
    answer = requests.head(url, headers={"Accept": _MANIFEST}, verify=_authority(folder), timeout=10)
    return answer.headers["Docker-Content-Digest"] if answer.ok else None


def _start(client: docker.DockerClient, folder: Folder, addresses: Addresses, image: str) -> None:
    pem = certificates.ensure(folder, addresses.registry)
    data = folder.root / "registry" / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    client.containers.run(
        image, name=_name(folder), detach=True, labels={"longshore.lab": folder.name},
        user=f"{os.getuid()}:{os.getgid()}", cap_drop=["ALL"], read_only=True,
        network=folder.name, networking_config={folder.name: _endpoint(client, addresses)},
        ports={f"{PORT}/tcp": ("127.0.0.1", 0)},
        volumes={str(pem): {"bind": "/run/registry.pem", "mode": "ro"}, str(data): {"bind": "/var/lib/registry"}},
    )  # fmt: skip


def _endpoint(client: docker.DockerClient, addresses: Addresses) -> EndpointConfig:
    return client.api.create_endpoint_config(ipv4_address=str(addresses.registry))


def _wait(folder: Folder, addresses: Addresses) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not _answers(folder, addresses):
        if time.monotonic() > end:
            raise LabError("registry", f"does not answer at {host(addresses)}", "see `longshore lab logs registry`")
        time.sleep(0.2)


def _answers(folder: Folder, addresses: Addresses) -> bool:
    try:
        return requests.get(f"https://{host(addresses)}/v2/", verify=_authority(folder), timeout=5).ok
    except requests.ConnectionError:
        return False


def _authority(folder: Folder) -> str:
    return str(certificates.ca_file(folder))


def _name(folder: Folder) -> str:
    return f"{folder.name}-registry"
