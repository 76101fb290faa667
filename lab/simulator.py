"""The vCenter simulator: a process of its own that keeps its inventory in memory only."""

from __future__ import annotations

import json
import shutil
import socket
import time
from pathlib import Path

import docker

from lab import containers, process
from lab.credentials import VCENTER_USER, Credentials
from lab.folder import Folder
from lab.machine_image import MACHINE_LABEL
from lab.progress import Progress, step
from lab.record import Record
from spec.errors import LabError

PART = "simulator"


def ensure(binary: Path, client: docker.DockerClient, folder: Folder, record: Record, progress: Progress) -> str:
    """See that the simulator serves, and return its `host:port`. Raises LabError when it doesn't.

    A new simulator knows nothing of an earlier one's machines: those, and the stack's state, go.
    """
    if not record.alive(PART):
        forget_machines(client, folder, progress)
        with step(progress, "vCenter simulator: starting"):
            _start(binary, folder, record)
    return record.simulator


def stop(record: Record, folder: Folder) -> None:
    """Stop the simulator; it removes the containers behind its machines."""
    if PART in record.processes:
        record.processes.pop(PART).stop()
        record.save(folder)


def forget_machines(client: docker.DockerClient, folder: Folder, progress: Progress) -> None:
    """Remove the containers of machines no simulator knows, and the state that speaks of them."""
    remove_machines(client, folder)
    if any(folder.state.iterdir()):
        progress("stack lab: starting from nothing, as the simulator that had its machines is gone")
        shutil.rmtree(folder.state)
        folder.make()


def wake_machines(client: docker.DockerClient, folder: Folder) -> None:
    """Start the machines that an engine's crash has ended."""
    label = f"{MACHINE_LABEL}={folder.name}"
    for container in client.containers.list(all=True, filters={"label": label, "status": "exited"}):
        container.start()


def remove_machines(client: docker.DockerClient, folder: Folder) -> None:
    """Remove every container behind a machine of this lab, with its volumes."""
    for container in client.containers.list(all=True, filters={"label": f"{MACHINE_LABEL}={folder.name}"}):
        containers.discard(container)


def command(binary: Path, address: str, password: Path) -> list[str]:
    """Return the simulator's command line; the password stays in its file."""
    return [
        str(binary), "--listen", address, "--user", VCENTER_USER, "--password-file", str(password),
    ]  # fmt: skip


def _start(binary: Path, folder: Folder, record: Record) -> None:
    log = folder.log(PART)
    log.unlink(missing_ok=True)
    address = _free(record.simulator)
    line = command(binary, address, Credentials(folder).vcenter_password)
    record.processes[PART] = process.start(line, log, {"DOCKER_HOST": folder.docker_host})
    record.simulator = address
    record.save(folder)
    end = time.monotonic() + 60
    while listening(log.read_text()) is None:
        if not record.alive(PART) or time.monotonic() > end:
            raise LabError("vCenter simulator", f"does not start:\n{process.tail(log)}", f"see {log}")
        time.sleep(0.1)


def listening(log: str) -> str | None:
    """Return the `host:port` that the simulator says it serves on, or None while it says nothing."""
    for line in log.splitlines():
        if line.startswith('{"listen"'):
            return str(json.loads(line)["listen"])
    return None


def _free(preferred: str) -> str:
    """Return a loopback address nobody listens on: the one it had before, if it still can."""
    for port in (int(preferred.rpartition(":")[2] or 0), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return f"127.0.0.1:{probe.getsockname()[1]}"
    raise LabError("vCenter simulator", "finds no free port on 127.0.0.1")
