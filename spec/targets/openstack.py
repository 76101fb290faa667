"""Where machines are made: OpenStack."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from spec.base import Name
from spec.secret import Secret
from spec.targets.cloud import CloudSubnet, CloudTarget, CloudZone, Text


class OpenstackSubnet(CloudSubnet):
    """A network of the project, or one shared with it."""

    name: Text
    """The network's name."""
    subnet: Text | None = None
    """The subnet's name, where the network has several; else the one with this `cidr`."""


class OpenstackZone(CloudZone):
    """An availability zone of Nova, and the one of Cinder that belongs to it."""

    volumes: Text | None = None
    """Cinder's availability zone for data disks; Cinder's own choice when left out."""


class OpenstackTarget(CloudTarget):
    """An OpenStack project, and the places in it that a stack may use."""

    kind: Literal["openstack"]
    auth_url: str = Field(pattern=r"^https?://\S+$")
    """Keystone's address, such as `https://cloud.example.com:5000/v3`."""
    region: str | None = None
    """The region; the only one when left out."""
    project: str | None = None
    """The project's name; not with an application credential, which belongs to one."""
    domain: str = "Default"
    """The domain of project and user."""
    user: str | None = None
    """The account that Pulumi works as, with its `password`."""
    password: Secret | None = None
    """That account's password, encrypted."""
    application_credential: str | None = None
    """The id of an application credential, instead of `user`: it can be revoked by itself and is bound to a project."""
    application_credential_secret: Secret | None = None
    """That credential's secret, encrypted."""
    ca_file: str | None = None
    """The certificate authority of the API's certificate, as a file; the system's authorities when left out."""
    endpoint: Literal["public", "internal", "admin"] = "public"
    """Which of the service catalogue's endpoints are used."""
    allow_unverified_ssl: bool = False
    """Accept a certificate that no known authority signed. For rehearsals only."""
    network: OpenstackSubnet
    """The network of every node."""
    zones: dict[Name, OpenstackZone] = {}
    """Availability zones, for pools to spread over."""
    floating_network: str | None = None
    """The external network that public addresses come from."""
    volume_type: str | None = None
    """The volume type of data disks and of system disks with a size of their own; Cinder's default when left out."""

    @model_validator(mode="after")
    def _credentials_are_whole(self) -> Self:
        if self.application_credential:
            if self.application_credential_secret is None or self.user or self.password is not None or self.project:
                raise ValueError("an application credential comes with its secret, and without user and project")
        elif not (self.user and self.password is not None and self.project):
            raise ValueError("needs user, password and project, or an application credential and its secret")
        return self

    @model_validator(mode="after")
    def _public_addresses_come_from_somewhere(self) -> Self:
        if (self.public or self.load_balancer == "public") and not self.floating_network:
            raise ValueError("public addresses need a floating_network")
        return self
