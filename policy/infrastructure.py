"""Policies on machines, disks and the Swarm's managers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy.rule import ADVICE, IN_PROD, PAST_DEV, UNKNOWN, Resource, at, items, policy

MACHINE = "vsphere:index/virtualMachine:VirtualMachine"
DISK = "vsphere:index/virtualDisk:VirtualDisk"
VCENTER = "pulumi:providers:vsphere"
VOLUME = "docker:index/volume:Volume"
NODE = "swarm:index:Node"
CLUSTER = "swarm:index:Cluster"
MOST_MANAGERS = 7


@policy(
    "data-protected",
    IN_PROD,
    DISK,
    VOLUME,
    MACHINE,
    fix="set `protect` on the resource, `keepOnRemove` on a machine's disk",
)
def data_protected(resource: Resource) -> Iterator[str]:
    """What holds data can't be deleted by mistake.

    A disk or a volume is protected; a machine's second disk and those after it stay when they are removed from it.
    """
    if resource.type != MACHINE and not resource.protect:
        yield "holds data and is not protected"
    for disk in items(at(resource.props, "disks"))[1:] if resource.type == MACHINE else ():
        if not at(disk, "keepOnRemove") and not at(disk, "attach"):
            yield f"disk {at(disk, 'label')} is deleted when it is removed from the machine"


@policy(
    "managers-odd",
    PAST_DEV,
    CLUSTER,
    fix="have 3, 5 or 7 managers",
    source="https://docs.docker.com/engine/swarm/admin_guide/#add-manager-nodes-for-fault-tolerance",
    stack_wide=True,
)
def managers_odd(resource: Resource) -> Iterator[str]:
    """A Swarm has an odd number of managers, and seven at most.

    An even one survives no more failures than the odd one below it, and is more likely to have one.
    """
    count = resource.around.managers
    if count and (count % 2 == 0 or count > MOST_MANAGERS):
        yield f"has {count} managers"


def managers(resources: Iterable[Resource]) -> int | None:
    """Return how many managers a stack has; None when that isn't known yet."""
    roles = [at(each.props, "role") for each in resources if each.type == NODE]
    return None if UNKNOWN in roles else roles.count("manager")


@policy("machine-tagged", ADVICE, MACHINE, fix="set tags, custom attributes or an annotation that names the owner")
def machine_tagged(resource: Resource) -> Iterator[str]:
    """A machine says whose it is.

    Somebody who finds it in vCenter has to know which stack it belongs to before he touches it.
    """
    if not any(at(resource.props, name) for name in ("tags", "customAttributes", "annotation")):
        yield "has no tag, custom attribute or annotation"


@policy("vcenter-verified", PAST_DEV, VCENTER, fix="trust the certificate's authority on the machine that runs Pulumi")
def vcenter_verified(resource: Resource) -> Iterator[str]:
    """vCenter's certificate is verified.

    Whoever stands between reads the service account's password otherwise.
    """
    if str(at(resource.props, "allowUnverifiedSsl")).lower() == "true":
        yield "accepts any certificate"
