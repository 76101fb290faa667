"""Where the project is, its stack files, and the option that names a stack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parent.parent
"""The project folder, which holds Pulumi.yaml."""

Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack's name.")]


def stack_file(stack: str) -> Path:
    """Return the path of a stack's file."""
    return ROOT / "stacks" / f"Pulumi.{stack}.yaml"
