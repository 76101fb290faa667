"""The same stack on every target: only its `target` differs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from components.cluster import DockerCluster
from spec.stack import StackSpec
from spec.target import KINDS
from tests.recorder import Recording, build
from tests.specs import VALUES, stack

Changes = dict[str, Any]
NETWORK: Changes = {"cidr": "10.20.0.0/24", "dns": ["10.20.0.2"]}
SAMPLES: dict[str, Changes] = {
    "vsphere": VALUES["target"] | {"network": VALUES["target"]["network"] | NETWORK},
    "openstack": {
        "kind": "openstack",
        "auth_url": "https://cloud.test:5000/v3",
        "project": "docker",
        "user": "svc",
        "password": "canary-openstack-password",
        "image": "debian-12-docker",
        "network": NETWORK | {"name": "app"},
        "floating_network": "outside",
    },
    "aws": {
        "kind": "aws",
        "region": "eu-central-1",
        "access_key": "canary-aws-access-key",
        "secret_key": "canary-aws-secret-key",
        "image": "debian-12-docker-*",
        "network": NETWORK | {"vpc": "vpc-0a1", "subnet": "subnet-0a1"},
    },
    "gcp": {
        "kind": "gcp",
        "project": "docker",
        "region": "europe-west3",
        "zone": "europe-west3-a",
        "credentials": "canary-gcp-credentials",
        "image": "images/debian-12-docker",
        "network": NETWORK | {"name": "app", "subnet": "nodes"},
    },
    "azure": {
        "kind": "azure",
        "subscription": "00000000-1111-2222-3333-444444444444",
        "tenant": "55555555-6666-7777-8888-999999999999",
        "client": "svc",
        "client_secret": "canary-azure-client-secret",
        "location": "westeurope",
        "image": "Debian:debian-12:12-gen2:latest",
        "network": NETWORK | {"resource_group": "network", "name": "app", "subnet": "nodes"},
    },
}
ZONES: dict[str, Changes] = {
    "vsphere": {"a": {"host_group": "zone-a"}, "b": {"host_group": "zone-b"}},
    "openstack": {"a": {"zone": "zone-a", "volumes": "zone-a"}, "b": {"zone": "zone-b", "volumes": "zone-b"}},
    "aws": {
        "a": {"zone": "zone-a", "subnet": "subnet-0a", "cidr": "10.20.0.0/28"},
        "b": {"zone": "zone-b", "subnet": "subnet-0b", "cidr": "10.20.0.16/28"},
    },
    "gcp": {"a": {"zone": "zone-a"}, "b": {"zone": "zone-b"}},
    "azure": {"a": {"zone": "1"}, "b": {"zone": "2"}},
}
"""Two zones on every target, with the same names."""
CLOUDS = tuple(kind for kind in KINDS if kind != "vsphere")
_MADE: dict[str, Recording] = {}


def spec(kind: str, changes: Changes | None = None, **target: Any) -> StackSpec:
    return stack({"target": SAMPLES[kind] | target, **(changes or {})})


def recorded(kind: str, changes: Changes | None = None, **target: Any) -> Recording:
    """Return what the sample stack registers on `kind`; each is made once."""
    key = json.dumps([kind, changes, target])
    if key not in _MADE:
        made = spec(kind, changes, **target)
        _MADE[key] = build(lambda: DockerCluster("shop", made, Path()))
    return _MADE[key]
