"""A node's network interfaces, as the guest is told about them."""

from __future__ import annotations

from typing import Any

from components import names
from components.cloud_init import metadata
from components.interfaces import ethernets, interfaces
from spec.target import as_vsphere
from tests.conftest import Golden
from tests.specs import stack

NETWORKS = {
    "target.network": {"name": "app", "cidr": "10.20.0.0/24", "gateway": "10.20.0.1", "interface": "ens192"},
    "target.networks": {
        "storage": {
            "name": "nfs",
            "cidr": "10.60.0.0/22",
            "interface": "ens224",
            "routes": {"10.61.0.0/16": "10.60.0.1"},
        },
        "backup": {"name": "bkp", "cidr": "10.70.0.0/24", "dhcp": True},
    },
    "cluster.pools.workers.networks": {
        "storage": {"addresses": ["10.60.1.9", "10.60.1.7"]},
        "backup": {"macs": ["00:50:56:00:00:0A", "00:50:56:00:00:0B"]},
    },
}


def told(name: str, changes: dict[str, Any]) -> dict[str, Any]:
    spec = stack(changes)
    node = next(node for node in names.nodes(spec.cluster) if node.name == name)
    return ethernets(interfaces(node, as_vsphere(spec.target)))


def test_one_network_is_whatever_interface_there_is() -> None:
    found = told("shop-workers-2", {})
    assert found.keys() == {"primary"}
    assert found["primary"]["match"] == {"name": "e*"}
    assert found["primary"]["addresses"] == ["10.20.0.22/24"]


def test_several_networks_are_told_apart() -> None:
    found = told("shop-workers-2", NETWORKS)
    assert list(found) == ["primary", "storage", "backup"]
    matches = [each["match"] for each in found.values()]
    assert matches == [{"name": "ens192"}, {"name": "ens224"}, {"macaddress": "00:50:56:00:00:0b"}]


def test_only_the_nodes_own_network_has_the_default_gateway() -> None:
    found = told("shop-workers-2", NETWORKS)
    assert found["primary"]["routes"] == [{"to": "0.0.0.0/0", "via": "10.20.0.1"}]
    assert found["storage"]["routes"] == [{"to": "10.61.0.0/16", "via": "10.60.0.1"}]
    assert found["storage"]["addresses"] == ["10.60.1.7/22"]
    assert "nameservers" not in found["storage"]


def test_a_dhcp_server_knows_the_node_by_its_mac_address() -> None:
    found = told("shop-workers-1", NETWORKS)["backup"]
    assert found == {"match": {"macaddress": "00:50:56:00:00:0a"}, "dhcp4": True, "dhcp-identifier": "mac"}


def test_pools_without_further_networks_have_one() -> None:
    assert told("shop-managers-1", NETWORKS).keys() == {"primary"}


def test_the_whole_metadata(golden: Golden) -> None:
    spec = stack(NETWORKS)
    node = next(each for each in names.nodes(spec.cluster) if each.pool_name == "workers")
    golden.check("metadata-networks.yaml", metadata(node, as_vsphere(spec.target)))
