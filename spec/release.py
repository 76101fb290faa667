"""A release: what is promoted as one. Cut once, named by its content, and never changed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field, model_validator

from spec.base import Name, Spec

SPEC_VERSION = 1
"""The version of what a stack file may say: raised when an older program would read it wrongly."""

HASHED_LATER = ("id", "hash")
"""The fields that the content's hash can't cover, since they hold it."""

ReleaseId = Annotated[str, Field(pattern=r"^\d{4}\.\d{2}\.\d{2}-\d+-[0-9a-f]{8}$", examples=["2026.11.25-1-3f2c1ab0"])]
"""The day it was cut, a number, and the first digits of its content's hash."""

ReleaseFile = Annotated[
    str,
    Field(
        pattern=r"^releases/\d{4}\.\d{2}\.\d{2}-\d+-[0-9a-f]{8}\.yaml$",
        examples=["releases/2026.11.25-1-3f2c1ab0.yaml"],
    ),
]
"""A release as a stack file names it, relative to the stack file's folder."""

Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
"""The digest of a manifest or, for several platforms, of their index (OCI image specification, "Digests")."""

Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")]
"""A git commit, in full."""


class ReleaseImage(Spec):
    """One service's image, as it was when the release was cut."""

    repository: str = Field(pattern=r"^[^\s@]+$", examples=["registry.example.com/shop/web"])
    """Where it is, without tag and digest."""
    tag: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")
    """The tag it came from; none when it was named by digest alone."""
    digest: Digest
    """What the tag stood for."""

    @property
    def pinned(self) -> str:
        """The reference that always means this image. The tag is for people; engines go by the digest."""
        return f"{self.repository}{f':{self.tag}' if self.tag else ''}@{self.digest}"


class Release(Spec):
    """`stacks/releases/<id>.yaml`. Nobody writes it by hand: `longshore release cut` does."""

    id: ReleaseId
    """Its name: the file's, and what a stack's `longshore:release` names."""
    created: AwareDatetime
    """When it was cut."""
    by: str = Field(min_length=1)
    """Who cut it."""
    commit: Commit
    """The program it belongs to."""
    stack: str
    """The stack whose services were resolved."""
    spec_version: int = Field(ge=1)
    """The version of the stack file's language."""
    images: dict[Name, ReleaseImage]
    """Each service's image."""
    providers: dict[str, str] = {}
    """Versions of what the program was tried with: Pulumi and its providers."""
    policies: dict[str, str] = {}
    """Versions of the policy packs."""
    changelog: tuple[str, ...] = ()
    """The subjects of the commits since the release before."""
    hash: Digest
    """The hash of all the other fields but the id, in canonical form."""

    @model_validator(mode="after")
    def _is_as_it_was_cut(self) -> Self:
        if self.hash != content_hash(self):
            raise ValueError("its content is not what was cut: a release is never edited")
        if not self.id.endswith(f"-{short(self.hash)}") or not self.id.startswith(day(self)):
            raise ValueError("its id is not the one of its content: a release is never renamed")
        return self

    @property
    def file(self) -> str:
        """Its file, as a stack file names it."""
        return f"releases/{self.id}.yaml"

    @classmethod
    def cut(cls, number: int, **content: Any) -> Self:
        """Return a new release of this content, the `number`-th of its day."""
        images = {name: ReleaseImage.model_validate(each) for name, each in content["images"].items()}
        content = {"spec_version": SPEC_VERSION, **content, "images": images}
        draft = cls.model_construct(**content)
        checked = content_hash(draft)
        return cls.model_validate({**content, "id": f"{day(draft)}-{number}-{short(checked)}", "hash": checked})


def content_hash(release: Release) -> str:
    """Return the SHA-256 of a release's canonical JSON: sorted keys, no spaces, times in UTC, no defaults.

    Without defaults, a later version of this program may know more fields and still gets the same hash.
    """
    content = release.model_dump(mode="json", exclude={*HASHED_LATER, "created"}, exclude_defaults=True, warnings=False)
    content["created"] = release.created.astimezone(UTC).isoformat(timespec="seconds")
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def short(digest: str) -> str:
    """Return a digest's first eight digits."""
    return digest.removeprefix("sha256:")[:8]


def day(release: Release) -> str:
    """Return the day a release was cut, in UTC."""
    return release.created.astimezone(UTC).strftime("%Y.%m.%d")
