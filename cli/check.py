"""`longshore check` and `longshore schema`: a stack file without any engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.root import stack_file
from spec.errors import LongshoreError
from spec.load import check_any
from spec.schema import schema as render
from spec.stack import ServicesSpec

Stack = Annotated[str, typer.Argument(help="The stack's name, such as dev.")]


def check(stack: Stack) -> None:
    """Check a stack file: every problem at once, with where and what to do."""
    file = stack_file(stack)
    spec = check_any(file, warn=lambda text: typer.echo(f"warning: {text}", err=True))
    if isinstance(spec, ServicesSpec):
        where = f"on {spec.platform}"
    else:
        where = f"{spec.cluster.count('manager')} managers, {spec.cluster.count('worker')} workers"
    typer.echo(f"stacks/{file.name}: ok ({where}, {len(spec.services)} services)")


def schema(output: Annotated[Path | None, typer.Option(help="Write it there.")] = None) -> None:
    """Print the JSON schema of stack files."""
    if output is None:
        typer.echo(render(), nl=False)
        return
    try:
        output.write_text(render())
    except OSError as error:
        raise LongshoreError(str(output), f"can't be written: {error.strerror}", "name a file in a folder") from None
