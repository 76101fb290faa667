"""The release lock: one line of a stack file that says which release runs there, and so every image by its digest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spec.problems import Problem, combined
from spec.release import Release
from spec.release_file import read
from spec.stack import AnySpec

LOCK = "longshore:release"
"""The key of the stack file."""


def released(spec: AnySpec, where: str, root: Path) -> AnySpec:
    """Return a stack with its release's images; as it is without a lock.

    Raises ReleaseError for a release that can't be used, SpecError for a service that it knows nothing of.
    """
    if spec.release is None:
        return spec
    release = read(root / "stacks" / spec.release)
    missing = list(_missing(spec, release))
    if missing:
        raise combined(where, missing)
    return _with(spec, release)


def _missing(spec: AnySpec, release: Release) -> Iterator[Problem]:
    known = ", ".join(sorted(release.images)) or "none"
    for name in spec.services:
        if name not in release.images:
            found = f"the release {release.id} has no image of it; it has: {known}"
            yield Problem(f"services.{name}", found, "cut a release that has: `longshore release cut`")


def _with(spec: AnySpec, release: Release) -> AnySpec:
    services = {
        name: each.model_copy(update={"image": release.images[name].pinned}) for name, each in spec.services.items()
    }
    return spec.model_copy(update={"services": services})
