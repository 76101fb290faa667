"""Where the project is, and its stack files."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The project folder, which holds Pulumi.yaml."""


def stack_file(stack: str) -> Path:
    """Return the path of a stack's file."""
    return ROOT / "stacks" / f"Pulumi.{stack}.yaml"
