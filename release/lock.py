"""The release lock in stack files: read, and edited in place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from spec.edit import edit
from spec.errors import ReleaseError
from spec.load import PREFIX
from spec.lock import LOCK

MEND = "mend it: `longshore check STACK` tells what is wrong"


def locked(root: Path, stack: str) -> str | None:
    """Return the id of the release that a stack's file names; None without one. Raises ReleaseError without a file."""
    return of_text(_text(root, stack), file_of(stack))


def of_text(text: str, where: str) -> str | None:
    """Return the id of the release that a stack file's text names."""
    named = values(text, where).get("release")
    return str(named).removeprefix("releases/").removesuffix(".yaml") if named else None


def values(text: str, where: str) -> dict[str, Any]:
    """Return what a stack file's text says to this program, unchecked, its compose files left out."""
    try:
        document = YAML(typ="safe").load(text)
    except (YAMLError, ValueError, LookupError, RecursionError):
        raise ReleaseError(where, "is not YAML", MEND) from None
    config = document.get("config") if isinstance(document, dict) else None
    own = {key: value for key, value in config.items() if isinstance(key, str)} if isinstance(config, dict) else {}
    return {key.removeprefix(PREFIX): value for key, value in own.items() if key.startswith(PREFIX)}


def lock(root: Path, stacks: Iterable[str], release: str) -> list[str]:
    """Set the release of stacks and return the paths of their files. Every file is read before the first is written."""

    def change(document: Any) -> None:
        document["config"][LOCK] = f"releases/{release}.yaml"

    names = list(stacks)
    for stack in names:
        of_text(_text(root, stack), file_of(stack))
    for stack in names:
        try:
            edit(root / file_of(stack), change)
        except (KeyError, TypeError, YAMLError):
            raise ReleaseError(f"{file_of(stack)}: config", "is no mapping", MEND) from None
    return [file_of(stack) for stack in names]


def file_of(stack: str) -> str:
    """Return the path of a stack's file in its project."""
    return f"stacks/Pulumi.{stack.rpartition('/')[2]}.yaml"


def _text(root: Path, stack: str) -> str:
    try:
        return (root / file_of(stack)).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(file_of(stack), f"can't be read: {error}", "commit the stack's file") from None
