"""Where machines come from. Each target is imported only when a stack uses it."""

from __future__ import annotations

import pulumi

from components.targets.base import MachineTarget
from spec.stack import StackSpec


def target_for(spec: StackSpec, opts: pulumi.ResourceOptions) -> MachineTarget:
    """Return the target that `spec` names, its look-ups done."""
    from components.targets.vsphere import Vsphere

    return Vsphere(spec, opts)
