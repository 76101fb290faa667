"""What building and pushing an image by hand needs of the lab: a base image, and the registry as seen from here."""

from __future__ import annotations

from ipaddress import IPv4Network

from lab import base_image, docker_engine, registry
from lab.folder import Folder
from lab.network import Addresses
from lab.progress import Progress, quiet
from lab.record import Record
from lab.sample_images import BASE
from spec.errors import LabError


def build_arguments(folder: Folder | None = None, progress: Progress = quiet) -> dict[str, str]:
    """Return the samples' `BASE`, which is made where it isn't there: nothing can be pulled.

    Raises LabError when it can't be made, or the lab is down.
    """
    folder = folder or Folder()
    with docker_engine.refusals_explained():
        return {"BASE": base_image.ensure(docker_engine.client(folder), BASE, folder, progress)}


def repository_here(repository: str, folder: Folder | None = None) -> str:
    """Return how this machine's engine names a repository: the lab's registry by its port on the loopback.

    Every engine trusts a registry on its own loopback; the nodes' name for it has a certificate only they know.
    Raises LabError when the lab is down.
    """
    folder = folder or Folder()
    lab = Record.load(folder)
    if lab.network is None:
        raise LabError("lab", "is down", "run `longshore lab up`")
    known = f"{registry.host(Addresses(IPv4Network(lab.network.subnet)))}/"
    if not repository.startswith(known):
        return repository
    with docker_engine.refusals_explained():
        port = registry.local_port(docker_engine.client(folder), folder)
    return f"127.0.0.1:{port}/{repository.removeprefix(known)}"
