"""`longshore backup|restore`: what the managers know, in an encrypted file, and back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cli import pulumi
from cli.cloud_machines import cloud_machines, refuse_start
from cli.engine import apply
from cli.revive import machine_paths, silent_nodes, start_machines
from cli.root import Stack
from spec.errors import LongshoreError, SwarmError
from upkeep import archive
from upkeep.backup import backup as copy
from upkeep.nodes import member_urns
from upkeep.reach import Outputs, call
from upkeep.restore import restore as start_anew

VARIABLE = "LONGSHORE_BACKUP_PASSPHRASE"
File = Annotated[Path, typer.Argument(help="The backup, an age file that is readable by its owner only.")]
Maybe = Annotated[Path | None, typer.Argument(help="The backup; without one, a manager that survived.")]
Phrase = Annotated[
    Path | None, typer.Option(help=f"A file that holds the passphrase; else {VARIABLE}, else you are asked.")
]
Interrupt = Annotated[bool, typer.Option("--interrupt", help="Stop the only manager for the copy.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]


def backup(file: File, stack: Stack = "lab", passphrase_file: Phrase = None, interrupt: Interrupt = False) -> None:
    """Copy a manager's Raft data, with every secret and the Swarm's keys, encrypted, while the others decide."""
    if file.exists():
        raise SwarmError(str(file), "exists already", "choose another name: a backup is never overwritten")
    phrase = passphrase(passphrase_file, confirm=True)
    manifest, data = copy(pulumi.outputs(stack)["cluster"], call(), typer.echo, interrupt)
    archive.save(file, archive.seal(archive.pack(manifest, data), phrase))
    typer.echo(f"{file}: {manifest.cluster}, taken from {manifest.node} at {manifest.time}")


def restore(file: Maybe = None, stack: Stack = "lab", passphrase_file: Phrase = None, yes: Yes = False) -> None:
    """Start the Swarm anew when its quorum is lost for good, then join everybody else again by `up`."""
    found = _opened(file, passphrase_file) if file else None
    cluster, deployment = pulumi.outputs(stack)["cluster"], pulumi.deployment(stack)
    source = f"the backup of {found[0].node}, {found[0].time}" if found else "a manager that survived"
    typer.echo(f"the Swarm of {cluster['name']} will start anew from {source}")
    if not yes:
        typer.confirm("Whatever the managers have learned since is lost. Go on?", abort=True)
    _refuse_silent(cluster, cloud_machines(deployment))
    _start_silent(stack, cluster, machine_paths(deployment))
    start_anew(cluster, call(), found, typer.echo)
    names = [name for name, node in cluster["nodes"].items() if node["role"] == "manager"]
    targets = [flag for urn in member_urns(deployment, names) for flag in ("--target", urn)]
    if pulumi.run(stack, ["refresh", "--stack", stack, "--yes", *targets]):
        raise LongshoreError(f"stack {stack}", "the state can't be refreshed", "mend that, then run `longshore up`")
    apply(stack, refresh=False, yes=yes)


def _opened(file: Path, passphrase_file: Path | None) -> tuple[archive.Manifest, bytes]:
    sealed = archive.load(file)
    return archive.unpack(archive.unseal(sealed, passphrase(passphrase_file, confirm=False), str(file)), str(file))


def passphrase(file: Path | None, confirm: bool) -> str:
    """Return the backup's passphrase, never from the command line. Raises SwarmError when it is empty."""
    try:
        given = file.read_text().strip("\r\n") if file else os.environ.get(VARIABLE)
    except OSError as error:
        raise SwarmError(
            str(file), f"can't be read: {error.strerror}", "name a file that holds the passphrase"
        ) from None
    phrase = given if given is not None else typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm)
    if not phrase:
        raise SwarmError("passphrase", "is empty", "the backup holds every secret of the Swarm: choose a long one")
    return str(phrase)


def _refuse_silent(cluster: Outputs, elsewhere: dict[str, str]) -> None:
    managers = [name for name, node in cluster["nodes"].items() if node["role"] == "manager" and name in elsewhere]
    if silent := silent_nodes(cluster, managers):
        raise refuse_start(elsewhere[silent[0]], silent)


def _start_silent(stack: str, cluster: Outputs, paths: dict[str, str]) -> None:
    managers = [name for name, node in cluster["nodes"].items() if node["role"] == "manager" and name in paths]
    silent = silent_nodes(cluster, managers)
    if silent:
        typer.echo(f"{', '.join(silent)}: no answer; vCenter starts them")
        start_machines(stack, cluster, {name: paths[name] for name in silent}, members=False)
