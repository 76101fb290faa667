"""An image reference in its parts, read as Docker reads it (distribution/reference): a short name is Docker Hub's."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from spec.errors import ImageError

HUB = "docker.io"
HUB_NAMES = (HUB, "index.docker.io", "registry-1.docker.io")
DIGEST = re.compile(r"sha256:[a-f0-9]{64}")

_PART = r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*"
_REPOSITORY = re.compile(rf"{_PART}(?:/{_PART})*")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?")
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)


@dataclass(frozen=True)
class Reference:
    """Where an image is. Without a tag and a digest it means `latest`.

    `host` is `docker.io` for every name of Docker Hub, `repository` has its `library/`.
    """

    host: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.name}{tag}{f'@{self.digest}' if self.digest else ''}"

    @property
    def name(self) -> str:
        """The reference without tag and digest."""
        return f"{self.host}/{self.repository}"

    @property
    def wanted(self) -> str:
        """What a registry is asked for: the digest if there is one, else the tag."""
        return self.digest or self.tag or "latest"

    def at(self, digest: str) -> Reference:
        """Return the same reference with this digest."""
        return replace(self, digest=digest)


def parse(text: str) -> Reference:
    """Read a reference. Raises ImageError when it is none, saying which part isn't."""
    rest, at, digest = text.partition("@")
    if at and not DIGEST.fullmatch(digest):
        raise _wrong(text, f"`{digest}` is no digest", "write `@sha256:` and 64 hexadecimal digits, or leave it out")
    host, rest = _host(rest)
    repository, _, tag = rest.partition(":")
    if not _REPOSITORY.fullmatch(repository):
        raise _wrong(text, f"`{repository}` is no name of an image", "it is made of a-z, 0-9, `.`, `_`, `-` and `/`")
    if ":" in rest and not _TAG.fullmatch(tag):
        raise _wrong(text, f"`{tag}` is no tag", "a tag has at most 128 letters, digits, `.`, `_` and `-`")
    if not _HOST.fullmatch(host):
        raise _wrong(text, f"`{host}` is no registry", "write it as `host` or `host:port`")
    if host in HUB_NAMES:
        host, repository = HUB, repository if "/" in repository else f"library/{repository}"
    return Reference(host, repository, tag or None, digest or None)


def _host(rest: str) -> tuple[str, str]:
    first, slash, after = rest.partition("/")
    if slash and (set(first) & set(".:") or first == "localhost" or first != first.lower()):
        return first, after
    return HUB, rest


def _wrong(text: str, found: str, fix: str) -> ImageError:
    return ImageError(f"image {text}", found, fix)
