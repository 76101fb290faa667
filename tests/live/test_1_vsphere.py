"""vSphere in depth, by the real provider: what a stack names is found, set, read back, and outlives its machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pyVmomi import vim
from ruamel.yaml import YAML

from cli.vcenter import finish
from components.targets.vsphere.session import connected
from tests.live.project import Project, Step

ITEM = {
    "library": "images",
    "item": "debian-12-docker-item",
    "type": "vm-template",
    "disk": "20 GiB",
    "guest_id": "debian12_64Guest",
    "firmware": "bios",
}
DISKS = ["deep-workers-1-data.vmdk", "deep-workers-2-data.vmdk"]


@pytest.fixture(scope="module")
def deep(project: Project) -> Iterator[Project]:
    """Stack `deep`: one manager, two workers, and most of what a vSphere target knows."""
    yaml = YAML()
    content = yaml.load(project.folder / "stacks" / "Pulumi.lab.yaml")
    deepen(content["config"])
    with (project.folder / "stacks" / "Pulumi.deep.yaml").open("w") as stream:
        yaml.dump(content, stream)
    project.pulumi("stack", "init", "deep")
    try:
        project.ok("up", "--stack", "deep", "--yes")
        yield project
    finally:
        project.run("pulumi", "state", "unprotect", "--all", "--yes", "--stack", "deep")
        project.run("destroy", "--stack", "deep", "--yes")
        project.docker("volume", "rm", "--force", "deep-managers-1", "deep-workers-1", "deep-workers-2")


def deepen(config: dict[str, Any]) -> None:
    target, pools = config["longshore:target"], config["longshore:cluster"]["pools"]
    network, _ = pools["managers"]["first_address"].rsplit(".", 1)
    config["longshore:cluster"]["name"] = "deep"
    for kind in ("services", "networks", "configs"):
        config[f"longshore:{kind}"] = {}
    config.pop("longshore:ingress")
    target["network"]["interface"] = "eth0"
    target["networks"] = {"storage": {"name": "DC0_DVPG0", "cidr": "10.66.0.0/24", "interface": "eth1"}}
    target["host_group"] = "licensed"
    target["tags"] = {"longshore": ["lab"]}
    target["custom_attributes"] = {"owner": "{name}"}
    # The lab's disks hold no blocks, so a volume of the disk's name stands for its content.
    container = target["extra_config"]["RUN.container"]
    target["extra_config"]["RUN.container"] = container.replace("=/var/lib/docker", "={name}:/var/lib/docker")
    pools["managers"].update(count=1, first_address=f"{network}.81")
    pools["workers"].pop("first_address")
    pools["workers"].update(
        addresses=[f"{network}.92", f"{network}.91"],
        networks={"storage": {"first_address": "10.66.0.21"}},
        data_disk="10 GiB",
        memory_reservation="1 GiB",
        cpu_reservation_mhz=500,
        anti_affinity={"mandatory": True},
        template=ITEM,
    )


def unprotect(config: dict[str, Any]) -> None:
    config["longshore:cluster"]["pools"]["workers"]["data_disk"] = {"size": "10 GiB", "protect": False}


def machine(project: Project, name: str) -> dict[str, Any]:
    """Return what the state says of a machine, as it was read from vCenter."""
    state = json.loads(project.ok("pulumi", "stack", "export", "--stack", "deep"))
    [found] = [each for each in state["deployment"]["resources"] if each["urn"].endswith(f"VirtualMachine::{name}")]
    outputs: dict[str, Any] = found["outputs"]
    return outputs


def in_datastore(project: Project) -> list[str]:
    """Return the data disks that vCenter sees in the stack's directory of the datastore."""
    target = YAML(typ="safe").load(project.folder / "stacks" / "Pulumi.deep.yaml")["config"]["longshore:target"]
    password = (project.folder / ".lab" / "vcenter-password").read_text().strip()
    with connected(target["server"], target["user"], password, True) as session:
        content = session.RetrieveContent()
        datastore: Any = content.searchIndex.FindByInventoryPath("DC0/datastore/LocalDS_0")
        pattern: Any = vim.host.DatastoreBrowser.SearchSpec
        search = pattern(matchPattern=["*-data.vmdk"])
        task = datastore.browser.SearchDatastore_Task("[LocalDS_0] longshore-deep", search)
        finish(task)
        return sorted(file.path for file in task.info.result.file)


def in_worker(project: Project, command: str) -> str:
    return project.docker("exec", "$(docker ps --quiet --filter name=deep-workers-1)", "sh", "-c", f"'{command}'")


