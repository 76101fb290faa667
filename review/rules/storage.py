"""What becomes of data: disks, datastores, nodes that hold state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from review.model import Resource
from review.paths import lookup, shape
from review.reasons import because, past
from review.rules.registry import Finding, each, rule
from review.view import SERVICE, VM, Node, View, changed, inputs, listed

DISK_DOCS = "https://github.com/vmware/terraform-provider-vsphere/blob/main/docs/resources/virtual_disk.md"
VM_DOCS = "https://github.com/vmware/terraform-provider-vsphere/blob/main/docs/resources/virtual_machine.md"
DISK = "vsphere:index/virtualDisk:VirtualDisk"
SNAPSHOT = "vsphere:index/virtualMachineSnapshot:VirtualMachineSnapshot"
STATEFUL = {"stateful", "storage", "database", "db", "data"}
SNAPSHOT_DAYS = 3


@rule("STATEFUL-NODE-REPLACED")
def stateful_node(view: View) -> Iterator[Finding]:
    """A machine with data on its own disks is destroyed.

    It is labelled stateful, has a data disk that goes with it, or runs a service with a local volume bound to it.
    """
    nodes = {node.machine.urn: node for node in view.nodes if node.machine}
    for machine in view.going(VM):
        held = _holds(machine, nodes.get(machine.urn), view)
        if held:
            yield Finding(
                f"`{machine.name}` is {past(machine)} and holds data: {held}.",
                (machine,),
                why=because(machine),
                do="back the data up and restore it, or move it to a disk that outlives the machine",
            )


@rule("DISK-DESTROYED", DISK_DOCS)
def disk_destroyed(view: View) -> Iterator[Finding]:
    """A virtual disk is destroyed.

    A disk taken out of a machine's list is deleted unless `keepOnRemove` is set; a renamed label is a disk removed and
    another one added. A stand-alone disk is replaced for its type, path, adapter or datacenter.
    """
    for disk in view.going(DISK):
        if not disk.options_before.retain and not changed(disk, "datastore"):
            yield Finding(f"disk `{disk.name}` is {past(disk)} with its data.", (disk,), why=because(disk))
    for machine in view.updated(VM):
        for label in _removed(machine):
            yield Finding(
                f"disk `{label}` of `{machine.name}` is taken out and deleted.",
                (machine,),
                do="set keep_on_remove, or keep the disk's label",
            )


@rule("DISK-SHRINK", VM_DOCS)
def disk_shrink(view: View) -> Iterator[Finding]:
    """A disk is made smaller.

    vSphere can't shrink a disk; the update fails halfway.
    """
    for machine in view.updated(VM, DISK):
        for change in machine.changes:
            smaller = _smaller(change.before, change.after)
            if shape(change.path) in ("disks[].size", "size") and smaller:
                yield Finding(f"`{machine.name}`: `{change.path}` {change.before} → {change.after} GiB.", (machine,))


@rule("VIRTUALDISK-DATASTORE", DISK_DOCS)
def disk_moved(view: View) -> Iterator[Finding]:
    """A stand-alone disk is given another datastore.

    It isn't moved: it is destroyed there and made empty here.
    """

    def says(disk: Resource) -> Finding | None:
        if not changed(disk, "datastore"):
            return None
        return Finding(
            f"disk `{disk.name}` is destroyed and made empty on another datastore.",
            (disk,),
            do="move it by hand (storage vMotion, vmkfstools), then import it",
        )

    yield from each(view.going(DISK), says)


@rule("DATASTORE-MOVE", VM_DOCS)
def datastore_move(view: View) -> Iterator[Finding]:
    """A machine moves to another datastore while it runs.

    A storage vMotion of all its disks; it fails after `migrateWaitTimeout` (10 minutes unless set). Attached disks
    can't move.
    """

    def says(machine: Resource) -> Finding | None:
        moved = changed(machine, "datastoreId", "datastoreClusterId", "disks[].datastoreId")
        if not moved:
            return None
        size, minutes = _size(machine), lookup(inputs(machine), "migrateWaitTimeout") or 10
        return Finding(
            f"`{machine.name}` moves to another datastore: {size} GiB within {minutes} min.",
            (machine,),
            why=", ".join(f"`{change.path}`" for change in moved),
            do="raise migrate_wait_timeout to what the disks need",
        )

    yield from each(view.updated(VM), says)


@rule("SNAPSHOT-OLD", "https://knowledge.broadcom.com/external/article/318825")
def snapshot_old(view: View) -> Iterator[Finding]:
    """A snapshot is older than three days.

    It grows with every write, and its machine's disks can't be resized while it exists. Its age is known when the state
    was read.
    """

    def says(snapshot: Resource) -> Finding | None:
        days = _age(snapshot, view)
        text = f"snapshot `{snapshot.name}` is {days} days old."
        return Finding(text, (snapshot,), do="delete it") if days > SNAPSHOT_DAYS and not snapshot.goes else None

    yield from each(view.of(SNAPSHOT), says)


def _holds(machine: Resource, node: Node | None, view: View) -> str:
    data = [str(disk.get("label") or "(no label)") for disk in _disks(machine)[1:] if not _outlives(disk)]
    if data:
        return f"data disk {', '.join(data)}"
    if node is None:
        return ""
    labels = [key for key, value in node.labels.items() if {key, str(value)} & STATEFUL and str(value) != "false"]
    if labels:
        return f"label `{labels[0]}={node.labels[labels[0]]}`"
    bound = [service.name for service in view.of(SERVICE) if _is_bound(service, node)]
    return f"local volumes of service {', '.join(bound)}" if bound else ""


def _is_bound(service: Resource, node: Node) -> bool:
    """Say whether a service keeps a volume on this very node."""
    spec = inputs(service)
    mounts = listed(spec, "taskSpec.containerSpec.mounts")
    constraints = listed(spec, "taskSpec.placement.constraints")
    local = any(isinstance(mount, dict) and mount.get("type") == "volume" for mount in mounts)
    return local and any(_names(str(each), node) for each in constraints)


def _names(constraint: str, node: Node) -> bool:
    match = re.fullmatch(r"\s*node\.(?:hostname|labels\.(?P<label>[\w.-]+))\s*==\s*(?P<value>\S+)\s*", constraint)
    if match is None:
        return False
    return match["value"] == (str(node.labels.get(match["label"])) if match["label"] else node.name)


def _disks(machine: Resource) -> list[dict[str, Any]]:
    return [disk for disk in listed(inputs(machine), "disks") if isinstance(disk, dict)]


def _outlives(disk: dict[str, Any]) -> bool:
    return disk.get("keepOnRemove") is True or disk.get("attach") is True


def _removed(machine: Resource) -> list[str]:
    after = lookup(machine.after, "disks")
    if after is not None and not isinstance(after, list):
        return []
    kept = {disk.get("label") for disk in after or () if isinstance(disk, dict)}
    gone = [disk for disk in _disks(machine) if disk.get("label") not in kept and not _outlives(disk)]
    return [str(disk.get("label") or "(no label)") for disk in gone] if changed(machine, "disks", "disks[]") else []


def _size(machine: Resource) -> int:
    return sum(int(disk["size"]) for disk in _disks(machine) if isinstance(disk.get("size"), int | float))


def _smaller(before: Any, after: Any) -> bool:
    return isinstance(before, int | float) and isinstance(after, int | float) and after < before


def _age(snapshot: Resource, view: View) -> int:
    try:
        return (view.surroundings.today - datetime.fromisoformat(snapshot.created).date()).days
    except ValueError:
        return 0
