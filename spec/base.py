"""The base of every model a user may write: strict, frozen, and silent about values it refuses."""

from __future__ import annotations

import math
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ByteSize, ConfigDict, Field, WithJsonSchema


class Spec(BaseModel):
    """A part of a stack file. Unknown keys are refused; a refused value is never echoed (it may be a secret)."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )


MIB = 1024**2
GIB = 1024**3


def _whole_mebibytes(size: ByteSize) -> ByteSize:
    if size % MIB:
        raise ValueError("must be a whole number of MiB with its unit, such as 512 MiB or 4 GiB")
    return size


Quantity = Annotated[
    ByteSize,
    AfterValidator(_whole_mebibytes),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d+(\.\d+)? ?(MiB|GiB|TiB|MB|GB|TB)$",
            "examples": ["512 MiB", "4 GiB"],
        }
    ),
]
"""Memory or disk, written with its unit (`4 GiB`); in bytes once parsed."""

Name = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$")]
"""A DNS label: lower-case letters, digits and inner dashes (RFC 1123), starting with a letter."""

Duration = Annotated[str, Field(pattern=r"^(\d+(ms|s|m|h))+$", examples=["10s", "1m30s"])]
"""A duration as Docker writes it: `10s`, `1m30s`."""

SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def whole_seconds(duration: str) -> int:
    """Return a Duration in seconds, rounded up."""
    parts = re.findall(r"(\d+)(ms|s|m|h)", duration)
    return math.ceil(sum(int(number) * SECONDS[unit] for number, unit in parts))
