"""`${NAME}` in the values of a compose file (compose-spec, 12-interpolation)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spec.compose.refusal import RefusalError
from spec.compose.source import Document, Place
from spec.errors import SpecError

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OPERATORS = (":-", "-", ":?", "?", ":+", "+")


def interpolated(document: Document, variables: Mapping[str, str]) -> Document:
    """Return the document with every `$NAME` and `${NAME…}` in its values replaced.

    Raises SpecError for a variable that isn't given and has no default, and for broken syntax.
    """

    def visit(value: Any, place: Place) -> Any:
        if isinstance(value, dict):
            return {key: visit(each, (*place, key)) for key, each in value.items()}
        if isinstance(value, list):
            return [visit(each, (*place, index)) for index, each in enumerate(value)]
        if not isinstance(value, str) or "$" not in value:
            return value
        try:
            return text(value, variables)
        except RefusalError as refusal:
            path = ".".join(map(str, place))
            raise SpecError(f"{document.where(*place)}: {path}", str(refusal), refusal.fix) from None

    return Document(visit(document.data, ()), document.lines)


def text(value: str, variables: Mapping[str, str]) -> str:
    """Return one value with its variables replaced."""
    said, at = [], 0
    while (dollar := value.find("$", at)) >= 0:
        said.append(value[at:dollar])
        piece, at = _variable(value, dollar, variables)
        said.append(piece)
    return "".join([*said, value[at:]])


def _variable(value: str, dollar: int, variables: Mapping[str, str]) -> tuple[str, int]:
    after = value[dollar + 1 : dollar + 2]
    if after == "$":
        return "$", dollar + 2
    if after == "{":
        end = _closing(value, dollar + 2)
        return _braced(value[dollar + 2 : end], variables), end + 1
    name = NAME.match(value, dollar + 1)
    if not name:
        raise RefusalError("a `$` that begins no variable", "write `$$` for a dollar sign")
    return _given(name.group(), variables), name.end()


def _closing(value: str, start: int) -> int:
    depth = 1
    for index in range(start, len(value)):
        if value.startswith("${", index):
            depth += 1
        elif value[index] == "}":
            depth -= 1
            if depth == 0:
                return index
    raise RefusalError("a `${` without its `}`", "close it, or write `$$` for a dollar sign")


def _braced(inside: str, variables: Mapping[str, str]) -> str:
    name = NAME.match(inside)
    if not name:
        raise RefusalError(f"`${{{inside}}}` names no variable", "write `${NAME}`, or `$$` for a dollar sign")
    rest = inside[name.end() :]
    if not rest:
        return _given(name.group(), variables)
    operator = next((each for each in OPERATORS if rest.startswith(each)), None)
    if operator is None:
        raise RefusalError(f"`${{{inside}}}` has an unknown operator", "use :-, -, :?, ?, :+ or +")
    return _operated(name.group(), operator, rest[len(operator) :], variables)


def _operated(name: str, operator: str, other: str, variables: Mapping[str, str]) -> str:
    value = variables.get(name)
    there = bool(value) if operator.startswith(":") else value is not None
    if operator.endswith("+"):
        return text(other, variables) if there else ""
    if there:
        return str(value)
    if operator.endswith("-"):
        return text(other, variables)
    raise RefusalError(
        f"{name} is required: {text(other, variables)}", f"set compose.variables.{name} in the stack file"
    )


def _given(name: str, variables: Mapping[str, str]) -> str:
    if name not in variables:
        raise RefusalError(f"{name} is not given", f"set compose.variables.{name}, or write `${{{name}:-default}}`")
    return variables[name]
