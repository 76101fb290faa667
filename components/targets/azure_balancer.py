"""Azure's load balancer: it exists before the network cards, which say themselves that they are behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
from pulumi_azure_native import network

from components.targets.cloud import Balanced, Group

if TYPE_CHECKING:
    from components.targets.azure import Azure

FRONT = "front"


class Balancer:
    """A load balancer with a pool for each set of roles that a published port is taken by."""

    def __init__(self, azure: Azure, wanted: list[Balanced]) -> None:
        self.azure, self.wanted = azure, wanted
        self.name = f"{azure.spec.cluster.name}-ingress"
        self.made = network.LoadBalancer(
            self.name,
            load_balancer_name=self.name,
            **azure.place_of,
            sku={"name": "Standard"},
            frontend_ip_configurations=[{"name": FRONT, **self._front()}],
            backend_address_pools=[{"name": pool} for pool in sorted({_pool(each) for each in wanted})],
            probes=[_probe(port) for port in sorted({each.probe for each in wanted})],
            load_balancing_rules=[self._passed_on(each) for each in wanted],
            tags=azure.tags(),
            opts=azure.opts,
        )

    def pools(self, group: Group) -> list[dict[str, Any]]:
        """Return the pools of a role's network cards, by an output, so that they come after the load balancer."""
        names = sorted({_pool(each) for each in self.wanted if group in each.roles})
        return [{"id": pulumi.Output.concat(self.made.id, "/backendAddressPools/", name)} for name in names]

    def _front(self) -> dict[str, Any]:
        if self.azure.target.load_balancer == "public":
            return {"public_ip_address": {"id": self.azure.public(f"{self.name}-public", self.azure.opts).id}}
        return {"subnet": {"id": self.azure.subnet}}

    def _passed_on(self, port: Balanced) -> dict[str, Any]:
        return {
            "name": f"{port.protocol}-{port.port}",
            "protocol": port.protocol.capitalize(),
            "frontend_port": port.port,
            "backend_port": port.port,
            "disable_outbound_snat": True,
            "frontend_ip_configuration": {"id": self._part(f"frontendIPConfigurations/{FRONT}")},
            "backend_address_pool": {"id": self._part(f"backendAddressPools/{_pool(port)}")},
            "probe": {"id": self._part(f"probes/tcp-{port.probe}")},
        }

    def _part(self, path: str) -> str:
        """Return the id that a part of the load balancer will have: its rules name it before it exists."""
        home = f"/subscriptions/{self.azure.target.subscription}/resourceGroups/{self.azure.home}"
        return f"{home}/providers/Microsoft.Network/loadBalancers/{self.name}/{path}"


def _pool(port: Balanced) -> str:
    return "-".join(port.roles)


def _probe(port: int) -> dict[str, Any]:
    return {"name": f"tcp-{port}", "protocol": "Tcp", "port": port, "interval_in_seconds": 5}
