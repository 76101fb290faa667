"""What a target can't find is told with the field that names it; nothing is registered after that."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha384
from pathlib import Path
from typing import Any

import pytest

from components.cluster import DockerCluster
from components.targets import cloud
from spec.errors import LongshoreError, SpecError, TargetError
from tests import recorder
from tests.contract.samples import recorded, spec
from tests.recorder import Recording, build

IMAGE = "aws:ec2/getAmi:getAmi"


def refusal(kind: str, changes: dict[str, Any] | None = None, fails: bool = True, **target: Any) -> LongshoreError:
    """Return how the program refuses; after a failed look-up the recording engine itself ends with it."""
    caught: list[LongshoreError] = []
    made = spec(kind, changes, **target)

    def program() -> None:
        try:
            DockerCluster("shop", made, Path())
        except LongshoreError as error:
            caught.append(error)

    if fails:
        with pytest.raises(KeyError):
            build(program)
    else:
        build(program)
    return caught[0]


@pytest.mark.parametrize(
    ("kind", "lookup", "where", "target"),
    [
        ("openstack", "openstack:networking/getNetwork:getNetwork", "target.network.name", {}),
        ("openstack", "openstack:networking/getSubnet:getSubnet", "target.network.cidr", {}),
        ("openstack", "openstack:images/getImage:getImage", "target.image", {}),
        ("openstack", "openstack:compute/getFlavor:getFlavor", "cluster.pools.managers.cpus", {}),
        ("openstack", "openstack:compute/getFlavor:getFlavor", "target.sizes.managers", {"sizes": {"managers": "m1"}}),
        ("aws", IMAGE, "target.image", {}),
        ("gcp", "gcp:compute/getSubnetwork:getSubnetwork", "target.network.subnet", {}),
        ("azure", "azure-native:network:getSubnet", "target.network.subnet", {}),
    ],
)
def test_a_failed_look_up_names_its_field(
    monkeypatch: pytest.MonkeyPatch, kind: str, lookup: str, where: str, target: dict[str, Any]
) -> None:
    monkeypatch.delitem(recorder.LOOKUPS, lookup)
    found = refusal(kind, **target)
    assert isinstance(found, TargetError)
    assert found.where == where
    assert "docs/targets.md" in found.fix


def test_a_pools_own_image_is_named_by_its_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(recorder.LOOKUPS, IMAGE)
    changes = {"cluster.pools.managers.template": "another"}
    assert refusal("aws", changes, image="ami-1").where == "cluster.pools.managers.template"


def test_an_ami_by_its_id_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(recorder.LOOKUPS, IMAGE)
    recording = recorded("aws", image="ami-0123")
    assert recording.inputs["shop-workers-1"]["ami"] == "ami-0123"


@pytest.mark.parametrize("kind", ["openstack", "aws", "gcp", "azure"])
def test_user_data_that_a_cloud_would_cut_off_is_refused(kind: str) -> None:
    keys = [b64encode(sha384(b"%d" % index).digest()).decode() for index in range(4500 if kind == "gcp" else 1500)]
    found = refusal(kind, {"engine.ssh.authorized_keys": [f"ssh-ed25519 {key}" for key in keys]}, fails=False)
    assert isinstance(found, SpecError)
    assert found.where == "user data of shop-managers-1"
    assert kind in found.found


def test_openstack_by_an_application_credential_tells_no_user() -> None:
    target: dict[str, Any] = {"user": None, "password": None, "project": None, "application_credential": "id"}
    inputs = recorded("openstack", **target, application_credential_secret="canary").inputs["openstack"]
    assert inputs["applicationCredentialId"] == "id"
    assert not inputs.keys() & {"userName", "password", "tenantName", "userDomainName", "projectDomainName"}


def test_a_machine_comes_after_the_rules_it_is_reached_by() -> None:
    for kind, rule in (("openstack", "secGroupRule"), ("aws", "securityGroupIngressRule"), ("gcp", "firewall")):
        dependencies = recorded(kind).requests["shop-workers-1"].dependencies
        assert [urn for urn in dependencies if rule in urn], kind


def test_on_aws_the_engine_comes_after_the_data_volume_is_attached() -> None:
    recording = recorded("aws", {"cluster.pools.workers.data_disk": "40 GiB"})
    assert _upstream(recording, "shop-workers-1-engine", "shop-workers-1-data-attached")
    assert not _upstream(recording, "shop-managers-1-engine", "shop-workers-1-data-attached")


def test_azures_data_disks_are_in_a_group_that_is_never_deleted() -> None:
    recording = recorded("azure", {"cluster.pools.workers.data_disk": "40 GiB"})
    assert recording.requests["data"].retainOnDelete
    assert not recording.requests["group"].retainOnDelete
    assert recording.inputs["shop-workers-1-data"]["resourceGroupName"] == "data"
    assert "data" not in recorded("azure").inputs


def test_a_mandatory_rule_is_a_strict_server_group() -> None:
    strict = {"cluster.pools.managers.anti_affinity": {"mandatory": True}}
    assert recorded("openstack", strict).inputs["shop-managers-apart"]["policies"] == "anti-affinity"
    assert recorded("openstack").inputs["shop-managers-apart"]["policies"] == "soft-anti-affinity"


def test_azures_zones_are_apart_without_a_set_and_spot_machines_are_in_none() -> None:
    zones = {"cluster.pools.managers.zones": ["a"]}
    assert "shop-managers-apart" not in recorded("azure", zones, zones={"a": {"zone": "1"}}).inputs
    apart = {"cluster.pools.workers.anti_affinity": "hosts"}
    assert "shop-pool-workers-apart" in recorded("azure", apart).inputs
    assert "shop-pool-workers-apart" not in recorded("azure", apart, spot=["workers"]).inputs


def test_a_udp_service_is_asked_by_the_swarms_own_port() -> None:
    dns = {"image": "registry.test/dns:1.0", "ports": [{"target": 53, "published": 53, "protocol": "udp"}]}
    passed_on = cloud.balanced(spec("aws", {"services.dns": dns}))
    assert {(each.protocol, each.port, each.probe) for each in passed_on} == {("tcp", 80, 80), ("udp", 53, 7946)}


def _upstream(recording: Recording, resource: str, wanted: str) -> bool:
    return any(urn.endswith(f"::{wanted}") for urn in recording.requests[resource].dependencies)
