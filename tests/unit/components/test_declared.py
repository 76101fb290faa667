"""Networks, configs and secrets: what services may refer to."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from spec.errors import SpecError
from tests.recorder import is_secret
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


def test_configs_and_secrets_get_a_new_name_with_each_content() -> None:
    recording = services({})
    for name in ("site", "cache-password"):
        assert "name" not in recording.inputs[name]
        assert not recording.requests[name].deleteBeforeReplace


def test_a_secret_is_sealed_although_it_is_encoded() -> None:
    data = services({}).inputs["cache-password"]["data"]
    assert is_secret(data)


def test_everything_goes_through_the_docker_provider_after_the_members() -> None:
    recording = whole()
    for name in ("network-backend", "site", "cache-password", "web"):
        request = recording.requests[name]
        assert "::shop-docker::" in request.provider
        assert {urn.rsplit("::", 1)[1] for urn in request.dependencies} >= {"shop-workers-2-member"}
        assert request.deletedWith.endswith("::shop-swarm")
