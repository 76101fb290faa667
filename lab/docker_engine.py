"""The Docker Engine the lab runs on: the one that runs here anyway, or one of our own."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import docker
import requests
from docker.errors import DockerException

from lab import apt, firewall, mounts, process
from lab.folder import Folder
from lab.progress import Progress, step
from lab.record import Record
from spec.errors import LabError

_PACKAGES = {"dockerd": "docker.io", "docker": "docker.io", "containerd": "containerd", "iptables": "iptables"}
_DEFAULT_HOST = "unix:///var/run/docker.sock"
_CONTAINERD_CONFIG = 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n'
_SYSTEM_PATH = {"PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}


def client(folder: Folder, timeout: float = 600) -> docker.DockerClient:
    """Return a client of the lab's engine. Raises LabError when it does not answer."""
    try:
        return docker.DockerClient(base_url=folder.docker_host, version="auto", timeout=int(timeout))
    except DockerException as error:
        raise LabError("lab", f"its Docker Engine does not answer: {error}", "run `longshore lab up`") from error


@contextmanager
def refusals_explained() -> Iterator[None]:
    """Turn what the engine refuses into a LabError."""
    try:
        yield
    except (DockerException, requests.RequestException) as error:
        raise LabError("lab", f"its Docker Engine refuses: {error}", "see `longshore lab logs engine`") from error


def ensure(folder: Folder, record: Record, progress: Progress) -> bool:
    """See that an engine answers at the lab's socket, and tell whether it had to be started or found.

    Raises LabError when none can be had.
    """
    if answers(folder.socket):
        return False
    if record.engine != "own" and _use_running(folder, record, progress):
        return True
    apt.ensure(_PACKAGES, "the lab's Docker Engine", progress)
    # Installing it may have started it, by the distribution's own service.
    if record.engine == "own" or not _use_running(folder, record, progress):
        _start(folder, record, progress)
    return True


def revive(folder: Folder, record: Record, progress: Progress) -> None:
    """Start our own engine again when it is dead: only an engine can remove what it left."""
    if record.engine == "own" and not answers(folder.socket):
        _start(folder, record, progress)


def answers(socket: Path) -> bool:
    """Tell whether an engine answers at a socket."""
    if not socket.exists():
        return False
    with suppress(DockerException, requests.RequestException):
        return bool(docker.DockerClient(base_url=f"unix://{socket}", version="auto", timeout=10).ping())
    return False


def stop(folder: Folder, record: Record, progress: Progress) -> None:
    """Stop our own engine and remove what it leaves behind; only let go of an engine that isn't ours."""
    folder.socket.unlink(missing_ok=True)
    if record.engine == "own":
        with step(progress, "Docker Engine: stopping our own"):
            _stop(folder, record)
    record.engine = ""
    record.save(folder)


def unusable(info: dict[str, object]) -> str:
    """Return why an engine, by its /info, can't carry the lab's nodes; empty when it can."""
    options = info.get("SecurityOptions") or []
    if info.get("OSType") != "linux":
        return "it does not run Linux containers"
    if isinstance(options, list) and any("name=rootless" in str(option) for option in options):
        return "it is rootless, and nodes need a root engine"
    if "Docker Desktop" in str(info.get("OperatingSystem")):
        return "it is Docker Desktop, whose containers can't be reached from here"
    return ""


def _use_running(folder: Folder, record: Record, progress: Progress) -> bool:
    """Link the lab's socket to the engine that runs here anyway, when there is one that will do."""
    host = os.environ.get("DOCKER_HOST") or _DEFAULT_HOST
    if host == folder.docker_host:  # a shell with the lab's own environment
        host = _DEFAULT_HOST
    socket = Path(host.removeprefix("unix://"))
    if not host.startswith("unix://") or not answers(socket):
        return False
    reason = unusable(docker.DockerClient(base_url=host, version="auto").info())
    if reason:
        progress(f"Docker Engine: not the one at {socket}: {reason}")
        return False
    record.engine = "running"
    record.save(folder)
    folder.socket.unlink(missing_ok=True)
    folder.socket.symlink_to(socket)
    progress(f"Docker Engine: the one at {socket}")
    return True


def _start(folder: Folder, record: Record, progress: Progress) -> None:
    if os.geteuid():
        raise LabError("lab", "no Docker Engine is usable, and starting one needs root", "start Docker, or run as root")
    if not record.firewall:
        record.firewall = firewall.look()
    record.engine = "own"
    record.save(folder)
    with step(progress, "Docker Engine: starting our own"):
        _start_part(folder, record, "containerd", _containerd(folder), folder.runtime / "containerd.sock")
        _start_part(folder, record, "dockerd", _dockerd(folder), folder.socket)
        _wait(folder, record)


def _start_part(folder: Folder, record: Record, part: str, command: list[str], socket: Path) -> None:
    """Start a daemon unless it runs, record it, and wait until its socket is there."""
    if not record.alive(part):
        socket.unlink(missing_ok=True)
        record.processes[part] = process.start(command, folder.log(part), _SYSTEM_PATH)
        record.save(folder)
    end = time.monotonic() + 60
    while not socket.exists() and record.alive(part) and time.monotonic() < end:
        time.sleep(0.1)


def _containerd(folder: Folder) -> list[str]:
    engine = folder.root / "engine"
    for path in (engine, folder.runtime):
        path.mkdir(mode=0o711, exist_ok=True)
    config = engine / "containerd.toml"
    config.write_text(_CONTAINERD_CONFIG)
    return [
        "containerd", "--config", str(config), "--address", str(folder.runtime / "containerd.sock"),
        "--root", str(engine / "containerd"), "--state", str(folder.runtime / "containerd"),
    ]  # fmt: skip


def _dockerd(folder: Folder) -> list[str]:
    pid_file = folder.runtime / "docker.pid"
    # A number left by a crash may be another process by now, and dockerd would refuse to start.
    pid_file.unlink(missing_ok=True)
    return [
        "dockerd", "--host", folder.docker_host, "--pidfile", str(pid_file), "--bridge", "none",
        "--containerd", str(folder.runtime / "containerd.sock"),
        "--data-root", str(folder.root / "engine" / "docker"), "--exec-root", str(folder.runtime / "docker"),
    ]  # fmt: skip


def _wait(folder: Folder, record: Record) -> None:
    end = time.monotonic() + 60
    while not answers(folder.socket):
        if not record.alive("dockerd") or time.monotonic() > end:
            log = folder.log("dockerd")
            raise LabError("lab", f"its Docker Engine does not start:\n{process.tail(log)}", f"see {log}")
        time.sleep(0.2)


def _stop(folder: Folder, record: Record) -> None:
    for part in ("dockerd", "containerd"):
        if part in record.processes:
            record.processes[part].stop()
            del record.processes[part]
            record.save(folder)
    engine = folder.root / "engine"
    for path in (engine, folder.runtime):
        mounts.unmount_below(path)
        if path.exists():
            shutil.rmtree(path)
    if record.firewall and not firewall.other_engine():
        firewall.restore(record.firewall)
    record.firewall = None
