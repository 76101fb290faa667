"""Where machines come from. Each target is imported only when a stack uses it."""

from __future__ import annotations

import pulumi

from components.targets.base import MachineTarget
from spec.engine import EngineSpec
from spec.target import Target


def target_for(target: Target, engine: EngineSpec, opts: pulumi.ResourceOptions) -> MachineTarget:
    """Return the target that `target` describes, its look-ups done."""
    from components.targets.vsphere import Vsphere

    return Vsphere(target, engine, opts)
