"""A stack's lock: which digest each of its tags means. Made from the stack file; other files are only compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from spec.errors import SpecError
from spec.pins import Lock
from spec.problems import Problem, combined

HEAD = """# What each image of this stack is, by digest; commit it. Written by `longshore images lock -s {stack}`.
images:
"""


@dataclass(frozen=True)
class Locked:
    """An image, its digest, and what became of it."""

    image: str
    digest: str
    state: Literal["kept", "new", "moved", "removed"]


def asked(update: Iterable[str], services: Mapping[str, str], stack: str) -> set[str]:
    """Return the images meant by `update`: names of services, images, or `all`. Raises SpecError for others."""
    found: set[str] = set()
    for name in update:
        if name == "all":
            found |= set(services.values())
        elif name in services:
            found.add(services[name])
        elif name in services.values():
            found.add(name)
        else:
            fix = f"name a service or its image, or `all`: {', '.join(sorted(services))}"
            raise SpecError(f"stacks/Pulumi.{stack}.yaml", f"has no service or image `{name}`", fix)
    return found


def relocked(images: Iterable[str], lock: Lock | None, update: set[str], resolve: Callable[[str], str]) -> list[Locked]:
    """Return the new lock, and what it no longer has: only what isn't locked, or is in `update`, is resolved.

    Images with a digest of their own are left out. Raises what `resolve` raises; then nothing has changed.
    """
    known = dict(lock.images) if lock else {}
    wanted = sorted({image for image in images if "@" not in image})
    found = [_one(image, known.get(image), image in update, resolve) for image in wanted]
    return found + [Locked(image, known[image], "removed") for image in sorted(set(known) - set(wanted))]


def render(found: Iterable[Locked], stack: str) -> str:
    """Return the lock's text; the same for the same images."""
    lines = [f'  "{each.image}": {each.digest}\n' for each in found if each.state != "removed"]
    return HEAD.format(stack=stack) + ("".join(lines) or "  {}\n")


def verify(services: Mapping[str, str], lock: Lock | None, stack: str) -> int:
    """Return how many images are locked. Raises SpecError, with every place, for one that isn't and one left over."""
    known = lock.images if lock else {}
    wanted = {image for image in services.values() if "@" not in image}
    fix = f"`longshore images lock -s {stack}`"
    problems = [
        Problem(f"images.{image}", f"is missing, and {_users(image, services)} uses it", fix)
        for image in sorted(wanted - set(known))
    ]
    problems += [
        Problem(f"images.{image}", "is used by no service any more", fix) for image in sorted(set(known) - wanted)
    ]
    if problems:
        raise combined(f"stacks/images.{stack}.lock.yaml", problems)
    return len(wanted)


def applied(services: Mapping[str, str], lock: Lock | None, stack: str) -> list[str]:
    """Return each image with its digest, own or locked. Raises SpecError for one that has none."""
    if lock is None and any("@" not in image for image in services.values()):
        raise SpecError(f"stacks/images.{stack}.lock.yaml", "is missing", f"`longshore images lock -s {stack}`")
    known = lock.images if lock else {}
    images = sorted(set(services.values()))
    missing = [image for image in images if "@" not in image and image not in known]
    if missing:
        where = f"stacks/images.{stack}.lock.yaml: images.{missing[0]}"
        raise SpecError(where, "is missing", f"`longshore images lock -s {stack}`")
    return [image if "@" in image else f"{image}@{known[image]}" for image in images]


def _one(image: str, known: str | None, update: bool, resolve: Callable[[str], str]) -> Locked:
    if known and not update:
        return Locked(image, known, "kept")
    digest = resolve(image)
    return Locked(image, digest, "new" if known is None else "kept" if known == digest else "moved")


def _users(image: str, services: Mapping[str, str]) -> str:
    return ", ".join(sorted(name for name, each in services.items() if each == image))
