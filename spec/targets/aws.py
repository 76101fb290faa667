"""Where machines are made: AWS."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from spec.base import Name
from spec.secret import Secret
from spec.targets.cloud import CloudSubnet, CloudTarget, CloudZone, Text

SubnetId = Annotated[str, Field(pattern=r"^subnet-[0-9a-f]+$", examples=["subnet-0123456789abcdef0"])]


class AwsSubnet(CloudSubnet):
    """A subnet of a VPC; with zones, `cidr` covers the subnets of all of them."""

    vpc: str = Field(pattern=r"^vpc-[0-9a-f]+$")
    """The VPC's id."""
    subnet: SubnetId
    """The id of the subnet of nodes that are in no zone."""


class AwsZone(CloudZone):
    """An availability zone and the subnet in it: on AWS a subnet never spans zones."""

    subnet: SubnetId
    """The id of the zone's subnet."""
    cidr: IPv4Network
    """The range of that subnet, within the network's."""


class AwsTarget(CloudTarget):
    """An AWS account's region, and the places in it that a stack may use. `image`: an AMI's id, or its name."""

    kind: Literal["aws"]
    region: Text
    """The region, such as `eu-central-1`."""
    access_key: Secret | None = None
    """The access key's id, encrypted; AWS's own chain (environment, profile, role) when left out."""
    secret_key: Secret | None = None
    """That key's secret, encrypted."""
    assume_role: str | None = Field(default=None, pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$")
    """The ARN of a role to work as."""
    network: AwsSubnet
    """The subnet of every node."""
    zones: dict[Name, AwsZone] = {}
    """Availability zones, for pools to spread over."""
    image_owner: Text = "self"
    """The account that an image given by its name belongs to: `self`, `amazon`, or a number."""
    kms_key: str | None = None
    """The ARN of the key that disks are encrypted with; the account's default key when left out."""
    spot: tuple[Name, ...] = ()
    """Pools of workers that run on spot capacity: cheaper, and taken away with two minutes' notice."""

    @model_validator(mode="after")
    def _keys_come_in_pairs(self) -> Self:
        if (self.access_key is None) != (self.secret_key is None):
            raise ValueError("access_key and secret_key come together")
        return self
