"""The lab's OpenStack, up and down. It needs the lab's engine and network, and nothing else of the lab."""

from __future__ import annotations

from lab import docker_engine, network, simulator
from lab.folder import Folder
from lab.openstack import cloud, keys
from lab.progress import Progress, quiet
from lab.record import Record
from lab.toolchain import resolve
from lab.toolchain.component import OPENSTACK


def up(progress: Progress = quiet, folder: Folder | None = None) -> None:
    """Start the cloud if it doesn't run, and build the provider's plugin if it can't be had.

    Raises LabError when either fails; what was started stays, and the next `up` goes on from there.
    """
    folder = folder or Folder()
    folder.make()
    with folder.locked(), docker_engine.refusals_explained():
        record = Record.load(folder)
        resolve(progress, wanted=(OPENSTACK,))
        fresh = docker_engine.ensure(folder, record, progress)
        client = docker_engine.client(folder)
        if fresh:
            simulator.wake_machines(client, folder)
        addresses = network.ensure(client, folder, record, progress)
        made = keys.ensure(folder, str(addresses.openstack))
        cloud.ensure(client, folder, addresses, made, progress)
    progress(f"OpenStack: up; {made.clouds.relative_to(folder.project)} has its address and its user")


def down(progress: Progress = quiet, folder: Folder | None = None) -> None:
    """Remove the cloud; the rest of the lab stays. Raises LabError when the engine refuses."""
    folder = folder or Folder()
    if not docker_engine.answers(folder.socket):
        progress("OpenStack: nothing to remove")
        return
    with folder.locked(), docker_engine.refusals_explained():
        cloud.remove(docker_engine.client(folder), folder)
    progress("OpenStack: down")
