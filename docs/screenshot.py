"""Draw docs/status.svg from a real run: `python docs/screenshot.py` after `make up`."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from cli.status import report


def main() -> None:
    """Ask the lab's stack for its status and save what is printed as a picture."""
    console = Console(record=True, width=104, file=io.StringIO(), force_terminal=True)
    console.print("[bold]$ longshore status --stack lab[/bold]\n")
    report("lab", console)
    console.save_svg(str(Path(__file__).parent / "status.svg"), title="longshore")


main()
