"""What a node says of its engine's configuration: collected by one shell script, read into one value."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from providers.swarm.connection import Connection
from providers.swarm.ssh import Outside
from spec.errors import EngineError

SECONDS = 30
# One fact a line, its parts separated by tabs. What isn't there is left out: a check says what that means.
SCRIPT = r"""exec 2>/dev/null
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
PATH=$PATH:/usr/sbin:/sbin
printf 'arguments\t'; tr '\0' '\t' <"/proc/$(cat /run/docker.pid)/cmdline"; echo
printf 'config\t%s\n' "$(as_root cat /etc/docker/daemon.json | base64 | tr -d '\n')"
printf 'init\t%s\n' "$(cat /proc/1/comm)"
printf 'mount\t%s\n' "$(as_root stat -c %m "$(docker info --format '{{.DockerRootDir}}')")"
for path in /etc/docker /etc/docker/daemon.json /etc/docker/certs.d/*/* \
    /run/docker.sock /run/containerd/containerd.sock \
    "$(systemctl show -p FragmentPath --value docker.service)" \
    "$(systemctl show -p FragmentPath --value docker.socket)"; do
    [ -e "$path" ] && printf 'file\t%s\t%s\n' "$path" "$(as_root stat -L -c '%a %U:%G' "$path")"
done
for nic in /sys/class/net/*; do
    [ -e "$nic/device/driver" ] || continue
    name=${nic##*/}; state=$(ethtool -k "$name" | awk '$1 == "tx-checksum-ip-generic:" {print $2}')
    printf 'nic\t%s\t%s\t%s\n' "$name" "$(basename "$(readlink "$nic/device/driver")")" "${state:-unknown}"
done
printf 'audit\t%s\n' "$(as_root auditctl -l | grep -c dockerd)"
"""


@dataclass(frozen=True)
class Nic:
    """A network card: its driver, and whether that fills in checksums of what is sent (`on`, `off`, `unknown`)."""

    name: str
    driver: str
    checksums: str


@dataclass(frozen=True)
class Facts:
    """A node's engine as it is configured, and as it describes itself (`GET /info`)."""

    info: Mapping[str, Any]
    arguments: tuple[str, ...] = ()
    """dockerd's command line."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """daemon.json."""
    files: Mapping[str, str] = field(default_factory=dict)
    """By path: mode in octal and owner, such as `644 root:root`."""
    nics: tuple[Nic, ...] = ()
    init: str = ""
    mount: str = ""
    """Where the file system that holds the engine's data is mounted."""
    audit_rules: int = 0

    def flags(self, name: str) -> list[str]:
        """Return every value that the command line gives `--name`; a switch without one is `true`."""
        found: list[str] = []
        for each, following in zip(self.arguments, (*self.arguments[1:], "-"), strict=False):
            if each.startswith(f"--{name}="):
                found.append(each.split("=", 1)[1])
            elif each == f"--{name}":
                found.append("true" if following.startswith("-") else following)
        return found

    def setting(self, key: str, flag: str | None = None) -> Any:
        """Return what daemon.json, else the command line, says of `key`; None where neither says anything."""
        given = self.flags(flag or key)
        return self.config.get(key, {"true": True, "false": False}.get(given[0].lower(), given[0]) if given else None)

    @property
    def listeners(self) -> list[str]:
        """Every address that the engine listens on."""
        short = [value for flag, value in zip(self.arguments, self.arguments[1:], strict=False) if flag == "-H"]
        return [*short, *self.flags("host"), *self.config.get("hosts", [])]


def facts(outside: Outside, node: Connection, info: Mapping[str, Any]) -> Facts:
    """Collect a node's facts. Raises EngineError where the node can't be asked, or its daemon.json isn't JSON."""
    return parsed(outside.run(node, SCRIPT, SECONDS).output, info, node.where)


def parsed(output: str, info: Mapping[str, Any], where: str) -> Facts:
    """Read what SCRIPT printed. Raises EngineError when daemon.json isn't a JSON object."""
    rows = [line.rstrip("\t").split("\t") for line in output.splitlines()]
    single = {row[0]: row[1:] for row in rows if row[0] not in ("file", "nic")}
    return Facts(
        info=info,
        arguments=tuple(single.get("arguments", ())),
        config=_config("".join(single.get("config", ())), where),
        files={row[1]: row[2] for row in rows if row[0] == "file" and len(row) == 3},
        nics=tuple(Nic(*row[1:]) for row in rows if row[0] == "nic" and len(row) == 4),
        init="".join(single.get("init", ())),
        mount="".join(single.get("mount", ())),
        audit_rules=int("".join(single.get("audit", ())) or 0),
    )


def _config(encoded: str, where: str) -> dict[str, Any]:
    try:
        config = json.loads(base64.b64decode(encoded) or b"{}")
    except ValueError:
        config = None
    if not isinstance(config, dict):
        raise EngineError(where, "/etc/docker/daemon.json is no JSON object", "mend it, then restart docker")
    return config
