"""The node image, and the container arguments that make a booted machine of it."""

from __future__ import annotations

import docker
from docker.errors import APIError

from lab import containers
from lab.base_image import BaseImage
from lab.folder import Folder
from lab.record import Record

NODE = BaseImage("node", ("/sbin/init",))

MACHINE_LABEL = "longshore.machine"
"""A container label with the lab's name: the containers behind the simulator's machines."""

CAPABILITIES = (
    "AUDIT_CONTROL", "AUDIT_READ", "BLOCK_SUSPEND", "DAC_READ_SEARCH", "IPC_LOCK", "IPC_OWNER", "LEASE",
    "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "NET_ADMIN", "NET_BROADCAST", "SYS_ADMIN", "SYS_BOOT", "SYS_MODULE",
    "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_TIME", "SYS_TTY_CONFIG", "SYSLOG", "WAKE_ALARM",
)  # fmt: skip
"""All but SYS_RESOURCE, which some hosts can't give: there --privileged fails, and these are enough."""


def machine_arguments(folder: Folder, image: str, *, privileged: bool) -> list[str]:
    """Return `docker create` arguments for a machine, image last, with `{name}` and `{address}` to be filled in.

    The simulator joins them with spaces into one shell line: an argument with a space brings its own quotes.
    It names the container itself.
    """
    return [
        "--hostname={name}", f"--network={folder.name}", "--ip={address}", f"--label={MACHINE_LABEL}={folder.name}",
        *(["--privileged"] if privileged else _unprivileged()),
        "--cgroupns=private", "--tmpfs=/run", "--tmpfs=/run/lock", "--volume=/var/lib/docker",
        "--env=container=docker", "--stop-signal=SIGRTMIN+3", image,
    ]  # fmt: skip


def _unprivileged() -> list[str]:
    unconfined = [f"--security-opt={what}=unconfined" for what in ("seccomp", "apparmor", "systempaths")]
    return [*(f"--cap-add={name}" for name in CAPABILITIES), *unconfined, "--device-cgroup-rule='a *:* rwm'"]


def can_be_privileged(client: docker.DockerClient, folder: Folder, record: Record, image: str) -> bool:
    """Tell whether the engine can run a privileged container; tried once, then recorded."""
    if record.privileged is None:
        record.privileged = _try_privileged(client, folder, image)
        record.save(folder)
    return record.privileged


def _try_privileged(client: docker.DockerClient, folder: Folder, image: str) -> bool:
    labels = {MACHINE_LABEL: folder.name}
    container = client.containers.create(image, ["true"], privileged=True, network_mode="none", labels=labels)
    try:
        container.start()
    except APIError:
        return False
    finally:
        containers.discard(container)
    return True
