"""Which images a change brings: pinned, moved, older, much newer, unknown to the release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from review.images import Image, parse
from review.model import Resource
from review.paths import lookup
from review.rules.docker import REMOTE_IMAGE
from review.rules.registry import Finding, rule
from review.view import CONTAINER, SERVICE, View

PIN_DOCS = "https://docs.docker.com/dhi/core-concepts/digests/"
WHERE = {SERVICE: "taskSpec.containerSpec.image", CONTAINER: "image", REMOTE_IMAGE: "name"}


class Step(NamedTuple):
    """A resource, the image it has and the one it gets."""

    resource: Resource
    old: Image | None
    new: Image


@rule("IMAGE-UNPINNED", PIN_DOCS)
def unpinned(view: View) -> Iterator[Finding]:
    """A changed service or container names its image without a digest.

    The tag may mean another content tomorrow, and another one on each node.
    """
    for step in _steps(view):
        if not step.new.is_pinned:
            vague = " (any version)" if step.new.is_floating else ""
            yield Finding(
                f"`{step.resource.name}`: `{step.new.label}` has no digest{vague}.",
                (step.resource,),
                do="take it from a release manifest, or write name:tag@sha256:<digest>",
            )


@rule("IMAGE-TAG-MOVED", PIN_DOCS)
def tag_moved(view: View) -> Iterator[Finding]:
    """The same tag stands for another content.

    Somebody pushed over it; what was tested under this name is not what comes.
    """
    for resource, old, new in _steps(view):
        if old and new.tag and old[:2] == new[:2] and old.digest and new.digest and old.digest != new.digest:
            yield Finding(
                f"`{resource.name}`: `{new.label}` now has another content under the same tag.",
                (resource,),
                why=f"{old.digest[:19]}… → {new.digest[:19]}…",
            )


@rule("IMAGE-DOWNGRADE")
def downgrade(view: View) -> Iterator[Finding]:
    """An image goes back to an older version.

    Graver for a database, whose files the older version may not read.
    """
    for resource, old, new in _steps(view):
        before, after = _versions(old, new)
        if before and after and after[: len(before)] < before[: len(after)]:
            text = f"`{resource.name}`: `{new.repo}` goes back from {old.tag if old else ''} to {new.tag}."
            yield Finding(text, (resource,), graver=new.is_database)


@rule("IMAGE-MAJOR-JUMP")
def major_jump(view: View) -> Iterator[Finding]:
    """An image goes up a major version.

    Graver for a database: it converts its files, and the older version can't read them afterwards.
    """
    for resource, old, new in _steps(view):
        before, after = _versions(old, new)
        if before and after and after[0] > before[0]:
            text = f"`{resource.name}`: `{new.repo}` goes from {old.tag if old else ''} to {new.tag}."
            do = "dump the data first: there is no way back" if new.is_database else ""
            yield Finding(text, (resource,), do=do, graver=new.is_database)


@rule("IMAGE-NOT-FROM-RELEASE")
def not_from_release(view: View) -> Iterator[Finding]:
    """An image is not one of the release that this environment is to run.

    Only asked where a release is set; its manifest is the only source of digests.
    """
    known = view.surroundings.release_digests
    for resource, _, new in _steps(view) if known is not None else ():
        if new.digest not in (known or ()):
            name = view.surroundings.release or "the release"
            yield Finding(
                f"`{resource.name}`: `{new.label}` is not in {name}.",
                (resource,),
                do="cut a release with it, and promote that",
            )


def _steps(view: View) -> Iterator[Step]:
    """Yield what changes its image, and what is made with one."""
    for resource in view.coming(*WHERE):
        old, new = (parse(lookup(side, WHERE[resource.type])) for side in (resource.before, resource.after))
        if new and new != old and not new.repo.startswith("sha256"):
            yield Step(resource, old, new)


def _versions(old: Image | None, new: Image) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """Return both versions where they can be compared."""
    if old is None or old.repo != new.repo:
        return None, None
    return old.version(), new.version()
