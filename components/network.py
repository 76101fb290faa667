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
        options={"encrypted": ""} if spec.encrypted else None,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True)),
    )
