"""Networks, configs and secrets: what services may refer to."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from spec.errors import SpecError
from tests.unit.components.recordings import services, whole


def network(**fields: Any) -> dict[str, Any]:
    return services({"networks.backend": fields}).inputs["network-backend"]


def test_a_network_is_an_overlay_under_its_own_name() -> None:
    inputs = network()
    assert (inputs["name"], inputs["driver"], inputs["attachable"]) == ("backend", "overlay", False)
    assert "ipamConfigs" not in inputs
    assert "options" not in inputs


@pytest.mark.parametrize(
    ("fields", "key", "sent"),
    [
        ({"subnet": "10.30.0.0/24"}, "ipamConfigs", [{"subnet": "10.30.0.0/24"}]),
        ({"encrypted": True}, "options", {"encrypted": ""}),
        ({"attachable": True}, "attachable", True),
    ],
)
def test_a_network_gets_what_is_declared(fields: dict[str, Any], key: str, sent: object) -> None:
    assert network(**fields)[key] == sent


def test_a_network_makes_room_for_its_successor_of_the_same_name() -> None:
    assert services({}).requests["network-backend"].deleteBeforeReplace


def config(root: Path, **source: str) -> bytes:
    return base64.b64decode(services({"configs.site": source}, root).inputs["site"]["data"])


@pytest.mark.parametrize("text", ["", "hello\n", "größer\n"])
def test_a_config_is_its_content(tmp_path: Path, text: str) -> None:
    (tmp_path / "site.conf").write_text(text)
    assert config(tmp_path, content=text) == config(tmp_path, file="site.conf") == text.encode()


def test_a_config_file_may_hold_any_bytes(tmp_path: Path) -> None:
    (tmp_path / "logo").write_bytes(b"\x89PNG\xff\x00")
    assert config(tmp_path, file="logo") == b"\x89PNG\xff\x00"


def test_line_ends_in_a_file_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "dos").write_bytes(b"a\r\nb\r\n")
    assert config(tmp_path, file="dos") == b"a\r\nb\r\n"


@pytest.mark.parametrize(("name", "reason"), [("absent", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_named_with_the_way_out(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(SpecError, match=rf"configs\.site\.file: .*{reason}(.|\n)*relative to the project"):
        services({"configs.site": {"file": name}}, tmp_path)


def test_a_service_mounts_configs_and_secrets_by_the_name_they_are_stored_under() -> None:
    recording = services({})
    container = recording.inputs["web"]["taskSpec"]["containerSpec"]
    [config_], [secret_] = container["configs"], container["secrets"]
    assert (config_["configId"], config_["configName"]) == ("site-id", "site-1a2b3c4d")
    assert (secret_["secretId"], secret_["secretName"]) == ("cache-password-id", "cache-password-1a2b3c4d")
    assert not any(recording.requests[name].deleteBeforeReplace for name in ("site", "cache-password"))


def test_the_shelf_is_made_first_and_knows_what_lies_on_it() -> None:
    recording = services({})
    assert recording.inputs["shelf"]["names"] == ["config/site", "secret/cache-password"]
    for name in ("site", "cache-password"):
        needed = recording.requests[name].dependencies
        assert "shelf" in {urn.rsplit("::", 1)[1] for urn in needed}
        assert recording.inputs[name]["stack"] == recording.inputs["shelf"]["stack"] == "longshore/test"


def test_a_config_may_be_a_template() -> None:
    assert "template" not in services({}).inputs["site"]
    assert services({"configs.site": {"content": "{{.Node.Hostname}}", "template": True}}).inputs["site"]["template"]


def test_without_secrets_and_configs_there_is_no_shelf() -> None:
    bare: dict[str, Any] = {"configs": {}, "secrets": {}, "services.web.configs": [], "services.web.secrets": []}
    assert services(bare).of_type("swarm:index:Shelf") == []


def test_how_many_generations_are_kept_is_the_stacks_to_say() -> None:
    assert services({}).inputs["site"]["keep"] == 2
    assert services({"generations": 5}).inputs["site"]["keep"] == 5


def test_everything_is_made_after_the_members_and_networks_and_services_by_the_docker_provider() -> None:
    recording = whole()
    for name in ("network-backend", "shelf", "site", "cache-password", "web"):
        request = recording.requests[name]
        assert ("::shop-docker::" in request.provider) == (name in ("network-backend", "web"))
        assert {urn.rsplit("::", 1)[1] for urn in request.dependencies} >= {"shop-workers-2-member"}
        assert request.deletedWith.endswith("::shop-swarm")
