"""The lab as a whole: up and down. Each part sees to itself; this is the order they need."""

from __future__ import annotations

import shutil
from typing import Any

import docker

from lab import (
    base_image,
    certificates,
    credentials,
    docker_engine,
    machine_image,
    network,
    registry,
    sample_images,
    simulator,
    stacks,
)
from lab.environment import STACKS, variables
from lab.folder import Folder
from lab.network import Addresses
from lab.openstack import cloud
from lab.progress import Progress, quiet
from lab.record import Record
from lab.report import Part, log, status
from lab.toolchain import resolve

__all__ = ["Part", "down", "log", "status", "up"]


def up(progress: Progress = quiet, folder: Folder | None = None) -> None:
    """Start what doesn't run, and write the stack files. Doing it twice changes nothing.

    Raises LabError when a part can't be had; what was started stays, and the next `up` goes on from there.
    """
    folder = folder or Folder()
    folder.make()
    with folder.locked(), docker_engine.refusals_explained():
        record = Record.load(folder)
        keys = credentials.ensure(folder, progress)
        toolchain = resolve(progress)
        fresh = docker_engine.ensure(folder, record, progress)
        client = docker_engine.client(folder)
        values = _parts(client, folder, record, keys, progress)
        if fresh:
            simulator.wake_machines(client, folder)
        values["simulator"] = simulator.ensure(toolchain.vcsim, client, folder, record, progress)
        stacks.write(folder, values, progress)
        stacks.ensure(folder, keys, variables(folder, toolchain), progress)
    progress("lab: up")


def down(progress: Progress = quiet, folder: Folder | None = None) -> None:
    """Stop and remove exactly what `up` started, after a crash too. The stack files and their passphrase stay.

    Raises LabError when a part can't be removed; the next `down` goes on from there.
    """
    folder = folder or Folder()
    if not folder.root.exists():
        progress("lab: nothing to remove")
        return
    with folder.locked(), docker_engine.refusals_explained():
        record = Record.load(folder)
        if record.engine:
            _remove_parts(folder, record, progress)
        docker_engine.stop(folder, record, progress)
        _clear(folder)
    progress("lab: down")


def _parts(
    client: docker.DockerClient, folder: Folder, record: Record, keys: credentials.Credentials, progress: Progress
) -> dict[str, Any]:
    """See to the network, the images and the registry, and return what the stack file says of them."""
    node = base_image.ensure(client, machine_image.NODE, folder, progress)
    privileged = machine_image.can_be_privileged(client, folder, record, node)
    addresses = network.ensure(client, folder, record, progress)
    registry.ensure(client, folder, addresses, progress)
    return {
        "arguments": machine_image.machine_arguments(folder, node, privileged=privileged),
        "images": sample_images.ensure(client, folder, addresses, progress),
        "ca": certificates.ca_file(folder).read_text().strip(),
        **_places(folder, keys, addresses),
    }


def _places(folder: Folder, keys: credentials.Credentials, addresses: Addresses) -> dict[str, Any]:
    return {
        "user": credentials.VCENTER_USER,
        "subnet": str(addresses.subnet),
        "gateway": str(addresses.gateway),
        "managers": str(addresses.managers),
        "workers": str(addresses.workers),
        "platform_managers": str(addresses.platform_managers),
        "platform_workers": str(addresses.platform_workers),
        **{name: str(addresses.environment(number)) for number, name in enumerate(stacks.RELEASED)},
        "registry": registry.host(addresses),
        "key_file": str(keys.ssh_key.relative_to(folder.project)),
        "public_key": keys.public_key,
    }


def _remove_parts(folder: Folder, record: Record, progress: Progress) -> None:
    """Remove what is in the engine. Our own engine is started for it, when a crash has left it dead."""
    progress("lab: removing the simulator, the machines, the registry and the network")
    docker_engine.revive(folder, record, progress)
    client = docker_engine.client(folder)
    simulator.stop(record, folder)
    simulator.remove_machines(client, folder)
    registry.remove(client, folder)
    cloud.remove(client, folder)
    network.remove(client, record)
    base_image.remove_all(client, folder)
    record.network = None
    record.save(folder)


def _clear(folder: Folder) -> None:
    """Empty the private folder, but for what the stack files are encrypted with."""
    kept = credentials.Credentials(folder).lasting if any(folder.file_of(name).exists() for name in STACKS) else ()
    for path in folder.root.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path not in kept:
            path.unlink()
    if not kept:
        folder.root.rmdir()
