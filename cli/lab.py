"""`longshore lab`: the rehearsal on one machine, with no vCenter and no account."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import Annotated

import typer
from rich.table import Table

from cli.console import console
from cli.lab_openstack import openstack
from cli.progress import progress
from lab import rehearsal
from lab.environment import environment
from lab.toolchain import examine

lab = typer.Typer(help="A vCenter simulator, nodes that boot and a registry, on this machine.", no_args_is_help=True)
lab.add_typer(openstack, name="openstack")


@lab.command()
def up() -> None:
    """Start the lab; what runs already is left alone."""
    rehearsal.up(progress())


@lab.command()
def down() -> None:
    """Stop and remove exactly what `up` started."""
    rehearsal.down(progress())


@lab.command()
def status() -> None:
    """Show the lab's parts and whether they run."""
    table = Table("part", "state", "detail")
    for part in rehearsal.status():
        table.add_row(part.name, part.state, part.detail)
    console().print(table)


@lab.command()
def doctor() -> None:
    """Say what was found, what would be used, and what is missing."""
    findings = examine()
    table = Table("part", "verdict", "detail")
    for finding in findings:
        table.add_row(finding.part, "ok" if finding.ok else "missing", finding.detail)
    console().print(table)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(8)


@lab.command()
def env() -> None:
    """Print the lab's environment, for `eval "$(longshore lab env)"`."""
    for key, value in environment().items():
        typer.echo(f"export {key}={shlex.quote(value)}")


@lab.command()
def shell() -> None:
    """Open a shell in which pulumi, docker and ssh speak to the lab."""
    command = os.environ.get("SHELL", "/bin/sh")
    raise typer.Exit(subprocess.run([command], env={**os.environ, **environment()}, check=False).returncode)


@lab.command()
def logs(part: Annotated[str, typer.Argument(help="engine, simulator, registry or openstack.")] = "simulator") -> None:
    """Print a part's log."""
    typer.echo(rehearsal.log(part))
