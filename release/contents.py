"""What differs between two releases: images, the program's commits, versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from review.model import Frozen
from spec.release import Release, ReleaseImage, short

NONE = "-"


class Step(Frozen):
    """One difference. Empty on the side where it isn't."""

    what: str
    before: str
    after: str


def differences(before: Release | None, after: Release) -> tuple[Step, ...]:
    """Return what a release changes, compared with another one; everything without one."""
    return tuple(_differences(before, after))


def _differences(before: Release | None, after: Release) -> Iterator[Step]:
    yield from _images(before.images if before else {}, after.images)
    if before is None or before.commit != after.commit:
        yield Step(what="program", before=before.commit[:12] if before else "", after=after.commit[:12])
    yield from _versions("provider", before.providers if before else {}, after.providers)
    yield from _versions("policies", before.policies if before else {}, after.policies)


def _images(before: Mapping[str, ReleaseImage], after: Mapping[str, ReleaseImage]) -> Iterator[Step]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old is None or new is None or old.pinned != new.pinned:
            same_place = bool(old and new and old.repository == new.repository)
            yield Step(what=f"image {name}", before=_image(old, same_place), after=_image(new, same_place))


def _image(image: ReleaseImage | None, is_brief: bool) -> str:
    if image is None:
        return ""
    tag = f":{image.tag}" if image.tag else ""
    return f"{'' if is_brief else image.repository}{tag}@{short(image.digest)}"


def _versions(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Step]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield Step(what=f"{what} {name}", before=before.get(name, ""), after=after.get(name, ""))


def lines(steps: tuple[Step, ...]) -> list[str]:
    """Return the differences as text, one a line."""
    return [f"{each.what}: {each.before or NONE} -> {each.after or NONE}" for each in steps]
