"""Release files, read and written: what was edited by hand is refused."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from spec.errors import ReleaseError
from spec.problems import from_validation
from spec.release import SPEC_VERSION, Release

HEAD = "# Cut by `longshore release cut`. Its name and its hash are those of its content: it is never edited.\n"
CUT_ANOTHER = "bring it back as it was committed, or cut a new release: `longshore release cut`"


def read(file: Path) -> Release:
    """Return a release. Raises ReleaseError when it isn't as it was cut, with file, path and a way out."""
    try:
        return parse(file.read_text(), file.name)
    except FileNotFoundError:
        fix = "name a release that is committed: `longshore release log`"
        raise ReleaseError(f"stacks/releases/{file.name}", "there is no such release", fix) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"stacks/releases/{file.name}", f"can't be read: {error}", CUT_ANOTHER) from None


def parse(text: str, name: str) -> Release:
    """Return the release in a file's text. `name`: the file's. Raises as `read` does."""
    where = f"stacks/releases/{name}"
    try:
        release = Release.model_validate(_plain(text))
    except (YAMLError, ValueError, LookupError, RecursionError) as error:
        raise ReleaseError(*_told(error, where), CUT_ANOTHER) from None
    if name != f"{release.id}.yaml":
        raise ReleaseError(where, f"holds the release {release.id}", "a release is never renamed: name it so again")
    if release.spec_version > SPEC_VERSION:
        found = f"speaks version {release.spec_version} of the stack file's language; this program {SPEC_VERSION}"
        raise ReleaseError(f"{where}: spec_version", found, f"check out its program: {release.commit[:12]}")
    return release


def render(release: Release) -> str:
    """Return a release as its file's text; the same text for the same release."""
    yaml, buffer = YAML(), io.StringIO()
    yaml.width = 4096
    yaml.dump({"id": release.id, **release.model_dump(mode="json", exclude_none=True)}, buffer)
    return HEAD + buffer.getvalue()


def _plain(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    return yaml.load(text)


def _told(error: Exception, where: str) -> tuple[str, str]:
    if isinstance(error, ValidationError):
        first = from_validation(error, Release)[0]
        return (f"{where}: {first.path}" if first.path else where), first.found
    return where, f"is not YAML: {error}" if isinstance(error, YAMLError) else "can't be read as YAML"
