"""From a pool to a member: machines, engines and the Swarm, as the stack file declares them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.cluster import DockerCluster
from components.targets.vsphere.inventory import _named
from spec.errors import TargetError
from tests import recorder
from tests.recorder import build
from tests.specs import stack
from tests.unit.components.recordings import whole

VM = "vsphere:index/virtualMachine:VirtualMachine"
WORKERS = "cluster.pools.workers"


def test_sizes_are_sent_in_vcenters_units() -> None:
    inputs = whole({f"{WORKERS}.memory": "1.5 GiB", f"{WORKERS}.disk": "2 TiB", f"{WORKERS}.cpus": 6}).inputs
    machine = inputs["shop-workers-1"]
    assert (machine["numCpus"], machine["memory"], machine["disks"][0]["size"]) == (6, 1536, 2048)


def test_the_disk_is_made_as_the_templates() -> None:
    [disk] = whole().inputs["shop-workers-1"]["disks"]
    assert (disk["label"], disk["thinProvisioned"], disk["eagerlyScrub"]) == ("os", True, False)


def test_machines_live_in_a_folder_of_project_and_stack() -> None:
    recording = whole()
    assert recording.inputs["folder"]["path"] == "longshore-test"
    assert whole({"target.folder": "mine"}).inputs["folder"]["path"] == "mine"
    assert recording.inputs["shop-workers-1"]["folder"] == "longshore-test"


@pytest.mark.parametrize(
    ("changes", "key", "sent"),
    [
        ({}, "waitForGuestNetTimeout", 10),
        ({"target.wait_for_guest_minutes": 3}, "waitForGuestNetTimeout", 3),
        ({"target.wait_for_routable": False}, "waitForGuestNetRoutable", False),
        ({}, "ignoredGuestIps", ["172.17.0.0/16", "10.200.0.0/16"]),
        ({}, "resourcePoolId", "pool-1"),
    ],
)
def test_the_target_decides_how_a_machine_is_waited_for(changes: dict[str, Any], key: str, sent: object) -> None:
    assert whole(changes).inputs["shop-workers-1"][key] == sent


def test_a_resource_pool_of_its_own_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(recorder.LOOKUPS, "vsphere:index/getResourcePool:getResourcePool", {"id": "pool-7"})
    inputs = whole({"target.resource_pool": "shop"}).inputs
    assert inputs["shop-workers-1"]["resourcePoolId"] == "pool-7"


@pytest.mark.parametrize("field", ["datacenter", "network.name"])
def test_a_look_up_that_fails_names_its_field_and_the_last_of_the_reasons(field: str) -> None:
    with pytest.raises(TargetError) as caught, _named(f"target.{field}", "DC9"):
        raise Exception("invoke of vsphere:index/x failed: error fetching it: 'DC9' not found")
    assert (caught.value.where, caught.value.found) == (f"target.{field}", "DC9: 'DC9' not found")
    assert "docs/vcenter.md" in caught.value.fix


def test_own_extra_config_never_hides_guestinfo() -> None:
    sent = whole({"target.extra_config": {"guestinfo.userdata": "mine", "a": "b"}}).inputs["shop-workers-1"]
    assert sent["extraConfig"]["guestinfo.userdata"] != "mine"
    assert sent["extraConfig"]["a"] == "b"


def test_one_machine_needs_nobody_to_be_kept_apart_from() -> None:
    recording = whole({f"{WORKERS}.anti_affinity": "hosts", f"{WORKERS}.count": 1})
    assert "shop-pool-workers-apart" not in recording.inputs


def test_an_engine_is_waited_for_at_the_declared_address() -> None:
    changes = {"engine.ssh.port": 2222, "engine.ssh.user": "ops", "engine.ready_timeout_minutes": 5}
    inputs = whole(changes).inputs["shop-workers-2-engine"]
    assert (inputs["host"], inputs["port"], inputs["user"]) == ("10.20.0.22", 2222, "ops")
    assert inputs["timeoutSeconds"] == 300
    assert inputs["machine"] == "shop-workers-2-id@1"


def test_a_key_file_is_found_from_the_project(tmp_path: Path) -> None:
    changes = {"engine.ssh.key_file": ".lab/id"}
    assert whole(changes, tmp_path).inputs["shop-workers-1-engine"]["keyFile"] == str(tmp_path / ".lab/id")
    assert "keyFile" not in whole().inputs["shop-workers-1-engine"]


def test_the_swarm_is_born_with_what_it_can_never_change() -> None:
    changes = {"cluster.overlay_pool": ["10.9.0.0/16"], "cluster.overlay_prefix": 26, "cluster.data_path_port": 4790}
    inputs = whole(changes).inputs["shop-swarm"]
    assert inputs["name"] == "shop"
    assert (inputs["defaultAddrPool"], inputs["subnetSize"], inputs["dataPathPort"]) == (["10.9.0.0/16"], 26, 4790)
    assert [each["name"] for each in inputs["managers"]] == [f"shop-managers-{n}" for n in (1, 2, 3)]


def test_a_member_has_its_pools_labels_and_a_label_of_the_pool() -> None:
    inputs = whole({f"{WORKERS}.labels": {"zone": "a"}, f"{WORKERS}.availability": "pause"}).inputs
    member = inputs["shop-workers-1-member"]
    assert member["labels"] == {"pool": "workers", "zone": "a"}
    assert (member["role"], member["availability"], member["clusterId"]) == ("worker", "pause", "swarm-1")


def test_a_pool_may_name_itself_otherwise() -> None:
    inputs = whole({f"{WORKERS}.labels": {"pool": "gpu"}}).inputs
    assert inputs["shop-workers-1-member"]["labels"] == {"pool": "gpu"}


def test_a_member_goes_with_its_swarm_and_before_its_successor() -> None:
    request = whole().requests["shop-workers-1-member"]
    assert request.deletedWith.endswith("::shop-swarm")
    assert request.deleteBeforeReplace


def test_the_outputs_name_every_node_and_service() -> None:
    made: list[DockerCluster] = []
    spec = stack()
    build(lambda: made.append(DockerCluster("shop", spec, Path())))
    outputs: Any = made[0].outputs
    assert set(outputs) == {"name", "swarmId", "managers", "nodes", "overlay", "services"}
    assert set(outputs["nodes"]["shop-workers-1"]) == {"address", "role", "connection"}
    assert outputs["nodes"]["shop-workers-1"]["address"] == "10.20.0.21"
    assert outputs["overlay"] == {"port": 4789, "mtu": 1450}
    assert (len(outputs["nodes"]), len(outputs["managers"]), outputs["services"]) == (5, 3, {"web": [80]})


def test_a_cluster_of_one_is_whole() -> None:
    recording = whole({"cluster.pools.workers": None, "cluster.pools.managers.count": 1})
    assert recording.of_type(VM) == ["shop-managers-1"]
    assert recording.inputs["shop-docker"]["host"] == "ssh://root@10.20.0.11"


def test_a_join_must_carry_the_largest_packet_of_the_stacks_networks() -> None:
    recording = whole({"networks.backend.mtu": 1400, "cluster.data_path_port": 4790})
    assert {recording.inputs[name]["overlayMtu"] for name in recording.of_type("swarm:index:Node")} == {1400}
    assert recording.inputs["shop-swarm"]["dataPathPort"] == 4790
    assert recording.inputs["network-backend"]["options"] == {"com.docker.network.driver.mtu": "1400"}
