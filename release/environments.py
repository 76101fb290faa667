"""Reads `stacks/environments.yaml`; every mistake is told with file and path."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from spec.environments import Environment, Environments
from spec.errors import ReleaseError
from spec.problems import combined, from_validation

FILE = "stacks/environments.yaml"
SEE = "stacks/environments.schema.json describes every key"


def load(root: Path) -> Environments:
    """Return a project's environments. Raises ReleaseError without the file, SpecError for what it can't say."""
    try:
        text = (root / FILE).read_text()
    except FileNotFoundError:
        raise ReleaseError(FILE, "is missing", "write it: docs/release.md shows one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(FILE, f"can't be read: {error}", SEE) from None
    return parse(text)


def parse(text: str, where: str = FILE) -> Environments:
    """Return the environments in a file's text. Raises SpecError with every problem at once."""
    try:
        content = YAML(typ="safe").load(text)
    except (YAMLError, ValueError, LookupError, RecursionError) as error:
        raise ReleaseError(where, f"is not YAML: {error}", "mend the syntax") from None
    try:
        return Environments.model_validate({} if content is None else content)
    except ValidationError as error:
        problems = from_validation(error, Environments)
    shown = [each if each.found == "unknown key" else type(each)(each.path, each.found, SEE) for each in problems]
    raise combined(where, shown)


def environment(environments: Environments, name: str) -> Environment:
    """Return one environment. Raises ReleaseError when there is none of that name."""
    if name not in environments.environments:
        known = ", ".join(environments.environments)
        raise ReleaseError(f"environment {name}", "is not declared", f"use one of {FILE}: {known}")
    return environments.environments[name]


def of_stack(environments: Environments, stack: str) -> str:
    """Return the environment that a stack belongs to; empty when it belongs to none."""
    return next((name for name, each in environments.environments.items() if stack in each.all_stacks), "")
