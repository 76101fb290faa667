"""Draw docs/up.svg from a real run: `python docs/screenshot.py` after `make up`."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).parent


def main() -> None:
    """Run `longshore up` on the lab's stack and save what it prints as a picture."""
    command = [sys.executable, "-m", "cli", "up", "--stack", "lab", "--yes"]
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": "110"}
    done = subprocess.run(command, cwd=DOCS.parent, env=environment, capture_output=True, text=True, check=True)
    console = Console(record=True, width=110, file=io.StringIO())
    console.print(Text("$ longshore up --stack lab --yes", style="bold"))
    console.print(Text.from_ansi(done.stdout))
    console.save_svg(str(DOCS / "up.svg"), title="longshore")


main()
