"""What the spec has against a stack that is valid but for some changes."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from spec.contradictions import contradictions
from spec.problems import Problem, from_validation
from spec.stack import StackSpec
from tests.specs import stack


def problems(changes: dict[str, Any]) -> list[Problem]:
    try:
        return contradictions(stack(changes))
    except ValidationError as error:
        return from_validation(error, StackSpec)


def only(changes: dict[str, Any]) -> Problem:
    found = problems(changes)
    assert len(found) == 1, found
    return found[0]


def refused(path: str, value: object, below: str | None = None) -> str:
    """Return what is found wrong with `value` at `path`, and at no other place; `below`: a part of it."""
    problem = only({path: value})
    assert problem.path == (f"{path}.{below}" if below is not None else path)
    assert problem.fix
    return problem.found


def accepted(path: str, value: object) -> StackSpec:
    assert problems({path: value}) == []
    return stack({path: value})
