"""What a pipeline's variables say about where a report goes."""

from __future__ import annotations

from collections.abc import Mapping

from review.publish.comment import Order
from spec.errors import ReviewError


def needed(environment: Mapping[str, str], name: str, what: str) -> str:
    """Return a variable's value. Raises ReviewError when it is missing or empty."""
    value = environment.get(name, "").strip()
    if not value:
        raise ReviewError(name, "is not set", f"set it to {what}")
    return value


def number(text: str, otherwise: str) -> int:
    """Return the number of a pull request. Raises ReviewError when it is none."""
    if not (text.isdecimal() and int(text)):
        raise ReviewError("pull request", otherwise, "name it: --pr NUMBER")
    return int(text)


def order(environment: Mapping[str, str], *names: str) -> Order:
    """Return the numbers by which a platform counts its runs; () when this is none of its runs."""
    values = [environment.get(name, "") for name in names]
    return tuple(map(int, values)) if all(value.isdecimal() for value in values) else ()
