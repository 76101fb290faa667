"""Whatever a cloud's provider is told is what its schema knows: names, required ones, types and values, nested too."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.samples import CLOUDS, ZONES, recorded
from tests.contract.sdk import arguments_of, faults
from tests.recorder import Recording

EVERYTHING: dict[str, Any] = {
    "cluster.pools.workers.data_disk": "40 GiB",
    "cluster.pools.workers.disk": "30 GiB",
    "networks.backend.encrypted": True,
    "services.dns": {"image": "registry.test/dns:1.0", "ports": [{"target": 53, "published": 53, "protocol": "udp"}]},
}
PLACED: dict[str, Any] = {
    "cluster.pools.managers.zones": ["a", "b"],
    "cluster.pools.managers.first_address": None,
    "cluster.pools.managers.addresses": ["10.20.0.11", "10.20.0.20", "10.20.0.12"],
    "cluster.pools.workers.zones": ["b"],
}


@pytest.mark.parametrize("kind", CLOUDS)
def test_every_input_is_one_of_the_providers_schema(kind: str) -> None:
    spot: dict[str, Any] = {} if kind == "openstack" else {"spot": ["workers"]}
    most = recorded(kind, EVERYTHING, load_balancer="public", public=["managers"], tags={"team": "shop"}, **spot)
    placed = recorded(kind, EVERYTHING | PLACED, load_balancer="internal", zones=ZONES[kind])
    assert not [*faults(most), *faults(placed)]
    checked = [name for name, token in most.types.items() if arguments_of(token)]
    assert len(checked) > 20


@pytest.mark.parametrize(
    ("inputs", "found"),
    [
        ({"privateIP": "10.20.0.11"}, "vm.privateIP: unknown"),
        ({"associatePublicIpAddress": "no"}, "vm.associatePublicIpAddress: str 'no' is no bool"),
        ({"metadataOptions": {"tokens": "required"}}, "vm.metadataOptions.tokens: unknown"),
        ({"vpcSecurityGroupIds": "sg-1"}, "vm.vpcSecurityGroupIds: is no list"),
        ({"tags": {"a": 1}}, "vm.tags.a: int 1 is no str"),
        ({"instanceType": "huge"}, "vm.instanceType: 'huge' is none of InstanceType"),
        ({"rootBlockDevice": {"volumeSize": 1.5}}, "vm.rootBlockDevice.volumeSize: float 1.5 is no int"),
    ],
)
def test_what_a_schema_has_something_against_is_found(inputs: dict[str, Any], found: str) -> None:
    recording = Recording(inputs={"vm": inputs}, types={"vm": "aws:ec2/instance:Instance"})
    assert list(faults(recording)) == [found]


def test_what_is_required_is_missed_in_nested_parts_too() -> None:
    disk: dict[str, Any] = {"storageProfile": {"osDisk": {"managedDisk": {}}}}
    recording = Recording(inputs={"vm": disk}, types={"vm": "azure-native:compute:VirtualMachine"})
    assert set(faults(recording)) == {
        "vm.resourceGroupName: is required",
        "vm.storageProfile.osDisk.createOption: is required",
    }
