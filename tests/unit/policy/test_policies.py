"""Each policy: what it refuses, what it lets pass, and what it doesn't judge."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.docker import CONTAINER, SERVICE
from policy.infrastructure import CLUSTER, DISK, MACHINE, NODE, VCENTER, VOLUME, managers
from policy.pack import FAMILIES
from policy.rule import OFF, POLICIES, UNKNOWN, Around, Resource, at, items

DIGEST = "@sha256:" + "a1" * 32


def service(container: Any = None, **spec: Any) -> Resource:
    return Resource(SERVICE, "web", {"taskSpec": {"containerSpec": container or {}, **spec}})


def container(**props: Any) -> Resource:
    return Resource(CONTAINER, "web", props)


def ports(*published: Any, declared: frozenset[int] | None = frozenset({80})) -> Resource:
    spec = {"ports": [{"publishedPort": each} for each in published]}
    return Resource(SERVICE, "web", {"endpointSpec": spec}, around=Around(ports=declared))


def swarm(count: int | None) -> Resource:
    return Resource(CLUSTER, "shop", {}, around=Around(managers=count))


def machine(*disks: dict[str, Any], **props: Any) -> Resource:
    return Resource(MACHINE, "shop-1", {"disks": [{"label": "disk0"}, *disks], **props})


REFUSED = [
    ("image-pinned", service({"image": "acme/web:1.0"}), "image acme/web:1.0 has no digest"),
    ("image-pinned", service({"image": "acme/web"}), "acme/web has no digest"),
    ("image-pinned", service({"image": "acme/web:1.0@sha256:abc"}), "acme/web:1.0 has no digest"),
    ("image-pinned", container(image="acme/web:latest"), "has no digest"),
    ("limits-set", service(), "no memory limit"),
    ("limits-set", service(resources={"limits": {"nanoCpus": 1}}), "no memory limit"),
    ("limits-set", container(memory=0), "no memory limit"),
    ("healthcheck-set", service(), "no health check"),
    ("healthcheck-set", service({"healthcheck": {"tests": []}}), "no health check"),
    ("healthcheck-set", container(healthcheck={"tests": ["NONE"]}), "no health check"),
    ("not-privileged", container(privileged=True), "is privileged"),
    ("not-privileged", container(capabilities={"adds": ["CAP_SYS_ADMIN", "NET_RAW"]}), "capabilities SYS_ADMIN"),
    ("not-privileged", container(capabilities={"adds": ["all"]}), "capabilities ALL"),
    ("not-privileged", container(networkMode="host", pidMode="host"), "shares network, pid with its node"),
    ("no-engine-socket", container(volumes=[{"hostPath": "/var/run/docker.sock"}]), "mounts /var/run/docker.sock"),
    ("no-engine-socket", service({"mounts": [{"source": "/run/docker.sock/"}]}), "mounts /run/docker.sock"),
    ("no-secret-in-env", service({"env": {"DB_PASSWORD": "hunter2"}}), "DB_PASSWORD holds a secret"),
    ("no-secret-in-env", service({"env": {"DB": "postgres://app:hunter2@db/app"}}), "DB holds a secret"),
    ("no-secret-in-env", service({"env": {"CERT": "-----BEGIN PRIVATE KEY-----\nx"}}), "CERT holds a secret"),
    ("no-secret-in-env", container(envs=["LEVEL=info", "API_TOKEN=canary=1"]), "API_TOKEN holds a secret"),
    ("ports-declared", ports(80, 9000), "publishes port 9000, which"),
    ("ports-declared", ports(None), "without a number"),
    ("ports-declared", ports(0, declared=None), "without a number"),
    ("ports-declared", container(publishAllPorts=True), "without a number"),
    ("ports-declared", container(ports=[{"internal": 80}]), "without a number"),
    ("rolls-back", Resource(SERVICE, "web", {"updateConfig": {"failureAction": "pause"}}), "not rolled back"),
    ("rolls-back", service(), "not rolled back"),
    ("data-protected", Resource(DISK, "data", {}), "not protected"),
    ("data-protected", Resource(VOLUME, "data", {}), "not protected"),
    ("data-protected", machine({"label": "data"}), "disk data is deleted"),
    ("managers-odd", swarm(2), "has 2 managers"),
    ("managers-odd", swarm(9), "has 9 managers"),
    ("machine-tagged", machine(), "no tag"),
    ("machine-tagged", machine(tags=[]), "no tag"),
    ("vcenter-verified", Resource(VCENTER, "vcenter", {"allowUnverifiedSsl": "true"}), "any certificate"),
    ("vcenter-verified", Resource(VCENTER, "vcenter", {"allowUnverifiedSsl": True}), "any certificate"),
]
FINE = [
    ("image-pinned", service({"image": f"acme/web:1.0{DIGEST}"})),
    ("image-pinned", container(image=DIGEST[1:])),
    ("image-pinned", service({"image": UNKNOWN})),
    ("image-pinned", Resource(SERVICE, "web", {"taskSpec": UNKNOWN})),
    ("limits-set", service(resources={"limits": {"memoryBytes": 1 << 28}})),
    ("limits-set", service(resources=UNKNOWN)),
    ("limits-set", container(memory=256)),
    ("healthcheck-set", service({"healthcheck": {"tests": ["CMD", "true"]}})),
    ("healthcheck-set", container(healthcheck=UNKNOWN)),
    ("healthcheck-set", container(healthcheck={"tests": UNKNOWN})),
    ("not-privileged", container(privileged=False, capabilities={"adds": ["NET_BIND_SERVICE"]}, networkMode="bridge")),
    ("not-privileged", service()),
    ("no-engine-socket", service({"mounts": [{"source": "/srv/docker.sock.d", "type": "bind"}]})),
    ("no-engine-socket", container(volumes=UNKNOWN)),
    ("no-secret-in-env", service({"env": {"DB_PASSWORD_FILE": "/run/secrets/db", "LEVEL": "info"}})),
    ("no-secret-in-env", service({"env": {"DB_PASSWORD": "/run/secrets/db", "TOKEN": ""}})),
    ("no-secret-in-env", service({"env": {"DB_PASSWORD": UNKNOWN}})),
    ("no-secret-in-env", container(envs=[UNKNOWN, "PUBLIC_KEY=abc"])),
    ("ports-declared", ports(80)),
    ("ports-declared", ports(80.0)),
    ("ports-declared", ports(UNKNOWN)),
    ("ports-declared", ports(9000, declared=None)),
    ("rolls-back", Resource(SERVICE, "web", {"updateConfig": {"failureAction": "rollback"}})),
    ("rolls-back", Resource(SERVICE, "web", {"updateConfig": UNKNOWN})),
    ("data-protected", Resource(DISK, "data", {}, protect=True)),
    ("data-protected", machine({"label": "data", "keepOnRemove": True}, {"label": "more", "attach": True})),
    ("data-protected", machine()),
    *(("managers-odd", swarm(count)) for count in (None, 0, 1, 3, 5, 7)),
    ("machine-tagged", machine(annotation="shop, made by Longshore")),
    ("machine-tagged", machine(tags=UNKNOWN)),
    ("vcenter-verified", Resource(VCENTER, "vcenter", {"allowUnverifiedSsl": "false"})),
    ("vcenter-verified", Resource(VCENTER, "vcenter", {})),
]


@pytest.mark.parametrize(("policy", "resource", "says"), REFUSED)
def test_it_says_what_is_wrong_and_what_to_do(policy: str, resource: Resource, says: str) -> None:
    (message,) = POLICIES[policy].findings(resource)
    assert says in message
    assert message.endswith(POLICIES[policy].fix)


@pytest.mark.parametrize(("policy", "resource"), FINE)
def test_it_lets_pass(policy: str, resource: Resource) -> None:
    assert POLICIES[policy].findings(resource) == []


def test_every_policy_is_tested_both_ways() -> None:
    assert {policy for policy, *_ in REFUSED} == set(POLICIES) == {policy for policy, _ in FINE}
    assert FAMILIES


def test_every_policy_says_what_why_and_how_binding_it_is() -> None:
    for policy in POLICIES.values():
        assert policy.title.endswith(".")
        assert policy.text
        assert policy.levels.prod != OFF


@pytest.mark.parametrize("policy", POLICIES)
def test_a_resource_of_another_type_is_not_judged(policy: str) -> None:
    assert POLICIES[policy].findings(Resource("aws:s3:Bucket", "b", {"privileged": True, "image": "x"})) == []


@pytest.mark.parametrize(
    ("roles", "count"), [([], 0), (["manager", "worker", "manager"], 2), (["manager", UNKNOWN], None)]
)
def test_managers_are_counted_when_every_role_is_known(roles: list[str], count: int | None) -> None:
    nodes = [Resource(NODE, str(n), {"role": role}) for n, role in enumerate(roles)]
    assert managers([*nodes, Resource(VOLUME, "v", {"role": "manager"})]) == count


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "taskSpec", "containerSpec", "image", "env", "envs", "healthcheck", "tests", "mounts", "volumes", "disks", "ports",
    "endpointSpec", "updateConfig", "failureAction", "capabilities", "adds", "resources", "limits", "privileged",
)  # fmt: skip
props = st.recursive(
    st.dictionaries(st.sampled_from(NAMES), values, max_size=5),
    lambda inner: st.dictionaries(st.sampled_from(NAMES), inner | st.lists(inner, max_size=2), max_size=5),
    max_leaves=6,
)


@given(st.sampled_from(sorted({kind for policy in POLICIES.values() for kind in policy.types})), props)
def test_no_shape_of_properties_stops_a_policy(kind: str, given_props: dict[str, Any]) -> None:
    resource = Resource(kind, "x", given_props, around=Around(frozenset({80}), 3))
    for policy in POLICIES.values():
        assert all(isinstance(message, str) for message in policy.findings(resource))


@given(st.text("abcdefghij0123456789", min_size=12, max_size=30))
def test_no_message_repeats_a_secret(canary: str) -> None:
    for resource in (service({"env": {"DB_PASSWORD": canary}}), container(envs=[f"API_TOKEN={canary}"])):
        for policy in POLICIES.values():
            assert not [message for message in policy.findings(resource) if canary in message]


def test_paths_end_where_something_is_missing_or_not_known() -> None:
    assert at({"a": {"b": 1}}, "a", "b") == 1
    assert at({"a": {}}, "a", "b", "c") is None
    assert at({"a": UNKNOWN}, "a", "b", "c") == UNKNOWN
    assert at({"a": [1]}, "a", "b") is None
    assert items("text") == items(None) == items(UNKNOWN) == []
