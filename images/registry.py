"""A registry by the OCI Distribution Specification: which content a tag means, and its manifests and blobs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import requests

from images import login as logins
from images.login import Login
from images.reference import DIGEST, Reference, parse
from images.session import Session
from spec.errors import ImageError

INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
MANIFESTS = ("application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json")
ACCEPT = {"Accept": ", ".join((*INDEXES, *MANIFESTS))}
LARGEST_MANIFEST = 4 * 1024**2
"""Bytes; registries must take manifests of at least this size, and few take more (distribution-spec, "Pushing")."""


@dataclass(frozen=True)
class Manifest:
    """A manifest or an index, as the bytes that its digest is of."""

    digest: str
    media_type: str
    content: bytes

    @classmethod
    def of(cls, media_type: str, content: bytes) -> Manifest:
        """Return a manifest from its bytes."""
        return cls(f"sha256:{hashlib.sha256(content).hexdigest()}", media_type, content)

    @property
    def is_index(self) -> bool:
        """Whether it lists manifests, one for each platform."""
        return self.media_type in INDEXES


class Registry:
    """One registry. Every method raises ImageError when it doesn't answer, refuses us, or lacks what is asked for."""

    accept = ACCEPT

    def __init__(self, session: Session) -> None:
        self.session = session
        self.host = session.host

    def resolve(self, reference: Reference) -> str:
        """Return the digest of what the reference means: of the index, where an image has several platforms."""
        answer = self.session.ask("HEAD", _manifest_path(reference), pull(reference), headers=ACCEPT)
        digest = answer.headers.get("Docker-Content-Digest", "")
        if answer.ok and DIGEST.fullmatch(digest):
            return self._as_asked(reference, digest)
        if answer.ok or answer.status_code in (400, 405):  # no digest told, or no HEAD
            return self.manifest(reference).digest
        raise self.refusal(answer, reference)

    def manifest(self, reference: Reference) -> Manifest:
        """Return a manifest or index. Raises ImageError also when its content isn't what its digest says."""
        answer = self.session.ask("GET", _manifest_path(reference), pull(reference), headers=ACCEPT, stream=True)
        with answer:
            if not answer.ok:
                raise self.refusal(answer, reference)
            content = answer.raw.read(LARGEST_MANIFEST + 1, decode_content=True)
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        if kind not in (*INDEXES, *MANIFESTS) or len(content) > LARGEST_MANIFEST:
            raise ImageError(f"image {reference}", f"is `{kind}`, no image that can be read", "build and push it anew")
        found = Manifest.of(kind, content)
        self._as_asked(reference, found.digest)
        return found

    def refusal(self, answer: requests.Response, reference: Reference) -> ImageError:
        """Return what an answer that isn't as wished means to the user."""
        status, where = answer.status_code, f"image {reference}"
        if status == 404:
            return ImageError(where, f"registry {self.host} has no such image", "mend its name, or push it first")
        if status == 403:
            return ImageError(where, f"registry {self.host} doesn't let us", "ask for the right to this repository")
        if status == 429:
            return ImageError(
                where, f"registry {self.host} says too many requests", "log in there, or wait and try again"
            )
        return ImageError(where, f"registry {self.host} answers {status} {answer.reason}", "look at the registry's log")

    def _as_asked(self, reference: Reference, digest: str) -> str:
        if reference.digest and reference.digest != digest:
            found = f"registry {self.host} gave another content, {digest}"
            raise ImageError(f"image {reference}", found, "don't use it: find out who changed that registry")
        return digest


def resolve(
    reference: str | Reference,
    credentials: Mapping[str, Login] | None = None,
    authorities: Mapping[str, str] | None = None,
) -> str:
    """Return the digest, `sha256:…`, that an image reference means now: the index's for several platforms.

    `credentials`: a login by registry (`docker.io` for Docker Hub); others are taken from Docker's own configuration.
    `authorities`: PEM certificates to trust, by registry. Raises ImageError.
    """
    found = parse(reference) if isinstance(reference, str) else reference
    return connect(found.host, credentials, authorities).resolve(found)


def connect(
    host: str,
    credentials: Mapping[str, Login] | None = None,
    authorities: Mapping[str, str] | None = None,
    otherwise: Callable[[str], Login | None] = logins.from_docker,
) -> Registry:
    """Return a registry with the login and the authority that are known for it; nothing is sent yet."""
    known = (credentials or {}).get(host)
    return Registry(Session(host, known or otherwise(host), (authorities or {}).get(host)))


def pull(reference: Reference) -> str:
    """Return the scope of a token to read a repository."""
    return f"repository:{reference.repository}:pull"


def push(reference: Reference) -> str:
    """Return the scope of a token to write a repository, too."""
    return f"repository:{reference.repository}:pull,push"


def _manifest_path(reference: Reference) -> str:
    return f"/v2/{reference.repository}/manifests/{reference.wanted}"
