"""Where machines run and how they are connected."""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.model import Resource
from review.paths import lookup, shape
from review.reasons import past
from review.rules.registry import Finding, each, rule
from review.view import VM, View, changed

RULE_DOCS = "https://github.com/vmware/terraform-provider-vsphere/blob/main/docs/resources/compute_cluster_vm_anti_affinity_rule.md"
VM_DOCS = "https://github.com/vmware/terraform-provider-vsphere/blob/main/docs/resources/virtual_machine.md"
ANTI_AFFINITY = (
    "vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule",
    "vsphere:index/datastoreClusterVmAntiAffinityRule:DatastoreClusterVmAntiAffinityRule",
)
ENDED_GUESTS = re.compile(r"(?i)(debian([4-9]|10)_|centos[678]?_|centos_?64|rhel[4-6]_|ubuntu(12|14|16|18)|sles1[01]_)")
"""Guest identifiers of systems that get no security fixes any more."""


@rule("HOST-MOVE", VM_DOCS)
def host_move(view: View) -> Iterator[Finding]:
    """A machine moves to another host or resource pool.

    A vMotion; it may end up on the host of another one that it should be apart from.
    """

    def says(machine: Resource) -> Finding | None:
        moved = changed(machine, "hostSystemId", "resourcePoolId")
        if not moved:
            return None
        paths = ", ".join(f"`{change.path}`" for change in moved)
        return Finding(f"`{machine.name}` moves while running: {paths}.", (machine,))

    yield from each(view.updated(VM), says)


@rule("ANTIAFFINITY-REMOVED", RULE_DOCS)
def anti_affinity(view: View) -> Iterator[Finding]:
    """A rule that keeps machines apart is removed, or loses members.

    One failing host may then take several managers or replicas with it.
    """
    for gone in view.going(*ANTI_AFFINITY):
        yield Finding(f"the rule `{gone.name}` that keeps machines apart is {past(gone)}.", (gone,))
    for rule_ in view.updated(*ANTI_AFFINITY):
        before, after = (lookup(side, "virtualMachineIds") for side in (rule_.before, rule_.after))
        if isinstance(before, list) and isinstance(after, list) and len(after) < len(before):
            yield Finding(f"`{rule_.name}` keeps {len(after)} machines apart instead of {len(before)}.", (rule_,))


@rule("NIC-CHANGED", VM_DOCS)
def nic_changed(view: View) -> Iterator[Finding]:
    """A network interface is removed, or gets another network or adapter.

    The machine may drop off the network, and reboots where VMware Tools does not run.
    """

    def says(machine: Resource) -> Finding | None:
        watched = ("networkInterfaces[].networkId", "networkInterfaces[].adapterType")
        whole = ("networkInterfaces", "networkInterfaces[]")
        gone = [each for each in machine.changes if each.kind == "delete" and shape(each.path) in whole]
        found = [*changed(machine, *watched), *gone]
        if not found:
            return None
        paths = ", ".join(f"`{change.path}`" for change in found)
        return Finding(f"`{machine.name}`: a network interface changes ({paths}).", (machine,))

    yield from each(view.updated(VM), says)


@rule("TEMPLATE-EOL", "https://endoflife.date/")
def template_ended(view: View) -> Iterator[Finding]:
    """A machine is made from a system that gets no security fixes any more.

    Told by the guest identifier, so a template that calls itself "other" is not seen.
    """

    def says(machine: Resource) -> Finding | None:
        guest = str(lookup(machine.after, "guestId") or "")
        return Finding(f"`{machine.name}`: `{guest}` gets no security fixes.", (machine,)) if _ended(guest) else None

    yield from each(view.coming(VM), says)


def _ended(guest: str) -> bool:
    return ENDED_GUESTS.match(guest) is not None
