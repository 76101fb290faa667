"""The lab's registry and base image, as a build on this machine finds them."""

from __future__ import annotations

from typing import Any

import pytest

from lab import base_image, docker_engine, workbench
from lab.folder import Folder
from lab.record import Network, Record
from lab.sample_images import BASE
from spec.errors import LabError


@pytest.fixture
def up(engine: Any, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setattr(docker_engine, "client", lambda _: engine)
    engine.containers.add(f"{folder.name}-registry")
    Record(network=Network(id="n", subnet="10.77.0.0/24")).save(folder)
    return folder


def test_the_labs_registry_is_reached_by_the_loopback(up: Folder) -> None:
    assert workbench.repository_here("10.77.0.2:5000/shop-web", up) == "127.0.0.1:32768/shop-web"


def test_any_other_registry_keeps_its_name(up: Folder) -> None:
    assert workbench.repository_here("registry.example.com/web", up) == "registry.example.com/web"


def test_without_a_lab_there_is_no_registry(folder: Folder) -> None:
    with pytest.raises(LabError, match="is down"):
        workbench.repository_here("10.77.0.2:5000/shop-web", folder)


def test_the_base_is_the_samples_own(up: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_image, "ensure", lambda _client, image, where, _progress: image.reference(where))
    assert workbench.build_arguments(up) == {"BASE": BASE.reference(up)}
