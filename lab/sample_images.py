"""The sample application's images: built on the lab's engine, pushed to its registry, used by digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import APIError, BuildError
from docker.models.images import Image

from lab import base_image, registry
from lab.base_image import BaseImage
from lab.folder import PROJECT, Folder
from lab.network import Addresses
from lab.progress import Progress, step
from spec.errors import LabError

SHOP = PROJECT / "examples" / "shop"
BASE = BaseImage("sample", ("sh",))


@dataclass(frozen=True)
class SampleImage:
    """One tier of the shop in one version."""

    tier: str
    version: str

    @property
    def name(self) -> str:
        """Its name in the registry."""
        return f"shop-{self.tier}"

    def build_tag(self, base: str) -> str:
        """Return a tag that is the same for the same content: what is there under it needn't be built again."""
        parts = [base.rpartition(":")[2], self.tier, self.version]
        digest = hashlib.sha256("\0".join(parts).encode())
        for path in sorted([*SHOP.glob("*.py"), *(SHOP / self.tier).iterdir()]):
            if path.is_file():
                digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
        return f"build-{digest.hexdigest()[:12]}"


SAMPLES = (
    SampleImage("cache", "1.0"), SampleImage("worker", "1.0"), SampleImage("web", "1.0"), SampleImage("web", "1.1"),
    SampleImage("ingress", "2.6"),
)  # fmt: skip
"""Web comes in two versions, to rehearse a change of image. All lie on one base, which a node pulls once."""


def ensure(client: docker.DockerClient, folder: Folder, addresses: Addresses, progress: Progress) -> dict[str, str]:
    """See that the registry has every sample, and return `name:version` -> `host:port/name:version@sha256:...`.

    Raises LabError when one can't be built or pushed.
    """
    found: dict[str, str] = {}
    for image in SAMPLES:
        tag = image.build_tag(BASE.reference(folder))
        digest = registry.digest(folder, addresses, image.name, tag)
        if digest is None:
            with step(progress, f"sample image {image.name}:{image.version}: building and pushing"):
                _publish(client, folder, image, tag, base_image.ensure(client, BASE, folder, progress))
            digest = registry.digest(folder, addresses, image.name, tag)
        short = f"{image.name}:{image.version}"
        found[short] = f"{registry.host(addresses)}/{short}@{digest}"
    return found


def _publish(client: docker.DockerClient, folder: Folder, image: SampleImage, build_tag: str, base: str) -> None:
    """Build an image and push it under its version, then under its build tag: that one is there only if both are."""
    local = f"127.0.0.1:{registry.local_port(client, folder)}/{image.name}"
    built = _build(client, image, base)
    tags = (image.version, build_tag)
    for tag in tags:
        built.tag(local, tag)
    for tag in tags:
        _push(client, local, tag)
    for tag in tags:
        client.images.remove(f"{local}:{tag}")


def _build(client: docker.DockerClient, image: SampleImage, base: str) -> Image:
    dockerfile = Path(image.tier) / "Dockerfile"
    arguments = {"BASE": base, "VERSION": image.version}
    try:
        built, _log = client.images.build(
            path=str(SHOP), dockerfile=str(dockerfile), buildargs=arguments, network_mode="none", rm=True, forcerm=True
        )
    except (BuildError, APIError) as error:
        raise LabError(str(SHOP / dockerfile), f"can't be built: {error}") from error
    return built


def _push(client: docker.DockerClient, repository: str, tag: str) -> None:
    for line in client.images.push(repository, tag, stream=True, decode=True):
        if "error" in line:
            raise LabError("registry", f"{repository}:{tag} can't be pushed: {line['error']}", "run `longshore lab up`")
