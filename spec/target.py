"""Where machines are made: one of several kinds of target, told apart by `kind`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from spec.errors import TargetError
from spec.targets.aws import AwsTarget
from spec.targets.azure import AzureTarget
from spec.targets.cloud import CloudTarget
from spec.targets.gcp import GcpTarget
from spec.targets.openstack import OpenstackTarget
from spec.targets.vsphere import VsphereTarget

KINDS = ("vsphere", "openstack", "aws", "gcp", "azure")
"""Every kind of target."""

__all__ = [
    "KINDS",
    "AwsTarget",
    "AzureTarget",
    "CloudTarget",
    "GcpTarget",
    "OpenstackTarget",
    "Target",
    "VsphereTarget",
    "as_vsphere",
    "vsphere_only",
]


def _kind(value: Any) -> str:
    """Return the tag of a target's kind, which is no part of a path in an error.

    Without a kind that is known it is vSphere's model that says so, and what else is wrong.
    """
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return f"[{kind}]" if kind in KINDS else "[vsphere]"


Target = Annotated[
    Annotated[VsphereTarget, Tag("[vsphere]")]
    | Annotated[OpenstackTarget, Tag("[openstack]")]
    | Annotated[AwsTarget, Tag("[aws]")]
    | Annotated[GcpTarget, Tag("[gcp]")]
    | Annotated[AzureTarget, Tag("[azure]")],
    Discriminator(_kind),
]
"""A target of any kind."""


def as_vsphere(target: Any, asked: str = "this") -> VsphereTarget:
    """Return a target as the vSphere's that it is. Raises TargetError for any other kind."""
    if not isinstance(target, VsphereTarget):
        raise vsphere_only(target.kind, asked)
    return target


def vsphere_only(kind: str, asked: str) -> TargetError:
    """Return what is said where something exists for vSphere alone."""
    fix = "docs/targets.md lists what each target offers"
    return TargetError("target.kind", f"{kind}: {asked} is for vsphere only", fix)
