"""vCenter itself, for what Pulumi can't do: removing a machine it doesn't know, and naming hosts and datastores."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pyVim.connect import SmartConnect
from pyVmomi import vim, vmodl

from spec.errors import TargetError


def remove(target: dict[str, Any], machines: list[str]) -> None:
    """Power off and remove machines, given as `folder/name` below the datacenter's VM folder.

    `target` is the stack's, its password decrypted. Raises TargetError when vCenter refuses.
    """
    with _connected(target) as content:
        for machine in machines:
            try:
                _remove(content, f"{target['datacenter']}/vm/{machine}")
            except vmodl.MethodFault as error:
                fault: Any = error
                raise TargetError(machine, str(fault.msg), "remove it in vCenter, then run `longshore up`") from None


def place_names(target: dict[str, Any]) -> dict[str, str]:
    """Return the names of all hosts and datastores by their identifiers. Raises TargetError when vCenter refuses."""
    with _connected(target) as content:
        kinds = [vim.HostSystem, vim.Datastore]
        view = content.viewManager.CreateContainerView(content.rootFolder, kinds, True)
        try:
            return {each._moId: each.name for each in view.view}
        finally:
            view.Destroy()


@contextmanager
def _connected(target: dict[str, Any]) -> Iterator[Any]:
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
        reason = str(getattr(error, "msg", error))
        raise TargetError(f"vCenter {target['server']}", reason, "check server, user and password") from None
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
    """Wait for a task. Raises its fault when it failed."""
    while task.info.state in (vim.TaskInfo.State.queued, vim.TaskInfo.State.running):
        time.sleep(0.5)
    if task.info.error:
        raise task.info.error
