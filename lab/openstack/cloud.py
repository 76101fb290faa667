"""The container of the lab's OpenStack: Debian's packages, on the lab's network only."""

from __future__ import annotations

import io
import tarfile
import time

import docker
from docker.errors import NotFound
from docker.models.containers import Container

from lab import base_image, containers
from lab.base_image import BaseImage
from lab.folder import Folder
from lab.network import Addresses
from lab.openstack.keys import Keys
from lab.progress import Progress, step
from spec.errors import LabError

OPENSTACK = BaseImage("openstack", ("python3", "-u", "/opt/openstack/start.py"))
PATIENCE = 900.0
"""Seconds that the services get; 20 are usual, and a busy machine takes many times that."""
READY = "openstack: ready"
_LOGS = "/var/log/openstack"


def ensure(client: docker.DockerClient, folder: Folder, addresses: Addresses, keys: Keys, progress: Progress) -> None:
    """See that the cloud runs and has all it is to have. Raises LabError, with the failing service's log, when not.

    A container that has stopped is replaced: the records of its machines went with it.
    """
    container = find(client, folder)
    if container is None or container.status != "running":
        image = base_image.ensure(client, OPENSTACK, folder, progress)
        with step(progress, f"OpenStack: starting at {addresses.openstack}"):
            remove(client, folder)
            _start(client, folder, addresses, keys, image)
            _wait(client, folder, progress)


def find(client: docker.DockerClient, folder: Folder) -> Container | None:
    """Return the container, or None when there is none."""
    return containers.find(client, _name(folder))


def remove(client: docker.DockerClient, folder: Folder) -> None:
    """Remove the container, and so all that the cloud has."""
    containers.remove(client, _name(folder))


def log(container: Container, lines: int = 40) -> str:
    """Return what the cloud said, and the end of each service's own log; of a stopped one, too."""
    said = container.logs(tail=lines).decode(errors="replace")
    ends = [f"==> {name}\n{_end(text, lines)}" for name, text in sorted(_files(container).items())]
    return "\n\n".join([said, *ends])


def _files(container: Container) -> dict[str, str]:
    try:
        stream, _ = container.get_archive(_LOGS)
    except NotFound:
        return {}
    with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as tar:
        files = [(member.name, tar.extractfile(member)) for member in tar.getmembers() if member.isfile()]
        return {name: file.read().decode(errors="replace") for name, file in files if file}


def _end(text: str, lines: int) -> str:
    return "\n".join(text.split("\n")[-lines - 1 :])


def _start(client: docker.DockerClient, folder: Folder, addresses: Addresses, keys: Keys, image: str) -> None:
    endpoint = client.api.create_endpoint_config(ipv4_address=str(addresses.openstack))
    client.containers.run(
        image, name=_name(folder), detach=True, labels={"longshore.lab": folder.name},
        # Root in the container reads passwords that are the lab's user's.
        cap_drop=["ALL"], cap_add=["DAC_OVERRIDE"], security_opt=["no-new-privileges"],
        network=folder.name, networking_config={folder.name: endpoint},
        environment={"ADDRESS": str(addresses.openstack)},
        volumes={str(keys.place): {"bind": "/run/secrets", "mode": "ro"}},
    )  # fmt: skip


def _wait(client: docker.DockerClient, folder: Folder, progress: Progress) -> None:
    end, told = time.monotonic() + PATIENCE, 0
    while True:
        container = find(client, folder)
        said = container.logs().decode(errors="replace").splitlines() if container else []
        for line in said[told:]:
            progress(f"  {line}")
        told = len(said)
        if READY in said:
            return
        if container is None or container.status != "running" or time.monotonic() > end:
            last = "\n".join(said[-30:])
            raise LabError("OpenStack", f"does not start:\n{last}", "see `longshore lab logs openstack`")
        time.sleep(0.5)


def _name(folder: Folder) -> str:
    return f"{folder.name}-openstack"
