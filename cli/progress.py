"""How long steps are told of on the terminal: each line with the seconds passed."""

from __future__ import annotations

import time
from collections.abc import Callable

import typer


def progress() -> Callable[[str], None]:
    """Return what prints a line; its clock starts now."""
    start = time.monotonic()
    return lambda line: typer.echo(f"[{time.monotonic() - start:6.1f}s] {line}")
