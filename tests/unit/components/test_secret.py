"""Secrets from every source: sealed at once, whatever they come from."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from components.cluster import DockerCluster
from spec.errors import SpecError
from tests.recorder import Recording, build, is_secret
from tests.specs import stack
from tests.unit.components.recordings import services, whole

DB = "secrets.cache-password"


def of(source: dict[str, Any], root: Path = Path()) -> Recording:
    return services({DB: source}, root)


def opened(data: Any) -> str:
    assert is_secret(data)
    return base64.b64decode(data["value"]).decode()


def test_an_encrypted_one_is_passed_on() -> None:
    assert opened(services({}).inputs["cache-password"]["data"]) == "canary-cache-password"


def test_one_from_a_store_is_sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "db").write_text("in a file")
    monkeypatch.setenv("DB", "in a variable")
    assert opened(of({"file": "db"}, tmp_path).inputs["cache-password"]["data"]) == "in a file"
    assert opened(of({"env": "DB"}, tmp_path).inputs["cache-password"]["data"]) == "in a variable"
    assert opened(of({"command": ["echo", "printed"]}, tmp_path).inputs["cache-password"]["data"]) == "printed"


def test_a_generated_one_is_drawn_by_the_provider_and_sealed() -> None:
    recording = of({"generate": {"length": 20}, "rotate": 7})
    asked = recording.inputs["cache-password-generated"]
    assert (asked["name"], asked["length"], asked["rotation"]) == ("cache-password", 20, "7")
    assert len(asked["alphabet"]) == 62
    assert list(recording.requests["cache-password-generated"].additionalSecretOutputs) == ["value"]
    assert opened(recording.inputs["cache-password"]["data"]) == "generated-canary"


def test_what_the_program_registers_shows_no_secret(tmp_path: Path) -> None:
    (tmp_path / "db").write_text("canary-of-a-file")
    recording = of({"file": "db"}, tmp_path)
    told = {name: each for name, each in recording.inputs.items() if name != "cache-password"}
    assert "canary" not in str(told)
    assert base64.b64encode(b"canary-of-a-file").decode() not in str(told)


def test_the_data_of_secrets_alone_is_marked_once_more() -> None:
    recording = services({})
    assert list(recording.requests["cache-password"].additionalSecretOutputs) == ["data"]
    assert not recording.requests["site"].additionalSecretOutputs


def test_a_store_that_cannot_be_read_ends_the_program_before_anything_is_made(tmp_path: Path) -> None:
    def program() -> None:
        with pytest.raises(SpecError, match=r"secrets\.cache-password\.file: absent: No such file"):
            DockerCluster("shop", stack({DB: {"file": "absent"}}), tmp_path)

    assert build(program).of_type("vsphere:index/virtualMachine:VirtualMachine") == []


def test_a_generated_secret_ends_with_the_swarm() -> None:
    recording = whole({DB: {"generate": {}}})
    assert recording.requests["cache-password-generated"].deletedWith.endswith("::shop-swarm")
