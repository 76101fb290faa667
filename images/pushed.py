"""Where a pushed image goes: the service it is for, its name in the registry, and its place in the stack file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from spec.edit import edit, replace
from spec.errors import SpecError
from spec.load import check_any

TAG = re.compile(r":[A-Za-z0-9_][A-Za-z0-9._-]*$")
"""A tag at a reference's end; a registry's port has a slash after it."""
ID = re.compile(r"(?:sha256:)?([a-f0-9]{12})")


@dataclass(frozen=True)
class Place:
    """One service in one stack file, and the image it has there."""

    file: Path
    service: str
    image: str

    @property
    def repository(self) -> str:
        """The image's name without tag and digest."""
        return TAG.sub("", self.image.split("@")[0])

    def reference(self, image_id: str, digest: str) -> str:
        """Return how the pushed image is named: a tag for people, the digest for the engines."""
        return f"{self.repository}:{tag_of(image_id)}@{digest}"

    @contextmanager
    def holding(self, image: str) -> Iterator[Keep]:
        """Put an image into the stack file; unless it is kept in this block, what was there is put back."""
        before, keep = self.file.read_text(), Keep()
        self._set(image)
        ours = self.file.read_text()
        try:
            yield keep
        finally:
            if not keep.kept and self.file.read_text() == ours:
                replace(self.file, before)
            elif not keep.kept:  # somebody else has edited it meanwhile
                self._set(self.image)

    def _set(self, image: str) -> None:
        def change(document: Any) -> None:
            document["config"]["longshore:services"][self.service]["image"] = image

        edit(self.file, change)


class Keep:
    """Whether what was put into the file stays."""

    kept = False

    def keep(self) -> None:
        """Let it stay."""
        self.kept = True


def tag_of(image_id: str) -> str:
    """Return the tag of a pushed image: the same for the same content, and never one that a release would use."""
    found = ID.match(image_id)
    return f"push-{found[1] if found else image_id}"


def place(file: Path, service: str | None, folder: str) -> Place:
    """Find the service that an image built in `folder` is for. Raises SpecError when that isn't clear, or can't be.

    It is the one that is named; else the one of the folder's name, else the only one there is.
    """
    where = f"stacks/{file.name}: services"
    services = check_any(file).services
    inline = (YAML(typ="safe").load(file).get("config") or {}).get("longshore:services") or {}
    name = chosen(service, folder, {each: spec.image for each, spec in services.items()}, where)
    if name not in inline:
        fix = "write the digest into that file, or declare the service in the stack file"
        raise SpecError(f"{where}.{name}", "comes from a compose file, which push doesn't write", fix)
    return Place(file, name, services[name].image)


def chosen(service: str | None, folder: str, services: Mapping[str, str], where: str) -> str:
    """Return the service's name. Raises SpecError when there is none, or several come into question."""
    there = f"there are: {', '.join(services) or 'none'}"
    if service is not None:
        if service not in services:
            raise SpecError(where, f"has no `{service}`", there)
        return service
    if folder in services:
        return folder
    if len(services) == 1:
        return next(iter(services))
    raise SpecError(where, f"which one is built from `{folder}`?", f"name it with --service; {there}")
