"""A registry of one's own: an ordinary service, with everything that is nobody's business in secrets."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format  # type: ignore[import-untyped]

from components.layers import build as build_layers
from components.nftables import ruleset
from components.ports import matrix
from tests.recorder import Recording, build, is_secret
from tests.specs import stack
from tests.unit.spec.test_own_registry import OWN

UPSTREAM = {"url": "https://registry-1.docker.io", "user": "hub", "password": "canary-hub"}


def recorded(**changes: Any) -> Recording:
    return build(lambda: build_layers(stack({"registry": OWN | changes}), Path("/project")))


def content(recording: Recording, name: str) -> str:
    """Return what a secret holds, which must be marked as one."""
    sent = json_format.MessageToDict(recording.requests[name].object)["data"]
    assert is_secret(sent)
    return base64.b64decode(sent["value"]).decode()


def test_it_is_a_component_with_a_service_that_is_waited_for() -> None:
    recording = recorded()
    below = [urn.split("::", 2)[2] for urn in recording.urns if "Registry$" in urn]
    assert "longshore:index:Registry$docker:index/service:Service::registry" in below
    assert [each.rpartition("::")[2] for each in below if "ServiceReady" in each] == ["registry-ready"]


def test_its_settings_are_those_of_the_stack() -> None:
    settings = json.loads(content(recorded(read_only=True), "registry-config"))
    assert settings["storage"]["filesystem"] == {"rootdirectory": "/var/lib/registry"}
    assert settings["storage"]["maintenance"] == {"readonly": {"enabled": True}}
    assert settings["auth"]["htpasswd"]["path"] == "/run/secrets/registry-users"
    assert "proxy" not in settings
    assert "auth" not in json.loads(content(recorded(users=None), "registry-config"))


@pytest.mark.parametrize("login", [{}, {"user": "hub", "password": "canary-hub"}])
def test_a_pull_through_mirror_knows_its_upstream(login: dict[str, str]) -> None:
    upstream = {"url": UPSTREAM["url"], **login}
    proxy = json.loads(content(recorded(mirror_of=upstream), "registry-config"))["proxy"]
    known = {"username": "hub", "password": "canary-hub"} if login else {}
    assert proxy == {"remoteurl": UPSTREAM["url"], **known}


def test_its_certificate_and_users_are_secrets_and_their_canaries_are_nowhere_else() -> None:
    recording = recorded(mirror_of=UPSTREAM)
    assert content(recording, "registry-tls") == f"canary-registry-key\n{OWN['certificate']}"
    assert content(recording, "registry-users") == OWN["users"]
    for name, request in recording.requests.items():
        if name not in ("registry-config", "registry-tls", "registry-users"):
            assert "canary-registry" not in str(request.object)
            assert "canary-h" not in str(request.object)


def test_the_service_is_closed_up_and_says_whether_it_takes_pushes() -> None:
    asked = recorded(storage={"kind": "volume", "source": "images", "target": "/data"}).inputs["registry"]
    container = asked["taskSpec"]["containerSpec"]
    assert container["commands"] == ["registry", "serve", "/run/secrets/registry-config"]
    assert container["readOnly"]
    assert container["mounts"][0]["target"] == "/data"
    assert asked["labels"] == [{"label": "longshore.registry.read-only", "value": "false"}]
    assert asked["endpointSpec"]["ports"][0]["publishedPort"] == 5000


def test_the_ports_matrix_lets_clients_and_nodes_reach_it_and_it_its_upstream() -> None:
    spec = stack({"registry": OWN | {"mirror_of": UPSTREAM}, "access": {"clients": ["192.0.2.0/24"]}})
    flows = matrix(spec)
    [inward] = [flow for flow in flows if flow.port == 5000 and flow.published]
    assert inward.source.name == "registry clients"
    assert {str(each) for each in inward.source.networks} >= {"192.0.2.0/24", "10.20.0.21/32"}
    assert any(flow.target.name == "registry registry-1.docker.io" for flow in flows)
    assert "ip saddr != @registry_clients drop" in ruleset(spec, "worker")
