"""The file of one of the lab's stacks: written from a template once, then renewed only where the lab owns a line."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from spec.edit import replace
from spec.errors import LabError

TEMPLATE = Path(__file__).resolve().parent / "stack.yaml.j2"
MARK = "# kept by the lab"

Path_ = tuple[str, ...]

_LAB_IMAGE = re.compile(r"^[0-9.]+:5000/(?P<image>shop-[a-z]+:[^@]+)(@.*)?$")


def write(file: Path, values: Mapping[str, Any]) -> bool:
    """Write the stack file, or renew what the lab owns in it; tell whether it changed.

    Raises LabError when the file that is there is no YAML mapping.
    """
    before = file.read_text() if file.exists() else None
    rendered = render(values)
    after = rendered if before is None else renewed(before, rendered, values["images"], str(file))
    if after != before:
        replace(file, after)
    return after != before


def render(values: Mapping[str, Any]) -> str:
    """Return the template filled in. Raises jinja2.UndefinedError for a value that is missing."""
    lines = {"keep_trailing_newline": True, "trim_blocks": True, "lstrip_blocks": True}
    environment = Environment(undefined=StrictUndefined, autoescape=False, **lines)  # type: ignore[arg-type]  # noqa: S701
    environment.filters["tojson_plain"] = json.dumps
    return environment.from_string(TEMPLATE.read_text()).render(values)


def renewed(text: str, rendered: str, images: Mapping[str, str], where: str = "Pulumi.lab.yaml") -> str:
    """Return `text` with the lab's own lines as in `rendered`; what the user changed, added or removed stays.

    Images of the lab's registry keep the version the user chose, and get its present digest.
    """
    document, fresh = _load(text, where), _load(rendered, str(TEMPLATE))
    changes = [_carry(document, fresh, path) for path in owned(rendered, fresh)]
    changes += [_renew_image(service, images) for service in _services(document)]
    return _dump(document) if any(changes) else text


def owned(rendered: str, document: Any) -> list[Path_]:
    """Return the path of every key whose line carries the lab's mark."""
    marked = {number for number, line in enumerate(rendered.splitlines()) if line.endswith(MARK)}
    return [path for path, line in _keys(document) if line in marked]


def _keys(mapping: Any, above: Path_ = ()) -> Iterator[tuple[Path_, int]]:
    if isinstance(mapping, dict):
        for key, value in mapping.items():
            yield (*above, key), mapping.lc.key(key)[0]  # type: ignore[attr-defined]  # ruamel's CommentedMap
            yield from _keys(value, (*above, key))


def _carry(document: Any, fresh: Any, path: Path_) -> bool:
    """Set one value as in `fresh`, unless the user removed what it is in; tell whether that changed anything."""
    for key in path[:-1]:
        document, fresh = document.get(key) if isinstance(document, dict) else None, fresh[key]
    if not isinstance(document, dict) or document.get(path[-1]) == fresh[path[-1]]:
        return False
    document[path[-1]] = fresh[path[-1]]
    return True


def _services(document: Any) -> list[Any]:
    config = document.get("config")
    services = config.get("longshore:services") if isinstance(config, dict) else None
    return [service for service in services.values() if isinstance(service, dict)] if isinstance(services, dict) else []


def _renew_image(service: Any, images: Mapping[str, str]) -> bool:
    found = _LAB_IMAGE.match(str(service.get("image")))
    image = images.get(found["image"], service["image"]) if found else service.get("image")
    changed = bool(image != service.get("image"))
    if changed:
        service["image"] = image
    return changed


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _load(text: str, where: str) -> Any:
    try:
        document = _yaml().load(text)
    except YAMLError as error:
        raise LabError(
            where, f"is not YAML: {error}", "mend it, or remove it: `longshore lab up` writes a new one"
        ) from None
    if not isinstance(document, dict):
        raise LabError(where, "is not a mapping", "remove it: `longshore lab up` writes a new one")
    return document


def _dump(document: Any) -> str:
    buffer = io.StringIO()
    _yaml().dump(document, buffer)
    return buffer.getvalue()
