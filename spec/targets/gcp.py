"""Where machines are made: Google Cloud."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from spec.base import Name
from spec.secret import Secret
from spec.targets.cloud import CloudSubnet, CloudTarget, CloudZone, Text

LabelKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
LabelValue = Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,63}$")]
"""Google Cloud, "Requirements for labels"."""


class GcpSubnet(CloudSubnet):
    """A subnet of a VPC network, which spans its region's zones."""

    name: Text
    """The VPC network's name."""
    subnet: Text
    """The subnet's name."""
    project: str | None = None
    """The host project of a shared VPC; the target's own project when left out."""


class GcpTarget(CloudTarget):
    """A Google Cloud project, and the places in it that a stack may use. `image`: `project/family`, or a self link."""

    kind: Literal["gcp"]
    project: Text
    """The project's id."""
    region: Text
    """The region, such as `europe-west3`."""
    zone: Text
    """The zone of nodes that are in no zone of `zones`, such as `europe-west3-a`."""
    credentials: Secret | None = None
    """A service account's key as JSON, encrypted; application default credentials when left out."""
    network: GcpSubnet
    """The subnet of every node."""
    tags: dict[LabelKey, LabelValue] = {}
    """Labels of every machine and disk, besides those that Longshore sets itself."""
    zones: dict[Name, CloudZone] = {}
    """Zones of the region, for pools to spread over."""
    disk_type: Text = "pd-balanced"
    """The type of every disk."""
    spot: tuple[Name, ...] = ()
    """Pools of workers that run on spot capacity: cheaper, and taken away with half a minute's notice."""
