"""A registry as a service: its settings, certificate and users are Swarm secrets, and its images outlive it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi

from components.container import Declared
from components.service import Members, service
from providers.swarm.stored_resources import Secret
from spec.own_registry import NAME, OwnRegistrySpec
from spec.rollout import RolloutSpec
from spec.service import MountedFile, PortSpec, ServiceSpec

CONFIG, TLS, USERS = f"{NAME}-config", f"{NAME}-tls", f"{NAME}-users"
READ_ONLY = "longshore.registry.read-only"
"""The service's label that says whether pushes are refused."""
FOLDER = "/run/secrets"


class Registry(pulumi.ComponentResource):
    """Docker's registry with TLS, on a host port; the settings hold a password perhaps, so they are a secret too."""

    def __init__(
        self, spec: OwnRegistrySpec, secrets: Mapping[str, Secret], members: Members, opts: pulumi.ResourceOptions
    ) -> None:
        super().__init__("longshore:index:Registry", NAME, None, opts)
        inside = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(parent=self))
        service(NAME, declared(spec), Declared(networks={}, configs={}, secrets=secrets), members, inside)
        self.register_outputs({})


def contents(spec: OwnRegistrySpec) -> dict[str, pulumi.Output[str]]:
    """Return what its secrets hold."""
    held = {CONFIG: settings(spec), TLS: spec.key.apply(lambda key: f"{key.strip()}\n{spec.certificate}")}
    return held | ({USERS: spec.users} if spec.users is not None else {})


def declared(spec: OwnRegistrySpec) -> ServiceSpec:
    """Return the registry as an ordinary service."""
    names = [CONFIG, TLS, *([USERS] if spec.users is not None else [])]
    return ServiceSpec(
        image=spec.image,
        command=(spec.program, "serve", f"{FOLDER}/{CONFIG}"),
        secrets=tuple(MountedFile(source=name, target=name, mode="0400") for name in names),
        ports=(PortSpec(target=5000, published=spec.published),),
        mounts=(spec.storage,),
        constraints=spec.constraints,
        labels={READ_ONLY: str(spec.read_only).lower()},
        rollout=RolloutSpec(order="stop-first"),
        read_only=True,
    )


def settings(spec: OwnRegistrySpec) -> pulumi.Output[str]:
    """Return the registry's configuration (distribution, "Configuring a registry"); JSON is YAML. A secret."""
    upstream = spec.mirror_of
    password = upstream.password if upstream and upstream.password is not None else pulumi.Output.secret("")
    return pulumi.Output.secret(password.apply(lambda text: json.dumps(_settings(spec, text))))


def _settings(spec: OwnRegistrySpec, password: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "version": "0.1",
        "log": {"level": "warn"},
        "storage": {
            "filesystem": {"rootdirectory": spec.storage.target},
            "delete": {"enabled": True},
            "maintenance": {"readonly": {"enabled": spec.read_only}},
        },
        "http": {"addr": ":5000", "tls": {"certificate": f"{FOLDER}/{TLS}", "key": f"{FOLDER}/{TLS}"}},
    }
    if spec.users is not None:
        said["auth"] = {"htpasswd": {"realm": NAME, "path": f"{FOLDER}/{USERS}"}}
    if spec.mirror_of:
        login = {"username": spec.mirror_of.user, "password": password} if spec.mirror_of.user else {}
        said["proxy"] = {"remoteurl": spec.mirror_of.url, **login}
    return said
