"""Where machines come from. Each target is imported only when a stack uses it."""

from __future__ import annotations

from importlib import import_module

import pulumi

from components.targets.base import MachineTarget
from spec.errors import TargetError
from spec.stack import StackSpec

TARGETS = {
    "vsphere": "Vsphere",
    "openstack": "Openstack",
    "aws": "Aws",
    "gcp": "Gcp",
    "azure": "Azure",
}
"""The class of each kind of target, in the module of that name."""


def target_for(spec: StackSpec, opts: pulumi.ResourceOptions) -> MachineTarget:
    """Return the target that `spec` names, its look-ups done. Raises TargetError when its SDK isn't installed."""
    kind = spec.target.kind
    try:
        module = import_module(f"components.targets.{kind}")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("pulumi_"):
            raise
        fix = f"install it: `.venv/bin/pip install -e '.[{kind}]'` (docs/targets/{kind}.md)"
        raise TargetError("target.kind", f"{kind}: its SDK {error.name} isn't installed", fix) from None
    target: MachineTarget = getattr(module, TARGETS[kind])(spec, opts)
    return target
