"""Where tables go: the terminal as wide as it is, a pipe wide enough for every row."""

from __future__ import annotations

import sys

from rich.console import Console


def console() -> Console:
    """Return the console that tables are printed on."""
    return Console() if sys.stdout.isatty() else Console(width=200)
