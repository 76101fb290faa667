"""What a cut-off update left behind: machines that vCenter has and the state doesn't know.

Pulumi notes each create before it starts. When it is killed meanwhile, the note stays, the machine may exist under its
name, and every later update fails on that name. Such a machine never ran a service: nothing was told its address.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import typer
from pyVim.connect import SmartConnect
from pyVmomi import vim

from cli import pulumi
from spec.errors import LongshoreError, TargetError

MACHINE = "vsphere:index/virtualMachine:VirtualMachine"


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


def recover(stack: str, yes: bool) -> None:
    """Remove half-made machines from the stack's own folder, and clear Pulumi's notes of them.

    Raises LongshoreError when the user doesn't agree, TargetError when vCenter refuses.
    """
    deployment = pulumi.export(stack).get("deployment") or {}
    if not deployment.get("pending_operations"):
        return
    machines = half_made(deployment)
    for machine in machines:
        typer.echo(f"an interrupted update left {machine.folder}/{machine.name} half-made: it will be removed")
    if machines and not yes and not typer.confirm("Remove them from vCenter?"):
        raise LongshoreError(f"stack {stack}", "half-made machines are in the way", "remove them, or agree here")
    if machines:
        target = pulumi.config(stack)["longshore:target"]
        with _vcenter(target) as content:
            for machine in machines:
                _remove(content, f"{target['datacenter']}/vm/{machine.folder}/{machine.name}")
    pulumi.clear_pending(stack)


@contextmanager
def _vcenter(target: dict[str, Any]) -> Iterator[Any]:
    host, _, port = target["server"].partition(":")
    trust = ssl.create_default_context()
    if target.get("allow_unverified_ssl"):
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    connect: Any = SmartConnect
    try:
        session = connect(
            host=host, port=int(port or 443), user=target["user"], pwd=target["password"], sslContext=trust
        )
    except (vim.fault.InvalidLogin, OSError) as error:
        raise TargetError(f"vCenter {target['server']}", str(error), "check server, user and password") from None
    try:
        yield session.RetrieveContent()
    finally:
        session.RetrieveContent().sessionManager.Logout()


def _remove(content: Any, path: str) -> None:
    machine: Any = content.searchIndex.FindByInventoryPath(path)
    if machine is None:
        return
    with suppress(vim.fault.InvalidPowerState):  # off already
        _finish(machine.PowerOffVM_Task())
    _finish(machine.Destroy_Task())


def _finish(task: Any) -> None:
    """Wait for a task; raise its fault when it failed."""
    while task.info.state in (vim.TaskInfo.State.queued, vim.TaskInfo.State.running):
        time.sleep(0.5)
    if task.info.error:
        raise task.info.error
