"""What the lab is made of at this moment, and what its parts have logged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lab import docker_engine, process, registry
from lab.folder import Folder
from lab.machine_image import MACHINE_LABEL
from lab.openstack import cloud
from lab.record import Record
from spec.errors import LabError

PARTS = ("engine", "simulator", "registry", "openstack")


@dataclass(frozen=True)
class Part:
    """One line of the lab's status."""

    name: str
    state: str
    """`up` or `down`."""
    detail: str = ""


def status(folder: Folder | None = None) -> list[Part]:
    """Return the lab's parts as they are; starts nothing."""
    folder = folder or Folder()
    record = Record.load(folder)
    return list(_parts(folder, record))


def log(part: str, folder: Folder | None = None) -> str:
    """Return what a part has logged. Raises LabError for a part that has no log."""
    folder = folder or Folder()
    if part == "registry":
        container = registry.find(docker_engine.client(folder), folder)
        return container.logs(tail=1000).decode(errors="replace") if container else ""
    if part == "openstack":
        container = cloud.find(docker_engine.client(folder), folder)
        return cloud.log(container) if container else ""
    if part not in PARTS:
        raise LabError(f"lab logs {part}", "there is no such part", f"one of: {', '.join(PARTS)}")
    return process.tail(folder.log("dockerd" if part == "engine" else part), 1000)


def _parts(folder: Folder, record: Record) -> Iterator[Part]:
    engine = docker_engine.answers(folder.socket)
    whose = {"own": "our own", "running": "the one that ran already"}.get(record.engine, "")
    yield _part("engine", engine, f"{folder.docker_host}, {whose}" if whose else "")
    yield _part("network", engine and record.network is not None, record.network.subnet if record.network else "")
    yield from _containers(folder, running=engine)
    yield _part("simulator", record.alive("simulator"), record.simulator)
    written = folder.stack_file.exists()
    yield _part("stack file", written, str(folder.stack_file.relative_to(folder.project)) if written else "")


def _containers(folder: Folder, *, running: bool) -> Iterator[Part]:
    if not running:
        yield from (_part("registry", up=False), _part("machines", up=False))
        return
    client = docker_engine.client(folder)
    container = registry.find(client, folder)
    yield _part(
        "registry", container is not None and container.status == "running", str(container.name) if container else ""
    )
    machines = client.containers.list(filters={"label": f"{MACHINE_LABEL}={folder.name}"})
    names = sorted(str(machine.attrs["Config"]["Hostname"]) for machine in machines)
    yield _part("machines", bool(names), ", ".join(names))
    openstack = cloud.find(client, folder)
    if openstack is not None:
        yield _part("openstack", openstack.status == "running", str(openstack.name))


def _part(name: str, up: bool, detail: str = "") -> Part:
    return Part(name, "up" if up else "down", detail)
