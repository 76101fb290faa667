from typing import Any

import pytest

from spec.contradictions import contradictions
from tests.specs import stack

OWN: dict[str, Any] = {
    "image": "docker.io/library/registry:2",
    "storage": {"kind": "nfs", "server": "nas", "path": "/images", "target": "/var/lib/registry"},
    "certificate": "-----BEGIN CERTIFICATE-----\nPUBLIC\n-----END CERTIFICATE-----\n",
    "key": "canary-registry-key",
    "users": "dev:$2y$05$canary-hash",
}
VOLUME = {"kind": "volume", "source": "images", "target": "/var/lib/registry"}


def problems(changes: dict[str, Any], services: dict[str, Any] | None = None) -> list[str]:
    spec = stack({"registry": OWN | changes, **(services or {})})
    return [f"{each.path}: {each.found} -> {each.fix}" for each in contradictions(spec)]


def test_a_registry_on_a_share_may_run_anywhere() -> None:
    assert problems({}) == []


def test_a_registry_on_a_nodes_disk_stays_there() -> None:
    [problem] = problems({"storage": VOLUME})
    assert problem.startswith("registry.storage: kind volume is one node's own")
    assert problems({"storage": VOLUME, "constraints": ["node.hostname == shop-workers-1"]}) == []


@pytest.mark.parametrize(
    ("changes", "services", "path"),
    [
        ({"storage": OWN["storage"] | {"read_only": True}}, {}, "registry.storage.read_only"),
        ({"published": 80}, {}, "registry.published"),
        ({}, {"services.registry": {"image": "x"}}, "services.registry"),
        ({}, {"secrets.registry-tls": "x"}, "secrets.registry-tls"),
        ({"mirror_of": {"url": "https://r.io", "user": "dev"}}, {}, "registry.mirror_of"),
        ({"mirror_of": {"url": "https://r.io", "password": "x"}}, {}, "registry.mirror_of"),
    ],
)
def test_what_contradicts_itself_is_named(changes: dict[str, Any], services: dict[str, Any], path: str) -> None:
    [problem] = problems(changes, services)
    assert problem.startswith(f"{path}: ")
