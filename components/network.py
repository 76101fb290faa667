"""Overlay networks."""

from __future__ import annotations

import pulumi
import pulumi_docker as docker

from spec.service import NetworkSpec


def network(name: str, spec: NetworkSpec, opts: pulumi.ResourceOptions) -> docker.Network:
    """Make an overlay network under its own name (it is a DNS name for services)."""
    return docker.Network(
        f"network-{name}",
        name=name,
        driver="overlay",
        attachable=spec.attachable,
        ipam_configs=[{"subnet": str(spec.subnet)}] if spec.subnet else None,
        options=options(spec) or None,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True)),
    )


def options(spec: NetworkSpec) -> dict[str, str]:
    """Return the overlay driver's options (docs.docker.com, "overlay network driver")."""
    encrypted = {"encrypted": ""} if spec.encrypted else {}
    return encrypted | ({"com.docker.network.driver.mtu": str(spec.mtu)} if spec.mtu else {})
