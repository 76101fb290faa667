from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from lab import sample_images
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
