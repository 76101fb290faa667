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
