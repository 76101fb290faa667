"""`longshore check` and `longshore schema`: a stack file without any engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.root import stack_file
from spec.load import check_file
from spec.schema import schema as render

Stack = Annotated[str, typer.Argument(help="The stack's name, such as dev.")]


def check(stack: Stack) -> None:
    """Check a stack file: every problem at once, with where and what to do."""
    file = stack_file(stack)
    spec = check_file(file, warn=lambda text: typer.echo(f"warning: {text}", err=True))
    managers, workers = spec.cluster.count("manager"), spec.cluster.count("worker")
    typer.echo(f"stacks/{file.name}: ok ({managers} managers, {workers} workers, {len(spec.services)} services)")


def schema(output: Annotated[Path | None, typer.Option(help="Write it there.")] = None) -> None:
    """Print the JSON schema of stack files."""
    if output is None:
        typer.echo(render(), nl=False)
    else:
        output.write_text(render())
