"""What a services stack makes of its platform's contract: read at preview, held against the engine, then relied on."""

from __future__ import annotations

from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pulumi
import pulumi_docker as docker

from components.registries import RegistryAuth
from providers.swarm.connection import connection_from, ssh_options
from providers.swarm.resources import Contract as Verified
from spec.contract import Contract, received
from spec.errors import SpecError
from spec.stack import ServicesSpec

READ_OUTPUTS = "pulumi:pulumi:readStackOutputs"
"""The engine's own function behind pulumi.StackReference (pulumi/pulumi, pkg/resource/deploy/builtins.go)."""


def agreed(spec: ServicesSpec) -> Contract:
    """Return the contract of the platform that `spec` names, in a preview as in an update.

    Raises SpecError for a platform that isn't there, for a contract that can't be relied on, and for a network of
    `spec` in a range that the platform has given away.
    """
    contract = received(_outputs(spec.platform).get("contract"), spec.platform)
    for name, network in spec.networks.items():
        _check_range(f"networks.{name}.subnet", network.subnet, contract)
    return contract


def _outputs(platform: str) -> dict[str, Any]:
    whole = platform if "/" in platform else f"{pulumi.get_organization()}/{pulumi.get_project()}/{platform}"
    try:
        found: Any = pulumi.runtime.invoke(READ_OUTPUTS, {"name": whole}).value
    except Exception as error:  # noqa: BLE001  a failed invoke is a bare Exception in Pulumi's SDK
        reason = str(error).rsplit(": ", 1)[-1]
        fix = f"make it first: `longshore pulumi stack init {platform}`, `longshore up -s {platform}`"
        raise SpecError(f"platform {platform}", reason, fix) from None
    return dict((found or {}).get("outputs") or {})


def _check_range(where: str, subnet: IPv4Network | None, contract: Contract) -> None:
    """Raise SpecError for a subnet that the platform has given away already."""
    taken = [("the nodes' subnet", contract.addresses.nodes)]
    taken += [("the overlay pool", pool) for pool in contract.addresses.overlay_pool]
    for what, given in taken:
        if subnet is not None and subnet.overlaps(given):
            raise SpecError(where, f"{subnet} overlaps {what} of the platform ({given})", "choose a range of its own")


def connections(contract: Contract, root: Path) -> list[dict[str, Any]]:
    """Return how this checkout reaches each manager."""
    own = {"keyFile": str(root / contract.key_file)} if contract.key_file else {}
    return [manager.model_dump(by_alias=True) | own for manager in contract.managers]


def verified(contract: Contract, root: Path, opts: pulumi.ResourceOptions) -> Verified:
    """Have the contract held against an engine's own word; nothing may be made before that."""
    return Verified(
        "contract",
        cluster=contract.cluster,
        swarm_id=contract.swarm_id,
        managers=connections(contract, root),
        engine_version=contract.engine.version,
        api_version=contract.engine.api,
        storage_driver=contract.engine.storage_driver,
        cgroup_version=contract.engine.cgroup,
        log_driver=contract.engine.log_driver,
        content_hash=contract.hash,
        opts=opts,
    )


def provider(
    contract: Contract, root: Path, logins: RegistryAuth | None, opts: pulumi.ResourceOptions
) -> docker.Provider:
    """Return the Docker provider that talks to the platform's first manager: its host is known in previews."""
    first = connection_from(connections(contract, root)[0])
    host, ssh_opts = first.docker_host, ssh_options(first)
    return docker.Provider("docker", host=host, ssh_opts=ssh_opts, registry_auth=logins, opts=opts)
