"""Machines in a cloud: Longshore makes and replaces them, but starts or removes single ones in vCenter only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spec.errors import TargetError
from spec.target import vsphere_only

MACHINES = {
    "openstack:compute/instance:Instance": "openstack",
    "aws:ec2/instance:Instance": "aws",
    "gcp:compute/instance:Instance": "gcp",
    "azure-native:compute:VirtualMachine": "azure",
}
"""The type of each cloud's machines, and its kind of target."""
PACKAGES = {token.partition(":")[0]: kind for token, kind in MACHINES.items()}


def cloud_machines(deployment: Mapping[str, Any]) -> dict[str, str]:
    """Return the kind of target of each machine in a cloud that the state knows, by the node's name."""
    found = [each for each in deployment.get("resources", []) if each["type"] in MACHINES]
    return {each["urn"].rpartition("::")[2]: MACHINES[each["type"]] for each in found}


def refuse_half_made(stack: str, deployment: Mapping[str, Any]) -> None:
    """Raise TargetError when an interrupted update may have left something in a cloud: nobody here can look."""
    known = {resource["urn"] for resource in deployment.get("resources", [])}
    pending = [each["resource"] for each in deployment.get("pending_operations", []) if each["type"] == "creating"]
    left = [each for each in pending if each["type"].partition(":")[0] in PACKAGES and each["urn"] not in known]
    if left:
        kind = PACKAGES[left[0]["type"].partition(":")[0]]
        names = ", ".join(f"{each['urn'].rpartition('::')[2]} ({each['type'].rpartition(':')[2]})" for each in left)
        raise TargetError(
            f"stack {stack}",
            f"an interrupted update may have left {names}; removing it is for vsphere only, not {kind}",
            f"remove what is there in the cloud, then `longshore pulumi refresh -s {stack} --clear-pending-creates`",
        )


def refuse_start(kind: str, names: list[str]) -> TargetError:
    """Return what is said where machines would have to be started."""
    error = vsphere_only(kind, "starting a machine")
    return TargetError(", ".join(names), f"no answer, and {error.found}", "start it in the cloud, then try again")
