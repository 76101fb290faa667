"""What a cut-off update left behind: machines that vCenter has and the state doesn't know.

Pulumi notes each create before it starts. When it is killed meanwhile, the note stays, the machine may exist under its
name, and every later update fails on that name. Such a machine never ran a service: nothing was told its address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import typer

from cli import pulumi
from cli.cloud_machines import refuse_half_made
from spec.errors import LongshoreError

MACHINE = "vsphere:index/virtualMachine:VirtualMachine"
READY = "swarm:index:ServiceReady"


@dataclass(frozen=True)
class HalfMade:
    """A machine whose creation was cut off."""

    urn: str
    name: str
    folder: str


def half_made(deployment: dict[str, Any]) -> list[HalfMade]:
    """Return the machines that the state calls pending and nothing else of the state knows."""
    known = {resource["urn"] for resource in deployment.get("resources", [])}
    pending = [each["resource"] for each in deployment.get("pending_operations", []) if each["type"] == "creating"]
    return [
        HalfMade(each["urn"], each["inputs"]["name"], each["inputs"]["folder"])
        for each in pending
        if each["type"] == MACHINE and each["urn"] not in known and each.get("inputs", {}).get("folder")
    ]


def unsettled(deployment: dict[str, Any]) -> list[str]:
    """Return the names of the services whose last rollout failed: what runs may not be what the state says."""
    failed = [each for each in deployment.get("resources", []) if each["type"] == READY and each.get("initErrors")]
    return [each["inputs"]["name"] for each in failed]


def recover(stack: str, deployment: dict[str, Any], yes: bool) -> None:
    """Remove half-made machines from the stack's own folder, and clear Pulumi's notes of them.

    Raises LongshoreError when the user doesn't agree, TargetError when vCenter refuses, or isn't where they are.
    """
    if not deployment.get("pending_operations"):
        return
    refuse_half_made(stack, deployment)
    machines = half_made(deployment)
    for machine in machines:
        typer.echo(f"an interrupted update left {machine.folder}/{machine.name} half-made: it will be removed")
    if machines and not yes and not typer.confirm("Remove them from vCenter?"):
        raise LongshoreError(f"stack {stack}", "half-made machines are in the way", "remove them, or agree here")
    if machines:
        from cli.vcenter import remove  # pyVmomi: half a second that no other command should pay

        remove(pulumi.config(stack)["longshore:target"], [f"{each.folder}/{each.name}" for each in machines])
    pulumi.clear_pending(stack)
