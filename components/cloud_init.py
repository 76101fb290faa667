"""The cloud-init text of a node: pure functions from spec to guestinfo values.

Nothing secret goes in: every guest process and every vCenter user with read access can see guestinfo.
Source of the keys and encodings: cloud-init's documentation of its VMware data source.
"""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.compat import StringIO
from ruamel.yaml.scalarstring import LiteralScalarString

from components import install, vmxnet3
from components.daemon import daemon
from components.data_disk import SCSI, Device, boot_command
from components.interfaces import ethernets, interfaces
from components.names import NodeIdentity
from spec.engine import EngineSpec
from spec.errors import SpecError
from spec.targets.vsphere import VsphereTarget

GUESTINFO_LIMIT = 64 * 1024
"""Bytes that one guestinfo value may have (vmware-tanzu/vm-operator#148)."""


def guestinfo(node: NodeIdentity, engine: EngineSpec, target: VsphereTarget) -> dict[str, str]:
    """Return the `guestinfo.*` keys of a node. Raises SpecError when one is over 64 KiB."""
    texts = {"metadata": metadata(node, target), "userdata": userdata(node, engine)}
    values: dict[str, str] = {}
    for key, text in texts.items():
        values[f"guestinfo.{key}"] = _packed(node, key, text)
        values[f"guestinfo.{key}.encoding"] = "gzip+base64"
    return values


def metadata(node: NodeIdentity, target: VsphereTarget) -> str:
    """Return the instance metadata: identity and the network."""
    content = {
        "instance-id": node.name,
        "local-hostname": node.name,
        "network": {"version": 2, "ethernets": ethernets(interfaces(node, target))},
    }
    return _yaml(content)


def userdata(node: NodeIdentity, engine: EngineSpec, device: Device = SCSI) -> str:
    """Return the cloud-config: who may log in, where the engine comes from, and how it runs."""
    content = {
        "hostname": node.name,
        "preserve_hostname": False,
        "users": [_user(engine)],
        "disable_root": engine.ssh.user != "root",
        "ssh_pwauth": False,
        **({"bootcmd": [boot_command(disk, device)]} if (disk := node.pool.own_disk) else {}),
        "write_files": _files(engine),
        "runcmd": _commands(engine),
    }
    return "#cloud-config\n" + _yaml(content)


def _files(engine: EngineSpec) -> list[dict[str, Any]]:
    files = [_file("/etc/docker/daemon.json", json.dumps(daemon(engine), indent=2) + "\n")]
    files += [_file(f"/etc/docker/certs.d/{host}/ca.crt", ca.ca, "0444") for host, ca in engine.registries.items()]
    scripts = install.files(engine.install) | ({} if engine.vmxnet3_checksum_offload else vmxnet3.files())
    return files + [_file(path, text, "0755" if "/sbin/" in path else "0644") for path, text in scripts.items()]


def _commands(engine: EngineSpec) -> list[list[str]]:
    remedy = [] if engine.vmxnet3_checksum_offload else vmxnet3.commands()
    start = [["systemctl", "enable", "docker"], ["systemctl", "restart", "docker"]]
    return [*remedy, *install.commands(engine.install), *start]


def _user(engine: EngineSpec) -> dict[str, Any]:
    keys = list(engine.ssh.authorized_keys)
    if engine.ssh.user == "root":
        return {"name": "root", "ssh_authorized_keys": keys}
    return {"name": engine.ssh.user, "groups": "docker", "shell": "/bin/bash", "ssh_authorized_keys": keys}


def _file(path: str, content: str, permissions: str = "0644") -> dict[str, Any]:
    return {"path": path, "permissions": permissions, "content": LiteralScalarString(content)}


def _yaml(content: Any) -> str:
    stream = StringIO()
    YAML().dump(content, stream)
    return str(stream.getvalue())


def _packed(node: NodeIdentity, key: str, text: str) -> str:
    packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    if len(packed) > GUESTINFO_LIMIT:
        raise SpecError(
            f"guestinfo.{key} of {node.name}",
            f"{len(packed)} bytes; VMware allows {GUESTINFO_LIMIT}",
            "name fewer keys and registries, or bake them into the template",
        )
    return packed
