"""What is wrong with a stack on a cloud although each field is right by itself: each with its place and a way out."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from spec.base import GIB
from spec.contradictions import contradictions
from spec.errors import TargetError
from spec.problems import Problem, from_validation
from spec.stack import StackSpec
from spec.target import KINDS, as_vsphere
from spec.targets.sizes import size
from tests.contract.samples import CLOUDS, SAMPLES, ZONES
from tests.specs import values

LIBRARY = {"library": "images", "item": "debian", "disk": "30 GiB", "guest_id": "debian12_64Guest", "firmware": "efi"}
WORKERS = "cluster.pools.workers"


def problems(kind: str, changes: dict[str, Any] | None = None, **target: Any) -> list[Problem]:
    whole = {"target": {key: each for key, each in deepcopy(SAMPLES[kind] | target).items() if each is not None}}
    try:
        return contradictions(StackSpec.model_validate(values(whole | (changes or {}))))
    except ValidationError as error:
        return from_validation(error, StackSpec)


def only(kind: str, changes: dict[str, Any] | None = None, **target: Any) -> Problem:
    found = problems(kind, changes, **target)
    assert len(found) == 1, found
    assert found[0].fix
    return found[0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_has_nothing_wrong(kind: str) -> None:
    assert problems(kind) == []
    assert (StackSpec.model_validate(values({"target": SAMPLES[kind]})).target.kind) == kind


@pytest.mark.parametrize("kind", CLOUDS)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("macs", ["00:50:56:00:00:01", "00:50:56:00:00:02"]),
        ("networks", {"storage": {"first_address": "10.30.0.1"}}),
        ("cpu_reservation_mhz", 500),
        ("memory_reservation", "1 GiB"),
        ("template", LIBRARY),
        ("data_disk.datastore", "vsan"),
        ("data_disk.directory", "disks"),
        ("anti_affinity.datastores", True),
    ],
)
def test_what_vcenter_alone_gives_is_refused_at_its_place(kind: str, field: str, value: Any) -> None:
    parent, _, part = field.partition(".")
    given = {part: value} | ({"size": "40 GiB"} if parent == "data_disk" else {}) if part else value
    found = only(kind, {f"{WORKERS}.{parent}": given})
    assert (found.path, found.found) == (f"{WORKERS}.{field}", f"{kind} has no such thing")


@pytest.mark.parametrize("kind", CLOUDS)
def test_a_pools_own_image_is_its_template(kind: str) -> None:
    assert problems(kind, {f"{WORKERS}.template": "another-image"}) == []


@pytest.mark.parametrize("kind", CLOUDS)
@pytest.mark.parametrize(
    ("target", "path"),
    [({"sizes": {"db": "huge"}}, "target.sizes.db"), ({"public": ["workers", "db"]}, "target.public.1")],
)
def test_pools_that_the_target_names_exist(kind: str, target: dict[str, Any], path: str) -> None:
    found = only(kind, **target)
    assert (found.path, found.found) == (path, "there is no pool db")
    assert found.fix == "pools: managers, workers"


@pytest.mark.parametrize("kind", ["aws", "gcp", "azure"])
def test_managers_are_never_taken_away(kind: str) -> None:
    assert problems(kind, spot=["workers"]) == []
    found = only(kind, spot=["workers", "managers"])
    assert found.path == "target.spot.1"
    assert "quorum" in found.found


def test_openstack_has_no_spot_machines() -> None:
    assert only("openstack", spot=["workers"]).found == "unknown key"


@pytest.mark.parametrize(
    ("kind", "address", "good"),
    [
        ("aws", "10.20.0.3", False),
        ("aws", "10.20.0.4", True),
        ("azure", "10.20.0.3", False),
        ("azure", "10.20.0.4", True),
        ("gcp", "10.20.0.2", True),
        ("gcp", "10.20.0.253", False),
        ("openstack", "10.20.0.3", True),
    ],
)
def test_the_clouds_own_addresses_are_nobodys(kind: str, address: str, good: bool) -> None:
    found = problems(kind, {f"{WORKERS}.first_address": address})
    assert [each.path for each in found] == ([] if good else [f"{WORKERS}.first_address"])
    assert all(f"{kind} keeps for itself" in each.found for each in found)


def test_on_aws_an_address_lies_in_its_zones_subnet() -> None:
    zones = {f"{WORKERS}.zones": ["a", "b"]}
    found = only("aws", zones, zones=ZONES["aws"])
    assert found.path == f"{WORKERS}.first_address"
    assert found.found == "10.20.0.21 of node 1 is not in 10.20.0.0/28"
    assert "target.zones.a.cidr" in found.fix
    listed = {f"{WORKERS}.first_address": None, f"{WORKERS}.addresses": ["10.20.0.5", "10.20.0.21"]}
    assert problems("aws", zones | listed, zones=ZONES["aws"]) == []


@pytest.mark.parametrize("kind", CLOUDS)
def test_a_zone_that_nobody_declared_is_refused(kind: str) -> None:
    assert only(kind, {f"{WORKERS}.zones": ["c"]}).path == f"{WORKERS}.zones.0"


@pytest.mark.parametrize("kind", ["aws", "gcp", "azure"])
def test_a_size_that_nobody_offers_must_be_named(kind: str) -> None:
    huge = {f"{WORKERS}.cpus": 512, f"{WORKERS}.memory": "4 GiB"}
    found = only(kind, huge)
    assert found.path == f"{WORKERS}.cpus"
    assert found.fix.endswith("target.sizes.workers")
    assert problems(kind, huge, sizes={"workers": "enormous"}) == []


def test_names_on_google_cloud_are_of_63_characters() -> None:
    assert problems("gcp", {"cluster.name": "a" * 37}) == []
    found = only("gcp", {"cluster.name": "a" * 38})
    assert found.path == "cluster.name"
    assert "64 characters; gcp takes 63" in found.found
    assert problems("aws", {"cluster.name": "a" * 38}) == []


@pytest.mark.parametrize(
    ("tags", "path"), [({"Team": "shop"}, "target.tags.Team"), ({"team": "Shop"}, "target.tags.team")]
)
def test_labels_on_google_cloud_are_lower_case(tags: dict[str, str], path: str) -> None:
    assert only("gcp", tags=tags).path.startswith(path)
    assert problems("aws", tags=tags) == []


def test_racks_are_seven_in_each_zone() -> None:
    many = {f"{WORKERS}.count": 8, f"{WORKERS}.anti_affinity": "hosts"}
    assert only("aws", many).path == f"{WORKERS}.anti_affinity"
    assert problems("aws", many | {f"{WORKERS}.count": 7}) == []
    assert problems("gcp", many) == []


@pytest.mark.parametrize(
    ("kind", "target", "found"),
    [
        ("openstack", {"user": None}, "needs user, password and project"),
        ("openstack", {"application_credential": "id"}, "comes with its secret"),
        ("openstack", {"floating_network": None, "public": ["workers"]}, "need a floating_network"),
        ("openstack", {"floating_network": None, "load_balancer": "public"}, "need a floating_network"),
        ("aws", {"secret_key": None}, "come together"),
        ("azure", {"tenant": None}, "come together"),
    ],
)
def test_half_a_credential_is_none(kind: str, target: dict[str, Any], found: str) -> None:
    problem = only(kind, **target)
    assert problem.path == "target"
    assert found in problem.found


@pytest.mark.parametrize("kind", ["aws", "gcp", "azure"])
def test_credentials_may_be_left_to_the_clouds_own_chain(kind: str) -> None:
    secrets = ("access_key", "secret_key", "credentials", "tenant", "client", "client_secret")
    without: dict[str, Any] = {key: None for key in secrets if key in SAMPLES[kind]}
    assert problems(kind, **without) == []


def test_an_application_credential_is_whole_by_itself() -> None:
    by_user: dict[str, Any] = {"user": None, "password": None, "project": None}
    own: dict[str, Any] = {"application_credential": "id", "application_credential_secret": "canary"}
    assert problems("openstack", **by_user, **own) == []


@pytest.mark.parametrize("kind", CLOUDS)
@pytest.mark.parametrize(("key", "near"), [("load_balancers", "load_balancer"), ("network.cidrs", "cidr")])
def test_an_unknown_key_is_told_with_what_that_target_knows(kind: str, key: str, near: str) -> None:
    found = only(kind, {f"target.{key}": "x"})
    assert (found.path, found.found, found.fix) == (f"target.{key}", "unknown key", f"did you mean `{near}`?")


def test_each_kind_knows_its_own_keys_only() -> None:
    found = only("aws", datacenter="DC1")
    assert "vpc" not in found.fix  # of the network
    assert "known here" in found.fix
    assert "datastore" not in found.fix


@pytest.mark.parametrize("kind", CLOUDS)
def test_secrets_are_never_echoed(kind: str) -> None:
    secret = next(key for key, each in SAMPLES[kind].items() if "canary" in str(each))
    wrong: dict[str, Any] = {secret: ["hunter2"]}
    said = problems(kind, **wrong)
    assert [each.path for each in said] == [f"target.{secret}"]
    assert "hunter2" not in str(said)


@pytest.mark.parametrize("kind", CLOUDS)
def test_what_is_vspheres_says_so(kind: str) -> None:
    target = StackSpec.model_validate(values({"target": SAMPLES[kind]})).target
    with pytest.raises(TargetError, match=f"{kind}: rolling is for vsphere only") as caught:
        as_vsphere(target, "rolling")
    assert caught.value.exit_code == 3


def test_ports_of_other_stacks_are_ports() -> None:
    cases = {"80/tcp": True, "65535/udp": True, "65536/tcp": False, "0/tcp": False, "80": False}
    for published, good in cases.items():
        found = problems("aws", {"access": {"published": [published]}})
        assert [each.path for each in found] == ([] if good else ["access.published.0"])


def test_the_smallest_custom_machine_has_half_a_gib_for_each_cpu() -> None:
    assert size("gcp", 1, GIB) == "n2-custom-2-1024"
    assert size("gcp", 3, 100 * GIB) == "n2-custom-14-102400"
    assert size("gcp", 33, 20 * GIB) == "n2-custom-36-20480"
    assert size("gcp", 8, GIB) == "n2-custom-8-4096"
    assert size("gcp", 81, GIB) is None
    assert size("openstack", 1, GIB) is None
