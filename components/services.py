"""What runs on a cluster: networks, configs, secrets and services, on whichever Docker provider `opts` names."""

from __future__ import annotations

from pathlib import Path

import pulumi

from components.container import Declared
from components.network import network
from components.secret import config, secret
from components.service import Members, service
from spec.stack import ServicesPart


def run_services(spec: ServicesPart, root: Path, members: Members, opts: pulumi.ResourceOptions) -> None:
    """Make everything that runs on the cluster. Raises SpecError when a config's file can't be read."""
    declared = Declared(
        networks={each: network(each, one, opts) for each, one in spec.networks.items()},
        configs={each: config(each, one, root, opts) for each, one in spec.configs.items()},
        secrets={each: secret(each, one, opts) for each, one in spec.secrets.items()},
    )
    for each, one in spec.services.items():
        service(each, one, declared, members, opts)


def published(spec: ServicesPart) -> dict[str, list[int]]:
    """Return the published ports of each service."""
    return {each: [port.published for port in one.ports] for each, one in spec.services.items()}
