"""What a node prints when it is asked for its facts, and what changes in it."""

from __future__ import annotations

import base64
import json
from typing import Any

from providers.swarm.facts import Facts, parsed

CONFIG: dict[str, Any] = {
    "log-driver": "json-file",
    "log-opts": {"max-size": "10m", "max-file": "3"},
    "live-restore": False,
    "icc": False,
    "no-new-privileges": True,
    "userland-proxy": False,
    "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 65536, "Hard": 1048576}},
}
INFO: dict[str, Any] = {
    "Driver": "overlay2",
    "LoggingDriver": "json-file",
    "CgroupDriver": "systemd",
    "CgroupVersion": "2",
    "SecurityOptions": ["name=apparmor", "name=seccomp,profile=default"],
    "RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8"], "IndexConfigs": {"docker.io": {"Secure": True}}},
}
FILES = {
    "/etc/docker": "755 root:root",
    "/etc/docker/daemon.json": "644 root:root",
    "/etc/docker/certs.d/registry.test:5000/ca.crt": "444 root:root",
    "/run/docker.sock": "660 root:docker",
    "/run/containerd/containerd.sock": "660 root:root",
    "/lib/systemd/system/docker.service": "644 root:root",
    "/lib/systemd/system/docker.socket": "644 root:root",
}


def printed(
    config: dict[str, Any] | str | None = None,
    arguments: str = "/usr/sbin/dockerd -H fd://",
    files: dict[str, str] | None = None,
    more: str = "",
    init: str = "systemd",
) -> str:
    """Return the script's output on a node that passes everything but for what is given."""
    text = config if isinstance(config, str) else json.dumps(CONFIG | (config or {}))
    rows = ["arguments\t" + arguments.replace(" ", "\t") + "\t", "config\t" + base64.b64encode(text.encode()).decode()]
    rows += [f"init\t{init}", "mount\t/var/lib/docker", "audit\t2"]
    rows += [f"file\t{path}\t{state}" for path, state in (FILES | (files or {})).items()]
    return "\n".join([*rows, "nic\teth0\tvmxnet3\toff", more])


def given(info: dict[str, Any] | None = None, **changes: Any) -> Facts:
    return parsed(printed(**changes), INFO | (info or {}), "m1")