def test_what_the_stack_names_is_read_back_without_a_difference(deep: Project) -> None:
    deep.ok("preview", "--stack", "deep", "--refresh", "--expect-no-changes")
    found = machine(deep, "deep-workers-1")
    assert len(found["tags"]) == 1
    assert list(found["customAttributes"].values()) == ["deep-workers-1"]
    assert (found["memoryReservation"], found["cpuReservation"]) == (1024, 500)
    assert len({card["networkId"] for card in found["networkInterfaces"]}) == 2


def test_listed_addresses_are_the_nodes_own(deep: Project) -> None:
    status = deep.ok("status", "--stack", "deep")
    for name, last in (("deep-workers-1", 92), ("deep-workers-2", 91), ("deep-managers-1", 81)):
        assert any(name in line and f".{last} " in line for line in status.splitlines())


def test_each_worker_has_its_data_disk_attached(deep: Project) -> None:
    assert in_datastore(deep) == DISKS
    for number in (1, 2):
        system, data = machine(deep, f"deep-workers-{number}")["disks"]
        assert (system["label"], data["label"], data["attach"]) == ("os", "data", True)
        assert data["path"] == f"longshore-deep/deep-workers-{number}-data.vmdk"


def test_a_changed_template_replaces_nothing(deep: Project) -> None:
    def change(config: dict[str, Any]) -> None:
        config["longshore:target"]["template"] = "debian-12-docker-v2"
        config["longshore:cluster"]["pools"]["workers"]["template"] = ITEM | {"item": "debian-12-docker-v2-item"}

    with deep.edited(change, "deep"):
        assert deep.steps("deep") == []


def test_a_strict_rule_that_leaves_no_host_for_maintenance_is_refused_in_the_preview(deep: Project) -> None:
    def change(config: dict[str, Any]) -> None:
        workers = config["longshore:cluster"]["pools"]["workers"]
        network, _ = workers["addresses"][0].rsplit(".", 1)
        workers.update(count=4, addresses=[f"{network}.{last}" for last in (92, 91, 93, 94)])

    with deep.edited(change, "deep"):
        done = deep.run("preview", "--stack", "deep")
    assert done.code != 0
    assert "cluster.pools.workers.anti_affinity.mandatory: 4 machines" in done.output
    assert "need 5 hosts; the cluster has 4" in done.output
    assert "Traceback" not in done.output


def test_a_data_disk_survives_its_machine(deep: Project) -> None:
    in_worker(deep, "echo precious >/var/lib/docker/kept")

    def change(config: dict[str, Any]) -> None:
        config["longshore:cluster"]["pools"]["workers"]["generations"] = {1: 2}

    with deep.edited(change, "deep"):
        steps = deep.steps("deep")
        assert {step.name for step in steps if step.op == "replace"} == {
            "deep-workers-1", "deep-workers-1-engine", "deep-workers-1-member",
        }  # fmt: skip
        assert not [step for step in steps if step.type == "VirtualDisk"]
        deep.ok("up", "--stack", "deep", "--yes")
        deep.ok("preview", "--stack", "deep", "--refresh", "--expect-no-changes")
        assert machine(deep, "deep-workers-1")["disks"][1]["path"] == f"longshore-deep/{DISKS[0]}"
        assert in_datastore(deep) == DISKS
        assert in_worker(deep, "cat /var/lib/docker/kept") == "precious\n"

    def raised(config: dict[str, Any]) -> None:
        change(config)
        config["longshore:cluster"]["pools"]["workers"]["generations"] = {2: 1}
        config["longshore:cluster"]["pools"]["workers"]["generation"] = 2

    with deep.edited(raised, "deep"):
        assert deep.steps("deep") == []


def test_a_protected_disk_stops_what_would_drop_it(deep: Project) -> None:
    def change(config: dict[str, Any]) -> None:
        config["longshore:cluster"]["pools"]["workers"].pop("data_disk")

    with deep.edited(change, "deep"):
        done = deep.run("preview", "--stack", "deep")
    assert done.code != 0
    assert "protect" in done.output


def test_a_disk_that_is_no_longer_protected_leaves_the_stack_but_stays_in_the_datastore(deep: Project) -> None:
    def shrink(config: dict[str, Any]) -> None:
        unprotect(config)
        pools = config["longshore:cluster"]["pools"]
        pools["workers"].update(generations={1: 2}, count=1)

    def lift(config: dict[str, Any]) -> None:
        unprotect(config)
        config["longshore:cluster"]["pools"]["workers"]["generations"] = {1: 2}

    with deep.edited(lift, "deep"):
        deep.ok("up", "--stack", "deep", "--yes")
    with deep.edited(shrink, "deep"):
        assert Step("delete", "VirtualDisk", "deep-workers-2-data") in deep.steps("deep")
        deep.ok("up", "--stack", "deep", "--yes")
    assert in_datastore(deep) == DISKS
