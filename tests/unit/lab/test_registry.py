from __future__ import annotations

import os
from ipaddress import IPv4Network
from typing import Any

import pytest
import requests

from lab import base_image, registry
from lab.folder import Folder
from lab.network import Addresses
from spec.errors import LabError

ADDRESSES = Addresses(IPv4Network("10.77.0.0/24"))


class Answer:
    def __init__(self, status: int) -> None:
        self.ok = status < 400
        self.headers = {"Docker-Content-Digest": "sha256:abc"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A registry that answers; records each address and the authority it was checked with."""
    seen: list[tuple[str, str]] = []

    def get(url: str, *, verify: str, timeout: int, headers: Any = None) -> Answer:
        assert timeout
        assert headers is None or "manifest.v2" in headers["Accept"]
        seen.append((url, verify))
        return Answer(404 if "absent" in url else 200)

    monkeypatch.setattr(requests, "get", get)
    monkeypatch.setattr(requests, "head", get)
    monkeypatch.setattr(base_image, "ensure", lambda *_: "registry:1")
    return seen


def test_it_is_started_once_at_its_address(engine: Any, folder: Folder, asked: list[tuple[str, str]]) -> None:
    for _ in range(2):
        registry.ensure(engine, folder, ADDRESSES, print)
    assert engine.containers.made == 1
    options = engine.containers.things[0].options
    assert options["networking_config"] == {folder.name: {"IPv4Address": "10.77.0.2"}}
    assert asked == [("https://10.77.0.2:5000/v2/", str(folder.root / "ca.pem"))]


@pytest.mark.usefixtures("asked")
def test_it_has_no_more_rights_than_it_needs(engine: Any, folder: Folder) -> None:
    registry.ensure(engine, folder, ADDRESSES, print)
    options = engine.containers.things[0].options
    assert options["cap_drop"] == ["ALL"]
    assert options["read_only"]
    assert options["user"] == f"{os.getuid()}:{os.getgid()}"
    assert options["ports"] == {"5000/tcp": ("127.0.0.1", 0)}


@pytest.mark.usefixtures("asked")
def test_one_that_has_stopped_is_replaced_and_its_images_stay(engine: Any, folder: Folder) -> None:
    registry.ensure(engine, folder, ADDRESSES, print)
    (folder.root / "registry" / "data" / "layer").touch()
    engine.containers.things[0].status = "exited"
    registry.ensure(engine, folder, ADDRESSES, print)
    assert [thing.id for thing in engine.containers.things] == ["id-2"]
    assert (folder.root / "registry" / "data" / "layer").exists()


@pytest.mark.usefixtures("asked")
def test_it_is_removed_with_its_volumes(engine: Any, folder: Folder) -> None:
    registry.ensure(engine, folder, ADDRESSES, print)
    container = engine.containers.things[0]
    registry.remove(engine, folder)
    registry.remove(engine, folder)
    assert container.removed == {"force": True, "v": True}


@pytest.mark.usefixtures("asked")
def test_its_local_port_is_the_one_the_engine_gave(engine: Any, folder: Folder) -> None:
    with pytest.raises(LabError, match="does not run"):
        registry.local_port(engine, folder)
    registry.ensure(engine, folder, ADDRESSES, print)
    assert registry.local_port(engine, folder) == 32768


def test_a_digest_is_looked_up_over_tls(folder: Folder, asked: list[tuple[str, str]]) -> None:
    assert registry.digest(folder, ADDRESSES, "shop-web", "1.0") == "sha256:abc"
    assert registry.digest(folder, ADDRESSES, "shop-web", "absent") is None
    assert asked[0] == ("https://10.77.0.2:5000/v2/shop-web/manifests/1.0", str(folder.root / "ca.pem"))


@pytest.mark.usefixtures("asked")
def test_one_that_never_answers_is_a_lab_error(engine: Any, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise requests.ConnectionError

    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(requests, "get", refuse)
    monkeypatch.setattr("lab.registry.time.monotonic", lambda: next(clock))
    monkeypatch.setattr("lab.registry.time.sleep", lambda _seconds: None)
    with pytest.raises(LabError, match=r"does not answer at 10.77.0.2:5000(.|\n)*lab logs registry"):
        registry.ensure(engine, folder, ADDRESSES, print)
