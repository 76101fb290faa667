"""A small valid stack, and how to change one thing in it."""

from __future__ import annotations

import copy
from typing import Any

from spec.stack import ServicesSpec, StackSpec

VALUES: dict[str, Any] = {
    "target": {
        "kind": "vsphere",
        "server": "vcenter.test",
        "user": "svc",
        "password": "canary-vcenter-password",
        "datacenter": "DC1",
        "cluster": "compute-1",
        "datastore": "vsan",
        "template": "debian-12-docker",
        "network": {"name": "app", "cidr": "10.20.0.0/24", "gateway": "10.20.0.1", "dns": ["10.20.0.1"]},
    },
    "engine": {"ssh": {"authorized_keys": ["ssh-ed25519 AAAA test"]}},
    "cluster": {
        "name": "shop",
        "pools": {
            "managers": {"role": "manager", "count": 3, "cpus": 2, "memory": "4 GiB", "first_address": "10.20.0.11"},
            "workers": {"role": "worker", "count": 2, "cpus": 4, "memory": "8 GiB", "first_address": "10.20.0.21"},
        },
    },
    "networks": {"backend": {"subnet": "10.30.0.0/24"}},
    "configs": {"site": {"content": "hello"}},
    "secrets": {"cache-password": "canary-cache-password"},
    "services": {
        "web": {
            "image": "registry.test/web:1.0",
            "replicas": 2,
            "networks": ["backend"],
            "configs": [{"source": "site", "target": "/etc/site"}],
            "secrets": [{"source": "cache-password", "target": "cache-password"}],
            "ports": [{"target": 8080, "published": 80}],
            "constraints": ["node.role == worker"],
        }
    },
}


def values(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return VALUES with `changes` (dotted path -> value; None removes) made."""
    changed = copy.deepcopy(VALUES)
    for path, value in (changes or {}).items():
        *parents, last = path.split(".")
        place: Any = changed
        for part in parents:
            place = place[int(part) if isinstance(place, list) else part]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return changed


def stack(changes: dict[str, Any] | None = None) -> StackSpec:
    return StackSpec.model_validate(values(changes))


def services(changes: dict[str, Any] | None = None) -> ServicesSpec:
    """A services layer on stack `dev-platform`, with `changes` as in `values`."""
    whole = values(changes)
    keys = ("networks", "configs", "secrets", "services", "ingress")
    running = {key: whole[key] for key in keys if key in whole}
    return ServicesSpec.model_validate({"layer": "services", "platform": "dev-platform", **running})
