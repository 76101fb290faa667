"""The SDK's side of secrets and configs: what a Pulumi program declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from providers.swarm.resources import Connection, Property


@dataclass(frozen=True)
class Place:
    """Where a stack's secrets and configs lie, and how many generations of each are kept at least."""

    stack: str
    managers: Sequence[pulumi.Input[Connection]]
    cluster_id: pulumi.Input[str]
    keep: int = 2

    def inputs(self) -> dict[str, Any]:
        """Return it as it goes over the wire, without the number."""
        return {"stack": self.stack, "managers": self.managers, "clusterId": self.cluster_id}


class _Stored(pulumi.CustomResource):
    """One content; another one is a new generation under another name. `data`: base64."""

    TOKEN = ""
    stored_name = Property[str]("storedName")

    def __init__(
        self,
        resource_name: str,
        *,
        name: str,
        data: pulumi.Input[str],
        place: Place,
        template: bool | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs = {"name": name, "data": data, "keep": place.keep, "template": template, **place.inputs()}
        super().__init__(self.TOKEN, resource_name, inputs | {"storedName": None}, opts)


class Secret(_Stored):
    """A Swarm secret."""

    TOKEN = "swarm:index:Secret"  # noqa: S105  a resource type


class Config(_Stored):
    """A Swarm config. `template`: its content is filled in for each task."""

    TOKEN = "swarm:index:Config"  # noqa: S105


class Shelf(pulumi.CustomResource):
    """All generations of a stack's secrets and configs. Let each of those depend on it: it clears up after them."""

    def __init__(
        self,
        resource_name: str,
        *,
        names: Sequence[str],
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("swarm:index:Shelf", resource_name, {"names": names, **place.inputs()}, opts)


class GeneratedSecret(pulumi.CustomResource):
    """A random text of `length` characters of `alphabet`; another `rotation` draws another one."""

    value = Property[str]("value")

    def __init__(
        self,
        resource_name: str,
        *,
        name: str,
        length: int,
        alphabet: str,
        rotation: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        inputs: Mapping[str, Any] = {"name": name, "length": length, "alphabet": alphabet, "rotation": rotation}
        sealed = pulumi.ResourceOptions(additional_secret_outputs=["value"])
        options = pulumi.ResourceOptions.merge(opts, sealed)
        super().__init__("swarm:index:GeneratedSecret", resource_name, {**inputs, "value": None}, options)
