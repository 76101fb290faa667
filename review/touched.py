"""Which stacks a change touches, told by the files it touches: the one table."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase
from pathlib import Path

STACK_FILES = "stacks/Pulumi.*.yaml"
OWN_FILES = (("stacks/Pulumi.", ".yaml"), ("stacks/images.", ".lock.yaml"), ("stacks/images.", ".mirror.yaml"))
"""Beginning and end of the files that are one stack's own; its name is between."""
UNTOUCHED = (
    "*.md",
    "docs/*",
    "tests/*",
    "lab/*",
    "cli/*",
    "images/*",
    "review/*",
    "stacks/schema.json",
    ".git*",
    ".review-acks.yaml",
    "Makefile",
    "LICENSE",
)
"""Files that no machine and no service is made of. A stack's own file, lock or mirror map touches that stack; every
other file touches all: the program, the spec, the components, the providers, the application's files, and whatever is
not known here. `*` crosses folders."""


def stacks(root: Path) -> tuple[str, ...]:
    """Return the stacks that have a file; examples, to be copied, are none."""
    names = (_stack(f"stacks/{file.name}") for file in root.glob(STACK_FILES))
    return tuple(sorted(name for name in names if not name.startswith("example")))


def touched(files: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Return which of the known stacks the touched files belong to. `files`: relative to the project."""
    found: set[str] = set()
    for file in files:
        found |= _touched(file, known)
    return tuple(sorted(found))


def _touched(file: str, known: Collection[str]) -> set[str]:
    for beginning, end in OWN_FILES:
        if file.startswith(beginning) and file.endswith(end):
            return {file.removeprefix(beginning).removesuffix(end)} & set(known)
    if any(fnmatchcase(file, each) for each in UNTOUCHED):
        return set()
    return set(known)


def _stack(file: str) -> str:
    return file.removeprefix("stacks/Pulumi.").removesuffix(".yaml")
