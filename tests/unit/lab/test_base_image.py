from __future__ import annotations

import io
import os
import shutil
import tarfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lab import apt, base_image
from lab.base_image import BaseImage, overlay
from lab.folder import Folder
from lab.machine_image import NODE
from lab.registry import REGISTRY
from lab.sample_images import BASE
from spec.errors import LabError


@pytest.fixture
def image(tmp_path: Path) -> BaseImage:
    root = tmp_path / "images" / "tool" / "root" / "etc"
    root.mkdir(parents=True)
    (root / "tool.conf").write_text("on\n")
    (root.parent.parent / "packages").write_text("# why\none\n\ntwo\n")
    return BaseImage("tool", ("/bin/tool", "serve"), tmp_path / "images")


def test_packages_are_the_lines_that_are_no_comment(image: BaseImage) -> None:
    assert image.packages() == ["one", "two"]


def test_the_hash_is_the_same_for_the_same_content_anywhere(image: BaseImage, tmp_path: Path) -> None:
    shutil.copytree(image.folder, tmp_path / "elsewhere")
    os.utime(tmp_path / "elsewhere" / "tool" / "packages", (0, 0))
    assert BaseImage("tool", image.command, tmp_path / "elsewhere").content_hash() == image.content_hash()


@pytest.mark.parametrize("path", ["packages", "root/etc/tool.conf", "customize"])
def test_the_hash_changes_with_every_file(image: BaseImage, path: str) -> None:
    before = image.content_hash()
    (image.source / path).write_text("changed\n")
    assert image.content_hash() != before


def test_the_hash_changes_with_the_command(image: BaseImage) -> None:
    assert BaseImage("tool", ("/bin/other",), image.folder).content_hash() != image.content_hash()


def test_the_reference_is_this_labs_alone(image: BaseImage, folder: Folder) -> None:
    assert image.reference(folder) == f"{folder.name}/tool:{image.content_hash()}"


def test_files_go_in_as_roots_whoever_owns_the_checkout(image: BaseImage) -> None:
    (image.source / "root" / "etc" / "tool.conf").chmod(0o600)
    script = image.source / "root" / "run"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o700)
    with tarfile.open(fileobj=io.BytesIO(overlay(image.source / "root"))) as tar:
        members = tar.getmembers()
    assert {member.name: oct(member.mode) for member in members} == {"etc/tool.conf": "0o644", "run": "0o755"}
    assert {(member.uid, member.gid, member.uname) for member in members} == {(0, 0, "root")}


class Usage(NamedTuple):
    free: int


def test_a_full_disk_is_told_before_the_build(
    image: BaseImage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(apt, "ensure", lambda *_: None)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(free=1024**3))
    with pytest.raises(LabError, match=r"1.0 GiB free, and building an image needs 4(.|\n)*XDG_CACHE_HOME"):
        base_image.cached(image, print)


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """Records each mmdebstrap command, and makes the file it would make."""
    commands: list[list[str]] = []

    def follow(command: list[str], on_line: Any, *, fix: str) -> None:
        assert "Debian package sources" in fix
        commands.append(command)
        on_line("I: downloading packages with apt...")
        on_line("Unpacking one (1.0) ...")
        Path(command[-1]).write_text("tar")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(base_image, "follow", follow)
    monkeypatch.setattr(apt, "ensure", lambda *_: None)
    return commands


def test_an_image_is_built_once_and_then_taken_from_the_cache(
    image: BaseImage, builds: list[list[str]], lines: list[str]
) -> None:
    first, second = (base_image.cached(image, lines.append) for _ in range(2))
    assert first == second
    assert first.name == f"{image.content_hash()}.tar"
    assert len(builds) == 1
    assert "--include=one,two" in builds[0]
    assert "  tool image: downloading packages with apt..." in lines
    assert not any("Unpacking" in line for line in lines)


def test_a_build_that_fails_leaves_nothing_in_the_cache(
    image: BaseImage, builds: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(base_image, "follow", fail)
    with pytest.raises(KeyboardInterrupt):
        base_image.cached(image, print)
    assert list((tmp_path / "cache" / "longshore" / "images").iterdir()) == []
    assert builds == []


def test_the_customize_script_runs_in_the_new_root(image: BaseImage, builds: list[list[str]]) -> None:
    (image.source / "customize").write_text("#!/bin/sh\n")
    base_image.cached(image, print)
    assert f'--customize-hook=sh {image.source / "customize"} "$1"' in builds[0]


@pytest.mark.parametrize("real", [NODE, REGISTRY, BASE])
def test_the_labs_own_images_are_complete(real: BaseImage) -> None:
    assert real.packages() == sorted(set(real.packages()))
    assert len(real.content_hash()) == 16


def test_the_node_image_holds_no_key_and_takes_guestinfo() -> None:
    cloud = (NODE.source / "root/etc/cloud/cloud.cfg.d/90-longshore.cfg").read_text()
    assert "datasource_list: [VMware, None]" in cloud
    assert "ssh_host_" in (NODE.source / "customize").read_text()
    units = ("cloud-init-local", "cloud-init", "cloud-config", "cloud-final")
    for unit in units:
        drop_in = NODE.source / f"root/etc/systemd/system/{unit}.service.d/guestinfo.conf"
        assert "VMX_GUESTINFO_USERDATA_ENCODING" in drop_in.read_text()


class Images:
    """An engine's images."""

    def __init__(self) -> None:
        self.imported: list[dict[str, Any]] = []
        self.api = self.images = self

    def list(self, name: str) -> list[str]:
        return [name for image in self.imported if name == f"{image['repository']}:{image['tag']}"]

    def import_image_from_file(self, _file: str, **options: Any) -> None:
        self.imported.append(options)


def test_an_image_is_imported_once_with_its_command(image: BaseImage, folder: Folder, builds: list[list[str]]) -> None:
    engine: Any = Images()
    for _ in range(2):
        assert base_image.ensure(engine, image, folder, print) == image.reference(folder)
    assert len(engine.imported) == len(builds) == 1
    assert engine.imported[0]["changes"] == ['CMD ["/bin/tool", "serve"]']
