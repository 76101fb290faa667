"""Compose files as others write them: taken whole, or refused for exactly these reasons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from components.cluster import DockerCluster
from spec.compose.project import Project, project
from spec.compose.reference import ComposeSpec
from spec.errors import SpecError
from spec.load import check_file
from spec.stack import StackSpec
from tests.conftest import ROOT, Golden
from tests.recorder import build
from tests.specs import values
from tests.unit.spec.compose.test_project import stack_file

SAMPLES = Path(__file__).parent / "samples"
TAKEN = ["gitea-postgres", "pihole", "prometheus-grafana", "traefik-whoami", "voting", "wordpress-mysql"]
REFUSED = {
    "elasticsearch": ["elasticsearch.yaml:9: services.elasticsearch.ulimits"],
    "nginx-golang": [
        "nginx-golang.yaml:5: services.proxy.volumes.0: mounts ./proxy/nginx.conf",
        "nginx-golang.yaml:13: services.backend: has no image",
    ],
}


def read(name: str) -> Project:
    return project(ComposeSpec(files=(f"{name}.yaml",)), SAMPLES)


def test_every_sample_is_in_one_list() -> None:
    assert {each.stem for each in SAMPLES.glob("*.yaml")} == {*TAKEN, *REFUSED}


@pytest.mark.parametrize("name", TAKEN)
def test_a_sample_is_taken(name: str, golden: Golden) -> None:
    found = read(name)
    text = json.dumps(found.sections, indent=1) + "\n" + "\n".join(found.warnings) + "\n"
    golden.check(f"compose/{name}.txt", text)
    secrets = {"db": {"secure": "v1:a"}} if name == "gitea-postgres" else {}
    StackSpec.model_validate(
        values({"target.password": {"secure": "x"}, "secrets": secrets, "configs": {}, **found.sections}),
        context={"at_rest": True},
    )


@pytest.mark.parametrize(("name", "reasons"), REFUSED.items())
def test_a_sample_is_refused_for_these_reasons(name: str, reasons: list[str]) -> None:
    with pytest.raises(SpecError) as caught:
        read(name)
    said = [line for line in str(caught.value).splitlines() if line.startswith(name)]
    assert len(said) == len(reasons)
    for line, reason in zip(said, reasons, strict=True):
        assert line.startswith(reason)


CONFINED = {"read_only": True, "cap_drop": ["ALL"]}
SHOP: dict[str, dict[str, Any]] = {
    "cache": {
        "image": "r.test/shop-cache:1.0",
        "networks": ["shop"],
        "endpoint_mode": "dnsrr",
        "secrets": [{"source": "cache-password", "target": "cache-password"}],
        "constraints": ["node.role == worker"],
        "limits": {"memory": "128 MiB"},
        **CONFINED,
    },
    "worker": {
        "image": "r.test/shop-worker:1.0",
        "replicas": 2,
        "networks": ["shop"],
        "endpoint_mode": "dnsrr",
        "secrets": [{"source": "cache-password", "target": "cache-password"}],
        "constraints": ["node.role == worker"],
        "mounts": [{"kind": "tmpfs", "target": "/tmp"}],
        **CONFINED,
    },
    "web": {
        "image": "r.test/shop-web:1.0",
        "replicas": 2,
        "networks": ["shop"],
        "endpoint_mode": "dnsrr",
        "configs": [{"source": "shop", "target": "/etc/shop/shop.toml"}],
        "secrets": [{"source": "cache-password", "target": "cache-password"}],
        "ports": [{"target": 8080, "published": 8080}],
        "routes": [{"host": "shop.lab", "port": 8080, "timeout": "5s"}],
        "constraints": ["node.role == worker"],
        "max_per_node": 1,
        **CONFINED,
    },
}


def test_the_sample_app_as_compose_file_makes_the_same_services(tmp_path: Path) -> None:
    """What the Docker provider is asked for is equal, property by property."""
    edge = {"image": "r.test/shop-ingress:2.6"}
    common = {"networks": {"shop": {}}, "configs": {"shop": {"file": "examples/shop/shop.toml"}}, "ingress": edge}
    inline = {**common, "services": SHOP}
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    compose = {
        "networks": {}, "configs": {}, "services": {}, "ingress": edge,
        "compose": {"files": ["examples/shop/compose.yaml"], "variables": {"REGISTRY": "r.test"}},
    }  # fmt: skip
    one = StackSpec.model_validate(values(inline))
    other = check_file(stack_file(tmp_path, compose), tmp_path)
    assert other.services == one.services
    assert other.networks == one.networks
    assert other.configs == one.configs
    asked = [build(lambda spec=spec: DockerCluster("shop", spec, ROOT)).inputs for spec in (one, other)]  # type: ignore[misc]
    for name in (*SHOP, "ingress"):
        assert asked[0][name] == asked[1][name]
        assert asked[0][f"{name}-ready"]["revision"] == asked[1][f"{name}-ready"]["revision"]
