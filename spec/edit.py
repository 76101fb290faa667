"""Files changed in place: comments, order and indentation stay, and no reader meets a half-written file."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.util import load_yaml_guess_indent


def replace(path: Path, text: str) -> None:
    """Put a whole new text in a file's place at once; a file that was there keeps its mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text)
    if path.exists():
        part.chmod(path.stat().st_mode)
    part.replace(path)


def edited(text: str, change: Callable[[Any], None]) -> str:
    """Return a YAML text after a change of its document, written as its author did.

    Raises ruamel.yaml.error.YAMLError when it is no YAML.
    """
    document, yaml = _load(text)
    change(document)
    buffer = io.StringIO()
    yaml.dump(document, buffer)
    return buffer.getvalue()


def edit(path: Path, change: Callable[[Any], None]) -> None:
    """Change a YAML file's document in place. Raises as `edited` does; then nothing is written."""
    replace(path, edited(path.read_text(), change))


def _load(text: str) -> tuple[Any, YAML]:
    _, indent, offset = load_yaml_guess_indent(text)
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    if indent:
        yaml.indent(mapping=2, sequence=indent, offset=offset or 0)
    return yaml.load(text), yaml
