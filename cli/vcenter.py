"""vCenter itself, for what Pulumi can't do: removing or starting a machine, and naming hosts and datastores."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pyVmomi import vim, vmodl

from components.targets.vsphere.session import connected
from spec.errors import TargetError


def remove(target: dict[str, Any], machines: list[str]) -> None:
    """Power off and remove machines, given as `folder/name` below the datacenter's VM folder.

    `target` is the stack's, its password decrypted. Raises TargetError when vCenter refuses.
    """
    _each(target, machines, _remove, "remove it in vCenter")


def start(target: dict[str, Any], machines: list[str]) -> None:
    """Power on machines, given as `folder/name`; reset those that are on although they don't answer.

    `target` is the stack's, its password decrypted. Raises TargetError when vCenter refuses, or has no such machine.
    """
    _each(target, machines, _start, "look at it in vCenter")


def _each(target: dict[str, Any], machines: list[str], act: Callable[[Any, str], None], fix: str) -> None:
    unverified = bool(target.get("allow_unverified_ssl"))
    with connected(target["server"], target["user"], target["password"], unverified) as session:
        content = session.RetrieveContent()
        for machine in machines:
            try:
                act(content, f"{target['datacenter']}/vm/{machine}")
            except vmodl.MethodFault as error:
                fault: Any = error
                raise TargetError(machine, str(fault.msg), f"{fix}, then run `longshore up`") from None


def place_names(target: dict[str, Any]) -> dict[str, str]:
    """Return the names of all hosts and datastores by their identifiers. Raises TargetError when vCenter refuses."""
    unverified = bool(target.get("allow_unverified_ssl"))
    with connected(target["server"], target["user"], target["password"], unverified) as session:
        content = session.RetrieveContent()
        kinds = [vim.HostSystem, vim.Datastore]
        view = content.viewManager.CreateContainerView(content.rootFolder, kinds, True)
        try:
            return {each._moId: each.name for each in view.view}
        finally:
            view.Destroy()


def _remove(content: Any, path: str) -> None:
    machine: Any = content.searchIndex.FindByInventoryPath(path)
    if machine is None:
        return
    with suppress(vim.fault.InvalidPowerState):  # off already
        finish(machine.PowerOffVM_Task())
    finish(machine.Destroy_Task())


def _start(content: Any, path: str) -> None:
    machine: Any = content.searchIndex.FindByInventoryPath(path)
    if machine is None:
        fix = "if it is lost for good, raise its `generations` entry in the stack file, then run `longshore up`"
        raise TargetError(path, "vCenter has no such machine", fix)
    try:
        finish(machine.PowerOnVM_Task())
    except vim.fault.InvalidPowerState:  # on already: it hangs
        finish(machine.ResetVM_Task())


def finish(task: Any) -> None:
    """Wait for a task. Raises its fault when it failed."""
    while task.info.state in (vim.TaskInfo.State.queued, vim.TaskInfo.State.running):
        time.sleep(0.5)
    if task.info.error:
        raise task.info.error
