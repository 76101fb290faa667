"""Whole images from registry to registry, by digest: what the target has already isn't sent again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from images import blob as blobs
from images.blob import Blob
from images.reference import Reference, parse
from images.registry import Manifest, Registry, push
from spec.errors import ImageError

Tell = Callable[[str], None]
HEAD = (
    "# Where the images of this stack were copied to. Written by `longshore images mirror`: commit it, don't edit it.\n"
)
MIB = 1024**2


@dataclass
class Tally:
    """What a copy did, in blobs and bytes."""

    sent: int = 0
    mounted: int = 0
    there: int = 0
    bytes: int = 0
    homes: dict[str, str] = field(default_factory=dict)
    """Blob -> a repository of the target that has it."""


def place(reference: Reference, registry: str) -> Reference:
    """Return where an image lies in a mirror: below its own registry's name, so that no two images meet."""
    host, _, prefix = registry.partition("/")
    own = reference.host.replace(":", "-").lower()
    repository = "/".join(filter(None, (prefix, own, reference.repository)))
    return replace(reference, host=host, repository=repository)


def render(registry: str, copies: Mapping[str, str]) -> str:
    """Return the mirror map's text; the same for the same images."""
    lines = [f'  "{image}": "{copies[image]}"\n' for image in sorted(copies)]
    return f"{HEAD}registry: {registry}\nimages:\n" + ("".join(lines) or "  {}\n")


def mirrored(
    images: Iterable[str], registry: str, connect: Callable[[str], Registry], platforms: Iterable[str], tell: Tell
) -> dict[str, str]:
    """Copy images, each with its digest; return image -> copy, by digest. Raises ImageError at the first that fails.

    `platforms`: such as `linux/amd64`; all when empty, else an index of those only, with a digest of its own. What has
    been copied stays: another run skips every blob that is there, and does the one that was under way anew.
    """
    copies: dict[str, str] = {}
    tally, wanted = Tally(), frozenset(platforms)
    target = connect(registry.partition("/")[0])
    for image in images:
        origin = parse(image)
        goal = place(origin, registry)
        copies[image] = str(goal.at(_Copy(connect(origin.host), target, tally, tell).run(origin, goal, wanted)))
    tell(
        f"{len(copies)} images: {tally.sent} blobs sent ({tally.bytes / MIB:.1f} MiB), "
        f"{tally.mounted} taken from another repository there, {tally.there} there already"
    )
    return copies


@dataclass(frozen=True)
class _Copy:
    source: Registry
    target: Registry
    tally: Tally
    tell: Tell

    def run(self, origin: Reference, goal: Reference, platforms: frozenset[str]) -> str:
        """Copy what `origin` means, below its tag if it has one, and return the copy's digest."""
        if not platforms and self._has(goal):
            self.tell(f"{origin}: there already")
            return str(goal.digest)
        top = self.source.manifest(origin)
        if top.is_index and platforms:
            top = _only(top, platforms, origin)
        children = [origin.at(entry["digest"]) for entry in _entries(top, "manifests")] if top.is_index else []
        for child in children:
            if not self._has(goal.at(str(child.digest))):
                self._content(self.source.manifest(child), child, goal)
        if not top.is_index:
            self._layers(top, origin, goal)
        self._put(top, goal, goal.tag or top.digest)
        self.tell(f"{origin}: copied")
        return top.digest

    def _content(self, manifest: Manifest, origin: Reference, goal: Reference) -> None:
        self._layers(manifest, origin, goal)
        self._put(manifest, goal, manifest.digest)

    def _layers(self, manifest: Manifest, origin: Reference, goal: Reference) -> None:
        found = list(_blobs(manifest, origin))
        for number, blob in enumerate(found, 1):
            self._blob(blob, origin, goal, f"{goal.repository}: part {number} of {len(found)}")

    def _blob(self, blob: Blob, origin: Reference, goal: Reference, name: str) -> None:
        if blobs.there(self.target, goal, blob):
            self.tally.there += 1
        else:
            mount = self.tally.homes.get(blob.digest)
            if mount is None and origin.host == goal.host:
                mount = origin.repository
            size = blob.size / MIB

            def told(sent: int) -> None:
                self.tell(f"{name}: {sent / MIB:.1f} of {size:.1f} MiB")

            if blobs.copy(self.source, origin, self.target, goal, blob, mount, told):
                self.tally.sent, self.tally.bytes = self.tally.sent + 1, self.tally.bytes + blob.size
            else:
                self.tally.mounted += 1
        self.tally.homes[blob.digest] = goal.repository

    def _has(self, goal: Reference) -> bool:
        path = f"/v2/{goal.repository}/manifests/{goal.digest}"
        answer = self.target.session.ask("HEAD", path, push(goal), headers=self.target.accept)
        if answer.ok or answer.status_code == 404:
            return answer.ok
        raise self.target.refusal(answer, goal)

    def _put(self, manifest: Manifest, goal: Reference, name: str) -> None:
        path = f"/v2/{goal.repository}/manifests/{name}"
        headers = {"Content-Type": manifest.media_type}
        answer = self.target.session.ask("PUT", path, push(goal), data=manifest.content, headers=headers)
        if answer.status_code != 201:
            raise self.target.refusal(answer, goal)


def _only(index: Manifest, platforms: frozenset[str], origin: Reference) -> Manifest:
    """Return an index of these platforms only. Raises ImageError, naming those it has, when one isn't among them."""
    document = json.loads(index.content)
    known = {_platform(entry): entry for entry in _entries(index, "manifests")}
    missing = sorted(platforms - set(known))
    if missing:
        has = ", ".join(sorted(each for each in known if each != "unknown/unknown"))
        raise ImageError(f"image {origin}", f"is not made for {missing[0]}", f"it is made for: {has}")
    document["manifests"] = [entry for name, entry in known.items() if name in platforms]
    return Manifest.of(index.media_type, json.dumps(document, separators=(",", ":")).encode())


def _platform(entry: Mapping[str, Any]) -> str:
    told = entry.get("platform") or {}
    return "/".join(str(told[key]) for key in ("os", "architecture", "variant") if told.get(key))


def _blobs(manifest: Manifest, origin: Reference) -> Iterator[Blob]:
    """Yield the configuration and the layers, without those that may not be distributed (OCI image-spec, "Layer")."""
    document = json.loads(manifest.content)
    for entry in [document.get("config"), *_entries(manifest, "layers")]:
        if not isinstance(entry, dict) or "digest" not in entry:
            raise ImageError(f"image {origin}", "its manifest names no configuration", "build and push it anew")
        if not entry.get("urls"):
            yield Blob(str(entry["digest"]), int(entry["size"]))


def _entries(manifest: Manifest, key: str) -> list[dict[str, Any]]:
    return [entry for entry in json.loads(manifest.content).get(key) or [] if isinstance(entry, dict)]
