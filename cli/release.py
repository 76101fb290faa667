"""`longshore release`: one release, environment by environment."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.release_apply import apply, verify
from cli.release_audit import audit
from cli.release_cut import cut
from cli.release_diff import diff
from cli.release_freeze import approve, freeze, unfreeze
from cli.release_gates import gates
from cli.release_log import log
from cli.release_promote import promote
from cli.release_rollback import hotfix, rollback
from cli.release_status import status
from release.schema import Noun
from release.schema import schema as render

release = typer.Typer(help="One release, environment by environment.", no_args_is_help=True)
VERBS = (
    cut,
    promote,
    gates,
    approve,
    apply,
    verify,
    rollback,
    hotfix,
    status,
    diff,
    freeze,
    unfreeze,
    log,
    audit,
)
for verb in VERBS:
    release.command()(verb)


@release.command()
def schema(of: Annotated[Noun, typer.Argument(help="Of what.")]) -> None:
    """Print the JSON schema of a release, of the environments, or of a line of the log."""
    typer.echo(render(of), nl=False)
