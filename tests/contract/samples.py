"""The same stack on every target: only its `target` differs."""

from __future__ import annotations

from typing import Any

from tests.specs import VALUES

NETWORK: dict[str, Any] = {"cidr": "10.20.0.0/24", "dns": ["10.20.0.2"]}
SAMPLES: dict[str, dict[str, Any]] = {
    "vsphere": VALUES["target"],
    "openstack": {
        "kind": "openstack",
        "auth_url": "https://cloud.test:5000/v3",
        "project": "docker",
        "user": "svc",
        "password": "canary-openstack-password",
        "image": "debian-12-docker",
        "network": NETWORK | {"name": "app"},
    },
}
