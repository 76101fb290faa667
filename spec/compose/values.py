"""Single values of compose files, as the stack file writes them."""

from __future__ import annotations

import re
import shlex
from typing import Any

MIB = 1024**2
UNITS = {"b": 1, "k": 1024, "kb": 1024, "m": MIB, "mb": MIB, "g": 1024 * MIB, "gb": 1024 * MIB}


def size(value: Any) -> str:
    """Return a byte size (`512M`, `1g`, bytes) in whole MiB, rounded up (compose-spec, 11-extension: byte values).

    Raises ValueError when it is none.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", str(value).strip().lower())
    if not found or (found.group(2) or "b") not in UNITS:
        raise ValueError(f"{value!r} is no byte size")
    amount = float(found.group(1)) * UNITS[found.group(2) or "b"]
    return f"{max(1, -(-int(amount) // MIB))} MiB"


def words(value: Any) -> list[str]:
    """Return a command as a list; a text is split as a shell would (compose-spec, command)."""
    return [str(each) for each in value] if isinstance(value, list) else shlex.split(str(value))


def text(value: Any) -> str:
    """Return a scalar as the container sees it: YAML's true is `true`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def listed(value: Any) -> list[str]:
    """Return one text or a list of them as a list."""
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def octal(mode: Any) -> str:
    """Return a file mode as four octal digits; `0440` without quotes is read as the number 440 (YAML 1.2)."""
    return f"0{int(str(mode), 8):03o}"
