"""Where machines are made: Azure."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from spec.base import Name
from spec.secret import Secret
from spec.targets.cloud import CloudSubnet, CloudTarget, CloudZone, Text


class AzureSubnet(CloudSubnet):
    """A subnet of a virtual network, which spans its region's zones."""

    resource_group: Text
    """The resource group of the virtual network."""
    name: Text
    """The virtual network's name."""
    subnet: Text
    """The subnet's name."""


class AzureTarget(CloudTarget):
    """An Azure subscription, and the places in it that a stack may use.

    `image`: `publisher:offer:sku:version`, or the id of an image of one's own.
    """

    kind: Literal["azure"]
    image: str = Field(pattern=r"^([^:/ ]+:[^:/ ]+:[^:/ ]+:[^:/ ]+|/subscriptions/.+)$")
    """What machines are made from. Changing it replaces nothing by itself: raise a pool's `generation`."""
    subscription: str = Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
    """The subscription's id."""
    tenant: str | None = None
    """The tenant of the service principal."""
    client: str | None = None
    """The service principal's client id; Azure's own chain (environment, OIDC, `az login`) when left out."""
    client_secret: Secret | None = None
    """That principal's secret, encrypted."""
    location: Text
    """The region, such as `westeurope`."""
    resource_group: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._()-]{1,89}[A-Za-z0-9_()-]$")
    """The resource group made for this stack; named after project and stack when left out."""
    network: AzureSubnet
    """The subnet of every node."""
    zones: dict[Name, CloudZone] = {}
    """Availability zones (`1`, `2`, `3`), for pools to spread over."""
    disk_type: Literal["StandardSSD_LRS", "Premium_LRS", "StandardSSD_ZRS", "Premium_ZRS"] = "Premium_LRS"
    """The type of every disk."""
    spot: tuple[Name, ...] = ()
    """Pools of workers that run on spot capacity: cheaper, and taken away with half a minute's notice."""

    @model_validator(mode="after")
    def _principals_are_whole(self) -> Self:
        given = {self.tenant is not None, self.client is not None, self.client_secret is not None}
        if len(given) != 1:
            raise ValueError("tenant, client and client_secret come together")
        return self
