"""Where machines are made: Google Cloud."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from spec.base import Name
from spec.secret import Secret
from spec.targets.cloud import CloudSubnet, CloudTarget, CloudZone, Text


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
    zones: dict[Name, CloudZone] = {}
    """Zones of the region, for pools to spread over."""
    family: Annotated[str, Field(pattern=r"^(n2|n2d|n4)$")] = "n2"
    """The machine family whose custom sizes give just the pool's `cpus` and `memory`."""
    disk_type: Text = "pd-balanced"
    """The type of every disk."""
    spot: tuple[Name, ...] = ()
    """Pools of workers that run on spot capacity: cheaper, and taken away with half a minute's notice."""
