"""`longshore lab openstack`: a real OpenStack beside the lab, for stacks whose machines come from one."""

from __future__ import annotations

import typer

from cli.progress import progress
from lab.openstack import rehearsal

openstack = typer.Typer(help="OpenStack's own services, in one container of the lab.", no_args_is_help=True)


@openstack.command()
def up() -> None:
    """Start OpenStack; what runs already is left alone."""
    rehearsal.up(progress())


@openstack.command()
def down() -> None:
    """Stop and remove OpenStack, and all that was made in it; the rest of the lab stays."""
    rehearsal.down(progress())
