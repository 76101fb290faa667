"""Machines on OpenStack's own services: a stack of machines only, as nothing boots behind nova's fake driver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.live.openstack import MANAGER, STACK, VALUES, WORKER, Cloud, Machines, leftovers, user_data
from tests.live.project import Project


@pytest.fixture(scope="module")
def machines(project: Project) -> Iterator[Machines]:
    """The cloud, and the stack up in it; both are removed at the end."""
    try:
        started = project.run("lab", "openstack", "up")
        assert started.code == 0, started.output
        made = Machines(project)
        try:
            made.make()
            made.ok("up", "--yes", "--stack", STACK)
            yield made
        finally:
            made.remove()
    finally:
        project.run("lab", "openstack", "down")


@pytest.fixture
def cloud(machines: Machines) -> Cloud:
    return Cloud(machines.project, "user")


def test_a_second_preview_is_empty_after_a_refresh_too(machines: Machines) -> None:
    machines.ok("preview", "--refresh", "--expect-no-changes", "--stack", STACK)


def test_ports_have_the_plans_addresses_and_the_group_of_their_role(cloud: Cloud) -> None:
    groups = {each["id"]: name for name, each in cloud.named("network", "v2.0/security-groups").items()}
    found = {
        name: ([each["ip_address"] for each in port["fixed_ips"]], [groups[each] for each in port["security_groups"]])
        for name, port in cloud.named("network", "v2.0/ports").items()
    }
    assert found == {
        MANAGER: (["192.168.77.11"], ["cloud-managers"]),
        WORKER: (["192.168.77.21"], ["cloud-workers"]),
    }


def test_a_group_lets_through_what_the_ports_matrix_has_and_no_more(cloud: Cloud) -> None:
    groups = cloud.named("network", "v2.0/security-groups")
    rules = groups["cloud-managers"]["security_group_rules"]
    managers, workers = groups["cloud-managers"]["id"], groups["cloud-workers"]["id"]
    manager_port = {(rule["direction"], rule["remote_group_id"]) for rule in rules if rule["port_range_min"] == 2377}
    assert manager_port == {("ingress", managers), ("egress", managers), ("ingress", workers)}
    assert not [rule for rule in rules if rule["protocol"] is None]
    assert {rule["ethertype"] for rule in rules} == {"IPv4"}


def test_machines_are_what_their_pools_say(machines: Machines, cloud: Cloud) -> None:
    servers = cloud.named("compute", "servers/detail")
    assert {name: each["status"] for name, each in servers.items()} == {MANAGER: "ACTIVE", WORKER: "ACTIVE"}
    flavors = {each["id"]: each for each in cloud.get("compute", "flavors/detail")}
    sizes = {name: flavors[each["flavor"]["id"]] for name, each in servers.items()}
    assert {name: (each["vcpus"], each["ram"]) for name, each in sizes.items()} == {
        MANAGER: (2, 4096),
        WORKER: (4, 8192),
    }
    [group] = cloud.get("compute", "os-server-groups")
    assert (group["name"], group["members"]) == ("cloud-managers-apart", [servers[MANAGER]["id"]])
    assert servers[WORKER]["metadata"]["longshore-role"] == "worker"
    seen = Cloud(machines.project, "admin").get("compute", f"servers/{servers[WORKER]['id']}")
    config = user_data(seen)
    assert config["hostname"] == WORKER
    assert config["users"][0]["ssh_authorized_keys"] == VALUES["engine"]["ssh"]["authorized_keys"]
    assert "/etc/docker/daemon.json" in [each["path"] for each in config["write_files"]]
    assert cloud.get("volumev3", "volumes")[0]["id"][:20] in str(config["bootcmd"])


def test_a_name_that_the_project_lacks_is_refused_with_its_place(machines: Machines) -> None:
    def rename(config: dict[str, Any]) -> None:
        config["longshore:target"]["image"] = "no-such-image"

    before = machines.file.read_text()
    try:
        machines.change(rename)
        refused = machines.run("preview", "--stack", STACK)
    finally:
        machines.file.write_text(before)
    assert refused.code != 0
    assert "target.image: no-such-image" in refused.output
    assert "Traceback" not in refused.output


def test_a_replaced_server_takes_its_volume_over(machines: Machines, cloud: Cloud) -> None:
    def attached() -> tuple[str, str]:
        [volume] = cloud.get("volumev3", "volumes/detail")
        assert volume["size"] == 10
        return volume["id"], volume["attachments"][0]["server_id"]

    def renew(config: dict[str, Any]) -> None:
        config["longshore:cluster"]["pools"]["workers"]["generation"] = 2

    before, manager = attached(), cloud.named("compute", "servers")[MANAGER]["id"]
    assert before[1] == cloud.named("compute", "servers")[WORKER]["id"]
    machines.change(renew)
    machines.ok("up", "--yes", "--stack", STACK)
    after, servers = attached(), cloud.named("compute", "servers")
    assert after[0] == before[0]
    assert after[1] == servers[WORKER]["id"] != before[1]
    assert servers[MANAGER]["id"] == manager


def test_destroy_leaves_the_data_volume_and_nothing_else(machines: Machines, cloud: Cloud) -> None:
    machines.ok("destroy", "--yes", "--stack", STACK)
    assert leftovers(cloud) == {
        "servers": [],
        "groups": [],
        "ports": [],
        "security groups": ["default"],
        "volumes": [f"{WORKER}-data"],
    }
    [volume] = cloud.get("volumev3", "volumes/detail")
    assert (volume["status"], volume["attachments"]) == ("available", [])
