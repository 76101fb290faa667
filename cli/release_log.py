"""`longshore release log`: what happened, environment by environment."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from cli.console import console
from cli.release_common import Json, chosen, project, put
from cli.root import ROOT
from release.log import read
from release.told import told

Which = Annotated[str | None, typer.Argument(metavar="[ENVIRONMENT]", help="By default all of them.")]
Last = Annotated[int, typer.Option("--last", "-n", min=1, help="How many records, the newest.")]


def log(environment: Which = None, last: Last = 50, as_json: Json = False) -> None:
    """Show who did what, when: promotions, approvals, updates, verifications, freezes, overrides."""
    _, known = project()
    every = [(name, each) for name in chosen(known, environment) for each in read(ROOT, name)]
    shown = sorted(every, key=lambda each: each[1].at)[-last:]
    if as_json:
        put([{"environment": name, **each.model_dump(mode="json", exclude_none=True)} for name, each in shown])
        return
    table = Table("when (UTC)", "environment", "who", "what", box=None, pad_edge=False)
    for name, each in shown:
        table.add_row(f"{each.at:%Y-%m-%d %H:%M:%S}", name, each.by, told(each))
    if shown:
        console().print(table, markup=False)
    else:
        typer.echo("nothing has happened yet")
