"""Turns whatever is wrong with a stack file into sentences: where, what was found, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from spec.errors import SpecError

ENCRYPT = "encrypt it: `pulumi config set --secret --path longshore:{path}`"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a stack file. `path` is dotted and starts with a key such as `cluster`."""

    path: str
    found: str
    fix: str


def from_validation(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Return every problem that pydantic found, without the values (they may be secrets)."""
    return [_problem(each, model) for each in error.errors(include_input=False, include_url=False)]


def combined(where: str, problems: list[Problem]) -> SpecError:
    """Return one error that names every problem."""
    if len(problems) == 1:
        [only] = problems
        return SpecError(f"{where}: {only.path}", only.found, only.fix)
    lines = [f"{where}: {each.path}: {each.found}\n  -> {each.fix}" for each in problems]
    return SpecError("", "\n".join([f"{where}: {len(problems)} problems", *lines]))


def _problem(error: ErrorDetails, model: type[BaseModel]) -> Problem:
    location = [str(part) for part in error["loc"] if not str(part).startswith("[")]
    path = ".".join(location)
    if error["type"] == "extra_forbidden":
        return Problem(path, "unknown key", _did_you_mean([str(part) for part in error["loc"]], model))
    if error["type"] == "missing":
        return Problem(path, "is missing", "add it; the editor's schema (stacks/schema.json) describes it")
    if error["type"] == "not_encrypted":
        return Problem(path, error["msg"], ENCRYPT.format(path=path))
    return Problem(path, _sentence(error), "see its description in stacks/schema.json")


def _sentence(error: ErrorDetails) -> str:
    return error["msg"].removeprefix("Value error, ").replace("Input should", "should").replace("String", "text")


def _did_you_mean(location: list[str], model: type[BaseModel]) -> str:
    known = known_keys(model, location[:-1])
    close = get_close_matches(location[-1], known, n=1)
    return f"did you mean `{close[0]}`?" if close else f"remove it; known here: {', '.join(sorted(known))}"


def known_keys(model: type[BaseModel], location: Iterable[str]) -> list[str]:
    """Return the keys allowed at `location`, following models through maps and lists, and a union by its tag."""
    found: Any = model
    for part in location:
        found = _tagged(found, part) if part.startswith("[") else _step(found, part)
    models = _models_in(found)
    return [field.alias or name for each in models for name, field in each.model_fields.items()]


def _tagged(found: Any, tag: str) -> Any:
    """Return the alternative of a union that `tag` stands for."""
    alternatives = [each for union in (found, *get_args(found)) for each in get_args(union)]
    return next((each for each in alternatives if Tag(tag) in getattr(each, "__metadata__", ())), found)


def _step(found: Any, part: str) -> Any:
    for model in _models_in(found):
        for name, field in model.model_fields.items():
            if part in (name, field.alias):
                return field.annotation
    arguments = get_args(found)
    return arguments[-1] if arguments and arguments[-1] is not Ellipsis else next(iter(arguments), found)


def _models_in(found: Any) -> list[type[BaseModel]]:
    if isinstance(found, type) and issubclass(found, BaseModel):
        return [found]
    origin = getattr(found, "__origin__", None)
    if origin in (dict, Mapping, tuple, list):
        return []
    return [model for argument in get_args(found) for model in _models_in(argument)]
