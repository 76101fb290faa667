from __future__ import annotations

import shutil
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from lab import sample_images
from lab.folder import Folder
from lab.network import Addresses
from lab.sample_images import SAMPLES, SHOP, SampleImage
from spec.errors import LabError

WEB = SampleImage("web", "1.0")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "shop"
    shutil.copytree(SHOP, copy)
    monkeypatch.setattr(sample_images, "SHOP", copy)
    return copy


def test_the_tag_is_the_same_for_the_same_content_in_any_lab(shop: Path) -> None:
    assert shop.exists()
    assert WEB.build_tag("longshore-1/sample:abc") == WEB.build_tag("longshore-2/sample:abc")


def test_the_tag_changes_with_the_base_the_version_and_the_tier() -> None:
    tags = {WEB.build_tag("a:1"), WEB.build_tag("a:2"), SampleImage("web", "1.1").build_tag("a:1")}
    assert len(tags | {SampleImage("worker", "1.0").build_tag("a:1")}) == 4


@pytest.mark.parametrize("path", ["store.py", "web/web.py", "web/Dockerfile"])
def test_the_tag_changes_with_each_of_its_files(shop: Path, path: str) -> None:
    before = WEB.build_tag("a:1")
    (shop / path).write_text("changed")
    assert WEB.build_tag("a:1") != before


def test_another_tiers_files_do_not_matter(shop: Path) -> None:
    before = WEB.build_tag("a:1")
    (shop / "worker" / "worker.py").write_text("changed")
    assert WEB.build_tag("a:1") == before


def test_every_sample_has_a_dockerfile_that_leaves_root() -> None:
    for image in SAMPLES:
        dockerfile = (SHOP / image.tier / "Dockerfile").read_text()
        assert "\nUSER " in dockerfile
        assert "\nHEALTHCHECK " in dockerfile


def test_a_refused_push_is_a_lab_error() -> None:
    class Engine:
        images: Any

        def push(self, *_: Any, **__: Any) -> list[dict[str, str]]:
            return [{"status": "preparing"}, {"error": "no space left on device"}]

    engine: Any = Engine()
    engine.images = engine
    with pytest.raises(LabError, match="can't be pushed: no space left on device"):
        sample_images._push(engine, "127.0.0.1:5/shop-web", "1.0")


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A registry in a dictionary, and builds that always succeed."""
    there: dict[str, str] = {}

    def publish(_client: Any, _folder: Folder, image: SampleImage, tag: str, base: str) -> None:
        assert base == "sample:1"
        there[f"{image.name}:{tag}"] = f"sha256:{len(there)}"

    monkeypatch.setattr(sample_images, "_publish", publish)
    monkeypatch.setattr("lab.base_image.ensure", lambda *_: "sample:1")
    monkeypatch.setattr("lab.registry.digest", lambda _folder, _addresses, name, tag: there.get(f"{name}:{tag}"))
    return there


def test_every_sample_is_built_once_and_named_by_digest(
    engine: Any, folder: Folder, published: dict[str, str], lines: list[str]
) -> None:
    addresses = Addresses(IPv4Network("10.77.0.0/24"))
    first = sample_images.ensure(engine, folder, addresses, lines.append)
    assert len(published) == 5
    assert first["shop-cache:1.0"] == "10.77.0.2:5000/shop-cache:1.0@sha256:0"
    assert first["shop-web:1.0"] != first["shop-web:1.1"]
    lines.clear()
    assert sample_images.ensure(engine, folder, addresses, lines.append) == first
    assert lines == []
