"""The container that a service's tasks run, as the Docker provider wants it told.

What isn't declared is left out: the provider can't read empty blocks, and Docker's own defaults hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_docker as docker

from providers.swarm.stored_resources import Config, Secret
from spec.mount import BindMount, MountSpec, NfsMount, TmpfsMount, VolumeMount
from spec.service import MountedFile, ServiceSpec

STICKY = 0o1777
"""Docker's own mode of a tmpfs mount ("tmpfs-mode", docs.docker.com)."""


@dataclass(frozen=True)
class Declared:
    """What services may refer to, by the names in the stack file."""

    networks: Mapping[str, docker.Network]
    configs: Mapping[str, Config]
    secrets: Mapping[str, Secret]


def container(spec: ServiceSpec, declared: Declared) -> dict[str, Any]:
    """Return the container specification of a service's tasks."""
    return {
        "image": spec.image,
        "commands": list(spec.command) or None,
        "args": list(spec.args) or None,
        "env": dict(spec.env) or None,
        "configs": [_config(file, declared.configs[file.source]) for file in spec.configs] or None,
        "secrets": [_secret(file, declared.secrets[file.source]) for file in spec.secrets] or None,
        "healthcheck": _healthcheck(spec),
        "stop_grace_period": spec.stop_grace,
        "stop_signal": spec.stop_signal,
        "mounts": [_mount(each) for each in spec.mounts] or None,
        **_identity(spec),
        **_isolation(spec),
    }


def _identity(spec: ServiceSpec) -> dict[str, Any]:
    return {
        "user": spec.user,
        "groups": list(spec.groups) or None,
        "dir": spec.directory,
        "hostname": spec.hostname,
        "hosts": [{"host": name, "ip": str(address)} for name, address in spec.hosts.items()] or None,
        "dns_config": _dns(spec),
        "labels": labels(spec.container_labels) or None,
    }


def _isolation(spec: ServiceSpec) -> dict[str, Any]:
    return {
        "init": spec.init or None,
        "read_only": spec.read_only,
        "cap_adds": capabilities(spec.cap_add) or None,
        "cap_drops": capabilities(spec.cap_drop) or None,
        "sysctl": dict(spec.sysctls) or None,
    }


def labels(declared: Mapping[str, str]) -> list[dict[str, str]]:
    """Return labels as the provider lists them, in a stable order."""
    return [{"label": key, "value": value} for key, value in sorted(declared.items())]


def capabilities(declared: tuple[str, ...]) -> list[str]:
    """Return capabilities as Docker reports them back, so that no later preview differs: `CAP_…`, or `ALL`."""
    return sorted(name if name == "ALL" or name.startswith("CAP_") else f"CAP_{name}" for name in declared)


def _config(file: MountedFile, source: Config) -> dict[str, Any]:
    mode = int(file.mode, 8)
    return {"config_id": source.id, "config_name": source.stored_name, "file_name": file.target, "file_mode": mode}


def _secret(file: MountedFile, source: Secret) -> dict[str, Any]:
    mode = int(file.mode, 8)
    return {"secret_id": source.id, "secret_name": source.stored_name, "file_name": file.target, "file_mode": mode}


def _healthcheck(spec: ServiceSpec) -> dict[str, Any] | None:
    check = spec.healthcheck
    if check is None:
        return None
    return {
        "tests": list(check.test),
        "interval": check.interval,
        "timeout": check.timeout,
        "retries": check.retries,
        "start_period": check.start_period,
    }


def _dns(spec: ServiceSpec) -> dict[str, Any] | None:
    servers = [str(address) for address in spec.dns.nameservers]
    if not (servers or spec.dns.search or spec.dns.options):
        return None
    return {
        "nameservers": servers,
        "searches": list(spec.dns.search) or None,
        "options": list(spec.dns.options) or None,
    }


def _mount(spec: MountSpec) -> dict[str, Any]:
    common = {"target": spec.target, "read_only": spec.read_only}
    match spec:
        case VolumeMount():
            return common | {"type": "volume", "source": spec.source, "volume_options": _volume(spec)}
        case NfsMount():
            return common | {"type": "volume", "source": share_name(spec), "volume_options": _share(spec)}
        case TmpfsMount():
            return common | {"type": "tmpfs", "tmpfs_options": _memory(spec)}
        case BindMount():
            bind = {"propagation": spec.propagation} if spec.propagation else None
            return common | {"type": "bind", "source": spec.source, "bind_options": bind}


def _memory(spec: TmpfsMount) -> dict[str, Any] | None:
    """Return what differs from Docker's own: its 1777, sent as such, loses the sticky bit and differs for ever."""
    mode, size = int(spec.mode, 8), int(spec.size) if spec.size else None
    options = {"mode": mode if mode != STICKY else None, "size_bytes": size}
    return {key: value for key, value in options.items() if value is not None} or None


def _volume(spec: VolumeMount) -> dict[str, Any] | None:
    if not (spec.driver or spec.options or not spec.copy_image_data):
        return None
    return {
        "driver_name": spec.driver,
        "driver_options": dict(spec.options) or None,
        "no_copy": not spec.copy_image_data,
    }


def share_name(spec: NfsMount) -> str:
    """Return the name of an NFS share's volume, another one for another share or other options.

    A node keeps a volume that it has, whatever options a service asks for later (docs.docker.com, "Volumes").
    """
    said = "\n".join((spec.server, spec.path, spec.version, spec.options, str(spec.read_only)))
    return f"nfs-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def _share(spec: NfsMount) -> dict[str, Any]:
    options = [f"addr={spec.server}", f"nfsvers={spec.version}", "ro" if spec.read_only else "rw", spec.options]
    return {
        "driver_name": "local",
        "driver_options": {"type": "nfs", "o": ",".join(filter(None, options)), "device": f":{spec.path}"},
        "no_copy": True,
    }
