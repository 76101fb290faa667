"""The base of every model a user may write: strict, frozen, and silent about values it refuses."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ByteSize, ConfigDict, Field, WithJsonSchema


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
_QUANTITY = r"\d+(\.\d+)? ?(MiB|GiB|TiB)"
_MEBIBYTES = "must be a whole number of MiB with its unit, such as 512 MiB or 4 GiB"


def _with_its_unit(value: Any) -> Any:
    """Refuse what pydantic would read half of, such as `4 GiB or so`."""
    if isinstance(value, str) and not re.fullmatch(_QUANTITY, value):
        raise ValueError(_MEBIBYTES)
    return value


def _whole_mebibytes(size: ByteSize) -> ByteSize:
    if size % MIB or not size:
        raise ValueError(_MEBIBYTES)
    return size


def _whole_gibibytes(size: ByteSize) -> ByteSize:
    if size % GIB:
        raise ValueError("must be a whole number of GiB with its unit, such as 40 GiB")
    return size


Quantity = Annotated[
    ByteSize,
    BeforeValidator(_with_its_unit),
    AfterValidator(_whole_mebibytes),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{_QUANTITY}$",
            "examples": ["512 MiB", "4 GiB"],
        }
    ),
]
"""Memory or disk, written with its unit (`4 GiB`); in bytes once parsed."""

DiskSize = Annotated[Quantity, AfterValidator(_whole_gibibytes)]
"""A disk's size: vSphere takes whole GiB only."""

Name = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$")]
"""A DNS label: lower-case letters, digits and inner dashes (RFC 1123), starting with a letter."""

Duration = Annotated[str, Field(pattern=r"^(\d+(ms|s|m|h))+$", examples=["10s", "1m30s"])]
"""A duration as Docker writes it: `10s`, `1m30s`."""

SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def whole_seconds(duration: str) -> int:
    """Return a Duration in seconds, rounded up."""
    parts = re.findall(r"(\d+)(ms|s|m|h)", duration)
    return math.ceil(sum(int(number) * SECONDS[unit] for number, unit in parts))
