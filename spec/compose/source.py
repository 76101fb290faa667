"""A compose file as plain data, with the line of every key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq, TaggedScalar
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarint import OctalInt

from spec.errors import SpecError

Key = str | int
Place = tuple[Key, ...]


@dataclass
class Document:
    """Data, and for each place in it the `file:line` it is written at."""

    data: dict[str, Any]
    lines: dict[Place, str] = field(default_factory=dict)

    def where(self, *place: Key) -> str:
        """Return the `file:line` of the nearest place that is written somewhere."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return "compose"


def read(root: Path, name: str) -> Document:
    """Read `name`, a path relative to `root`. Raises SpecError when it can't be read or is no mapping."""
    try:
        content = YAML(typ="rt").load(root / name)
    except OSError as error:
        raise SpecError(name, f"can't be read: {error.strerror}", "name it relative to the project") from None
    except (YAMLError, ValueError, LookupError) as error:
        raise SpecError(name, f"is not YAML: {error}", "mend the syntax") from None
    except RecursionError:
        raise SpecError(name, "is nested too deeply", "mend the syntax") from None
    if not isinstance(content, CommentedMap):
        raise SpecError(name, "holds no mapping", "start it with `services:`")
    document = Document({}, {(): f"{name}:1"})
    document.data = _plain(content, (), name, document.lines)
    return document


def _plain(value: Any, place: Place, name: str, lines: dict[Place, str]) -> Any:
    if isinstance(value, TaggedScalar) or getattr(getattr(value, "tag", None), "value", None):
        where = lines.get(place, name)
        raise SpecError(where, f"the tag {value.tag.value} is not supported", "write the result out")
    if isinstance(value, Mapping):
        return {str(key): _child(value, key, str(key), place, name, lines) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_child(value, index, index, place, name, lines) for index in range(len(value))]
    return _scalar(value)


def _child(parent: Any, key: Any, told: Key, place: Place, name: str, lines: dict[Place, str]) -> Any:
    inner = (*place, told)
    if isinstance(parent, CommentedMap | CommentedSeq) and key in (parent.lc.data or {}):
        lines[inner] = f"{name}:{parent.lc.data[key][0] + 1}"
    return _plain(parent[key], inner, name, lines)


def _scalar(value: Any) -> Any:
    """Return a plain value: ruamel's own strings and numbers remember how they were written."""
    if isinstance(value, OctalInt):
        return f"0{int(value):o}"
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value if value is None else str(value)
