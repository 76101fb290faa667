"""Images made of Debian packages alone, for machines that can pull none: built once, then kept in the user's cache."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shlex
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import docker

from lab import apt
from lab.command import follow
from lab.folder import Folder
from lab.progress import Progress, step
from spec.errors import LabError

IMAGES = Path(__file__).resolve().parent / "images"
SUITE = "bookworm"
DISK_NEEDED = 4 * 1024**3
"""Free bytes in the cache that a build needs for its files and the tar."""

_FORMAT = "1"
_LEAN = tuple(f"--dpkgopt=path-exclude=/usr/share/{part}/*" for part in ("doc", "man", "locale", "info"))
_FAST = "--dpkgopt=force-unsafe-io"
_COMMANDS = {"mmdebstrap": "mmdebstrap"}


@dataclass(frozen=True)
class BaseImage:
    """An image: the packages in `images/<name>/packages`, the files in `root/` and a `customize` script beside them."""

    name: str
    command: tuple[str, ...]
    folder: Path = IMAGES

    @property
    def source(self) -> Path:
        """The folder with everything the image is made from."""
        return self.folder / self.name

    def packages(self) -> list[str]:
        """Return the packages, without the comment lines."""
        lines = (self.source / "packages").read_text().splitlines()
        return [line for line in lines if line and not line.startswith("#")]

    def content_hash(self) -> str:
        """Return a hash of everything the image is made from; the same for the same content anywhere."""
        digest = hashlib.sha256("\0".join((_FORMAT, SUITE, *_LEAN, *self.command)).encode())
        for path in _files(self.source):
            digest.update(f"\0{path.relative_to(self.source)}\0".encode() + path.read_bytes())
        return digest.hexdigest()[:16]

    def reference(self, folder: Folder) -> str:
        """Return the image's name in the lab's engine."""
        return f"{folder.name}/{self.name}:{self.content_hash()}"


def ensure(client: docker.DockerClient, image: BaseImage, folder: Folder, progress: Progress) -> str:
    """See that the engine has the image, and return its name. Raises LabError when it can't be built."""
    reference = image.reference(folder)
    if not client.images.list(reference):
        tar = cached(image, progress)
        with step(progress, f"{image.name} image: importing"):
            repository, _, tag = reference.rpartition(":")
            change = f"CMD {json.dumps(image.command)}"
            client.api.import_image_from_file(str(tar), repository=repository, tag=tag, changes=[change])
    return reference


def remove_all(client: docker.DockerClient, folder: Folder) -> None:
    """Remove the images that this lab put into the engine; their files stay in the cache."""
    for image in client.images.list():
        for tag in image.tags:
            if tag.startswith(f"{folder.name}/"):
                client.images.remove(tag, force=True)


def cached(image: BaseImage, progress: Progress) -> Path:
    """Return the image's root file system as a tar, from the cache or built now."""
    cache = _cache_folder()
    tar = cache / f"{image.content_hash()}.tar"
    if not tar.exists():
        apt.ensure(_COMMANDS, f"the {image.name} image", progress)
        _need_disk(cache)
        with step(progress, f"{image.name} image: building from Debian packages (1 to 3 minutes, once)"):
            _build(image, tar, progress)
    return tar


def overlay(root: Path) -> bytes:
    """Return a folder as a tar in which everything is root's, whoever owns the checkout and whatever its umask is."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in _files(root):
            info = tar.gettarinfo(path, arcname=str(path.relative_to(root)))
            info.uid = info.gid = 0
            info.uname = info.gname = "root"
            info.mode = 0o755 if info.mode & 0o100 else 0o644
            tar.addfile(info, io.BytesIO(path.read_bytes()))
    return buffer.getvalue()


def _build(image: BaseImage, tar: Path, progress: Progress) -> None:
    with tempfile.TemporaryDirectory(dir=tar.parent, prefix="build-") as work:
        files, part = Path(work) / "overlay.tar", Path(work) / "image.tar"
        files.write_bytes(overlay(image.source / "root"))
        hooks = [f"--customize-hook=tar-in {files} /"]
        if (image.source / "customize").exists():
            hooks.append(f'--customize-hook=sh {shlex.quote(str(image.source / "customize"))} "$1"')
        packages = ",".join(image.packages())
        command = ["mmdebstrap", "--variant=minbase", f"--include={packages}", *_LEAN, _FAST, *hooks, SUITE, str(part)]
        follow(command, lambda line: _tell(image, line, progress), fix="check the machine's Debian package sources")
        part.replace(tar)


def _tell(image: BaseImage, line: str, progress: Progress) -> None:
    """Hand on mmdebstrap's own news (`I: ...`), without dpkg's chatter."""
    if line.startswith("I: "):
        progress(f"  {image.name} image: {line[3:]}")


def _need_disk(cache: Path) -> None:
    free = shutil.disk_usage(cache).free
    if free < DISK_NEEDED:
        found = f"{free / 1024**3:.1f} GiB free, and building an image needs {DISK_NEEDED / 1024**3:.0f}"
        raise LabError(str(cache), found, "make room, or set XDG_CACHE_HOME to a larger disk")


def _cache_folder() -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "longshore" / "images"
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    return folder


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
