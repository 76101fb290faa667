"""Stack file -> StackSpec, once, at the edge. Nothing else reads configuration."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from spec.compose.project import project
from spec.compose.reference import ComposeSpec
from spec.contradictions import contradictions
from spec.errors import SpecError
from spec.lock import released
from spec.pins import pinned
from spec.problems import combined, from_validation
from spec.secret import AT_REST
from spec.stack import AnySpec, ServicesSpec, StackSpec, model_for

PREFIX = "longshore:"
PLAIN = ("layer", "platform", "release")
"""Fields that are a plain text, which Pulumi does not keep as JSON."""


def _quiet(_: str) -> None:
    """Tell nobody."""


def load_spec(config: pulumi.Config, stack: str, root: Path) -> AnySpec:
    """Return the running stack's spec, its secrets sealed.

    Raises SpecError with every problem at once, each with file, path and a way out.
    """
    file = root / "stacks" / f"Pulumi.{stack}.yaml"
    if file.exists():
        check_any(file, root)
    fields = {**StackSpec.model_fields, **ServicesSpec.model_fields}
    values = {field: _value(config, field) for field in fields}
    known = {field: value for field, value in values.items() if value is not None}
    return pinned(_parsed(f"stacks/{file.name}", known, {}, root, pulumi.log.warn), stack, root)


def check_file(file: Path, root: Path | None = None, warn: Callable[[str], None] = _quiet) -> StackSpec:
    """Check a stack file that makes machines, as `check_any`. Raises SpecError for one of services only, too."""
    spec = check_any(file, root, warn)
    if isinstance(spec, ServicesSpec):
        raise SpecError(
            f"stacks/{file.name}: layer", "services: this stack makes no machine", f"name its platform: {spec.platform}"
        )
    return spec


def check_any(file: Path, root: Path | None = None, warn: Callable[[str], None] = _quiet) -> AnySpec:
    """Check a stack file as it lies on disk, with no engine and no key for its secrets.

    `root`: the project folder, where compose files are; the one above the file's when left out. `warn` gets what is
    left out of compose files.

    Raises SpecError as `load_spec` does, and for secrets that lie there unencrypted; ReleaseError for its release.
    """
    stack = file.name.removeprefix("Pulumi.").removesuffix(".yaml")
    return pinned(check_unpinned(file, root, warn), stack, root or file.parent.parent)


def check_unpinned(file: Path, root: Path | None = None, warn: Callable[[str], None] = _quiet) -> AnySpec:
    """Check a stack file as `check_any`, its images as they are written there: what a lock is made from."""
    where = f"stacks/{file.name}"
    return _parsed(where, _values(file, where), AT_REST, root or file.parent.parent, warn)


def unreleased(file: Path, root: Path | None = None, warn: Callable[[str], None] = _quiet) -> AnySpec:
    """Check a stack file as `check_any` does, as if it named no release: the images are its own."""
    where = f"stacks/{file.name}"
    values = {key: value for key, value in _values(file, where).items() if key != "release"}
    return _parsed(where, values, AT_REST, root or file.parent.parent, warn)


def written(file: Path, root: Path | None = None) -> dict[str, Any]:
    """Return what a stack file and its compose files say, unchecked. Raises SpecError for what can't be read."""
    where = f"stacks/{file.name}"
    return _with_compose(where, _values(file, where), root or file.parent.parent, _quiet)


def _values(file: Path, where: str) -> dict[str, Any]:
    config = _read(file, where).get("config") or {}
    if not isinstance(config, dict):
        raise SpecError(f"{where}: config", "is no mapping", "write keys such as `longshore:target:` below it")
    keys = [key for key in config if isinstance(key, str) and key.startswith(PREFIX)]
    return {key.removeprefix(PREFIX): config[key] for key in keys}


def _value(config: pulumi.Config, field: str) -> Any:
    return config.get(field) if field in PLAIN else config.get_object(field)


def _parsed(
    where: str, values: dict[str, Any], context: dict[str, Any], root: Path, warn: Callable[[str], None]
) -> AnySpec:
    model = model_for(values.get("layer"))
    values = _with_compose(where, values, root, warn)
    try:
        spec = model.model_validate(values, context=context)
    except ValidationError as error:
        raise combined(where, from_validation(error, model)) from None
    spec = released(spec, where, root)
    problems = contradictions(spec)
    if problems:
        raise combined(where, problems)
    return spec


def _with_compose(where: str, values: dict[str, Any], root: Path, warn: Callable[[str], None]) -> dict[str, Any]:
    """Return the stack file's values with what its compose files declare beside them."""
    try:
        told = ComposeSpec.model_validate(values["compose"]) if values.get("compose") else None
    except ValidationError:
        return values  # told with all other problems
    if told is None:
        return values
    found = project(told, root)
    for warning in found.warnings:
        warn(warning)
    merged = dict(values)
    for section, more in found.sections.items():
        own = values.get(section) or {}
        twice = sorted(set(own) & set(more))
        if twice:
            fix = "keep one: a compose file can be overridden by another one after it"
            raise SpecError(f"{where}: {section}.{twice[0]}", f"is declared in {', '.join(told.files)} too", fix)
        merged[section] = {**own, **more}
    return merged


def _read(file: Path, where: str) -> dict[str, Any]:
    try:
        content = YAML(typ="safe").load(file)
    except (YAMLError, ValueError, LookupError) as error:  # the last two: a value that is not of its own tag
        raise SpecError(where, f"is not YAML: {error}", "mend the syntax") from None
    except RecursionError:
        raise SpecError(where, "is nested too deeply", "mend the syntax") from None
    except OSError as error:
        raise SpecError(where, f"can't be read: {error.strerror}", "create it from a stacks/ example") from None
    if not isinstance(content, dict):
        raise SpecError(where, "holds no mapping", "start it with `config:`")
    return content
