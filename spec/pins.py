"""Which content each image of a stack is: `stacks/images.<stack>.lock.yaml`, written by `longshore images lock`.

And where it is taken from: `stacks/images.<stack>.mirror.yaml`, written by `longshore images mirror`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from spec.base import Spec
from spec.errors import SpecError
from spec.ingress import INGRESS
from spec.own_registry import NAME as OWN
from spec.problems import Problem, combined, from_validation
from spec.registry import Place
from spec.service import ImageReference
from spec.stack import AnySpec

Digest = Annotated[str, Field(pattern=r"^sha256:[a-f0-9]{64}$")]
S = TypeVar("S", bound=Spec)


class Lock(Spec):
    """What each tag meant when it was locked."""

    images: dict[ImageReference, Digest]
    """Image as the stack names it -> digest, of the index where there are several platforms."""


class MirrorMap(Spec):
    """Where each image was copied to."""

    registry: Place
    """The registry that holds the copies, with the path below which they are."""
    images: dict[ImageReference, ImageReference]
    """Image by digest -> its copy by digest."""


def lock_file(root: Path, stack: str) -> Path:
    """Return the path of a stack's lock."""
    return root / "stacks" / f"images.{stack}.lock.yaml"


def mirror_file(root: Path, stack: str) -> Path:
    """Return the path of a stack's mirror map."""
    return root / "stacks" / f"images.{stack}.mirror.yaml"


def read_lock(file: Path) -> Lock | None:
    """Return a lock, None when there is none. Raises SpecError for one that was broken by hand, with every place."""
    found = _read(file, Lock, "write it anew: `longshore images lock`")
    for image in found.images if found else ():
        if "@" in image:
            fix = "remove it: an image with a digest of its own needs no lock"
            raise SpecError(f"stacks/{file.name}: images.{image}", "has a digest already", fix)
    return found


def read_mirror(file: Path) -> MirrorMap | None:
    """Return a mirror map, None when there is none. Raises SpecError as `read_lock`."""
    return _read(file, MirrorMap, "write it anew: `longshore images mirror`")


def pinned(spec: AnySpec, stack: str, root: Path) -> AnySpec:
    """Return the spec with every service's image as it is locked and mirrored; unchanged where neither is wanted.

    Raises SpecError for an image that a lock which is there doesn't have, or that isn't in the mirror.
    """
    lock = read_lock(lock_file(root, stack))
    images = images_of(spec)
    problems: list[Problem] = []
    if lock is not None:
        images = {name: _locked(name, image, lock, stack, problems) for name, image in images.items()}
    if spec.mirror and not problems:
        copies = read_mirror(mirror_file(root, stack))
        for name in images.keys() - {OWN}:  # the stack's own registry may be the mirror
            images[name] = _mirrored(name, images[name], copies, spec.mirror.registry, stack, problems)
    if problems:
        raise combined(f"stacks/Pulumi.{stack}.yaml", sorted(problems, key=lambda each: each.path))
    return _with(spec, images)


def images_of(spec: AnySpec) -> dict[str, str]:
    """Return the image of each service; those of the ingress and of the stack's own registry go by their names."""
    parts = {INGRESS: spec.ingress, OWN: spec.registry}
    services = {name: each.image for name, each in spec.services.items()}
    return services | {name: part.image for name, part in parts.items() if part}


def _with(spec: AnySpec, images: Mapping[str, str]) -> AnySpec:
    services = {name: each.model_copy(update={"image": images[name]}) for name, each in spec.services.items()}
    ingress = spec.ingress and spec.ingress.model_copy(update={"image": images[INGRESS]})
    own = spec.registry and spec.registry.model_copy(update={"image": images[OWN]})
    return spec.model_copy(update={"services": services, "ingress": ingress, "registry": own})


def _where(name: str) -> str:
    return f"{name}.image" if name in (INGRESS, OWN) else f"services.{name}.image"


def _locked(name: str, image: str, lock: Lock, stack: str, problems: list[Problem]) -> str:
    if "@" in image:
        return image
    if image not in lock.images:
        found = f"`{image}` is not in stacks/images.{stack}.lock.yaml"
        problems.append(Problem(_where(name), found, f"lock it: `longshore images lock -s {stack}`"))
        return image
    return f"{image}@{lock.images[image]}"


def _mirrored(
    name: str, image: str, copies: MirrorMap | None, registry: str, stack: str, problems: list[Problem]
) -> str:
    fix = f"copy it there: `longshore images mirror --to {registry} -s {stack}`"
    if "@" not in image:
        found = f"`{image}` has no digest, and a mirror serves images by digest"
        problems.append(Problem(_where(name), found, f"lock it: `longshore images lock -s {stack}`"))
    elif copies is None or copies.registry != registry:
        where = f"stacks/images.{stack}.mirror.yaml"
        found = f"{where} is of {copies.registry}" if copies else f"there is no {where}"
        problems.append(Problem("mirror.registry", f"is {registry}, and {found}", fix))
    elif image not in copies.images:
        problems.append(Problem(_where(name), f"`{image}` was not copied to {registry} yet", fix))
    else:
        return copies.images[image]
    return image


def _read(file: Path, model: type[S], fix: str) -> S | None:
    where = f"stacks/{file.name}"
    try:
        content = YAML(typ="safe").load(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SpecError(where, f"can't be read: {error.strerror}", "see to its rights") from None
    except (YAMLError, ValueError, LookupError, RecursionError) as error:
        raise SpecError(where, f"is not YAML: {str(error).splitlines()[0]}", fix) from None
    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = [Problem(each.path or "the file", each.found, fix) for each in from_validation(error, model)]
        raise combined(where, found) from None
