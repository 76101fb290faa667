"""The releases of a project: `stacks/releases/`, read and written."""

from __future__ import annotations

from pathlib import Path

from spec import release_file
from spec.edit import replace
from spec.errors import ReleaseError
from spec.release import Release

FOLDER = "stacks/releases"


def load(root: Path, id_: str) -> Release:
    """Return a release by its id, or by a beginning that only it has. Raises ReleaseError when there is none."""
    names = [each for each in ids(root) if each == id_] or [each for each in ids(root) if id_ and each.startswith(id_)]
    if len(names) > 1:
        raise ReleaseError(f"release {id_}", f"may be {' or '.join(names)}", "give more of its id")
    return release_file.read(root / FOLDER / f"{names[0] if names else id_}.yaml")


def save(root: Path, release: Release) -> str:
    """Write a new release and return its path in the project. Raises ReleaseError when it is there already."""
    path = f"{FOLDER}/{release.id}.yaml"
    if (root / path).exists():
        raise ReleaseError(path, "is there already", "a release is cut once")
    replace(root / path, release_file.render(release))
    return path


def ids(root: Path) -> list[str]:
    """Return the ids of all releases, the oldest first."""
    return sorted((file.stem for file in (root / FOLDER).glob("*.yaml")), key=age)


def age(id_: str) -> tuple[str, int, str]:
    """Return what puts ids in the order they were cut in, as far as an id tells."""
    day, _, rest = id_.partition("-")
    number, _, digits = rest.partition("-")
    return day, int(number) if number.isdigit() else 0, digits


def next_number(root: Path, day: str) -> int:
    """Return the number of a day's next release."""
    return max((age(each)[1] for each in ids(root) if age(each)[0] == day), default=0) + 1
