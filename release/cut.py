"""Cuts a release: what a stack would run, by digest, of the program that is checked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from release import releases
from release.images import Resolve, resolved
from release.repository import Repository
from spec.errors import ReleaseError
from spec.release import Release


@dataclass(frozen=True)
class Cutting:
    """What is cut. `images`: each service's reference; `providers`, `policies`: versions, for the record."""

    stack: str
    images: Mapping[str, str]
    providers: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)


def cut(repository: Repository, cutting: Cutting, resolve: Resolve, now: datetime) -> Release:
    """Return a new release; nothing is written. Raises ReleaseError for a program that isn't committed."""
    if not cutting.images:
        raise ReleaseError(f"stack {cutting.stack}", "runs no service", "name a stack that has services: `-s STACK`")
    _refuse_uncommitted(repository)
    last = previous(repository)
    content: dict[str, Any] = {
        "created": now,
        "by": repository.author(),
        "commit": repository.here(),
        "stack": cutting.stack,
        "images": resolved(cutting.images, resolve),
        "providers": dict(cutting.providers),
        "policies": dict(cutting.policies),
        "changelog": repository.subjects(last.commit if last else None),
    }
    number = releases.next_number(repository.root, now.astimezone(UTC).strftime("%Y.%m.%d"))
    return Release.cut(number, **content)


def previous(repository: Repository) -> Release | None:
    """Return the newest release before, if one was cut of what is checked out now."""
    for each in reversed(releases.ids(repository.root)):
        found = releases.load(repository.root, each)
        if repository.contains(found.commit):
            return found
    return None


def _refuse_uncommitted(repository: Repository) -> None:
    changed = repository.program_is_dirty()
    if changed:
        found = f"{', '.join(changed[:5])}{' …' * (len(changed) > 5)}: not committed"
        raise ReleaseError("release cut", found, "commit it: a release belongs to one commit of the program")
