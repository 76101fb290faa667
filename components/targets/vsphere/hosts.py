"""How many hosts a strict rule has to work with: no look-up of the vSphere provider tells."""

from __future__ import annotations

import pulumi

from spec.errors import TargetError
from spec.targets.vsphere import VsphereTarget


def enough(hosts: int, machines: int, where: str) -> bool:
    """Return True when a mandatory rule leaves a host for maintenance (cloudfoundry bosh-vsphere-cpi-release#223).

    Raises TargetError when it doesn't: no host could then be emptied, and after a failure a machine not be restarted.
    """
    if hosts <= machines:
        found = f"{machines} machines on different hosts need {machines + 1} hosts; the cluster has {hosts}"
        raise TargetError(where, found, "leave mandatory out, run fewer machines, or add hosts")
    return True


def if_enough(target: VsphereTarget, cluster_id: str, machines: int, where: str) -> pulumi.Output[bool]:
    """Return True once the cluster is seen to have hosts enough; else the program ends there, in a preview already."""

    def decide(password: str) -> bool:
        try:
            return enough(count(target, cluster_id, password), machines, where)
        except TargetError as error:
            raise pulumi.RunError(str(error)) from None

    return pulumi.Output.unsecret(pulumi.Output.from_input(target.password).apply(decide))


def count(target: VsphereTarget, cluster_id: str, password: str) -> int:
    """Ask vCenter how many hosts a cluster has. Raises TargetError when it can't."""
    from components.targets.vsphere import session

    with session.connected(target.server, target.user, password, target.allow_unverified_ssl) as found:
        return session.hosts(found, cluster_id)
