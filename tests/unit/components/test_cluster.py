"""The resources that a stack becomes, decided without any engine."""

from __future__ import annotations

import json
from typing import Any

import pytest

from spec.errors import SpecError
from tests.conftest import Golden
from tests.recorder import is_secret
from tests.unit.components.stacks import recorded

VM = "vsphere:index/virtualMachine:VirtualMachine"


def test_the_resource_tree(golden: Golden) -> None:
    golden.check("resource-tree.txt", recorded().tree())


def test_a_preview_registers_the_same_tree(golden: Golden) -> None:
    golden.check("resource-tree.txt", recorded(preview=True).tree())


def test_each_node_is_one_machine_under_its_own_name() -> None:
    recording = recorded()
    names = recording.of_type(VM)
    assert names == ["shop-managers-1", "shop-managers-2", "shop-managers-3", "shop-workers-1", "shop-workers-2"]
    assert [recording.inputs[name]["name"] for name in names] == names


def test_scaling_a_pool_touches_only_the_highest_number() -> None:
    two, three = recorded(), recorded({"cluster.pools.workers.count": 3})
    added = set(three.urns) - set(two.urns)
    assert {urn.rsplit("::", 1)[1] for urn in added} == {
        "shop-workers-3", "shop-workers-3-engine", "shop-workers-3-member",
    }  # fmt: skip
    assert set(two.urns) <= set(three.urns)


def test_a_changed_template_is_ignored_by_machines_that_exist() -> None:
    assert "clone" in recorded().requests["shop-workers-1"].ignoreChanges


def test_a_machine_is_deleted_before_its_replacement_takes_its_address() -> None:
    request = recorded().requests["shop-managers-1"]
    assert request.deleteBeforeReplace


def test_a_higher_generation_triggers_the_replacement() -> None:
    before, after = recorded(), recorded({"cluster.pools.workers.generation": 2})
    assert before.requests["shop-workers-1"].replacement_trigger != after.requests["shop-workers-1"].replacement_trigger
    assert (
        before.requests["shop-managers-1"].replacement_trigger == after.requests["shop-managers-1"].replacement_trigger
    )


def triggers(changes: dict[str, Any]) -> dict[str, Any]:
    requests = recorded(changes).requests
    return {
        name: str(requests[name].replacement_trigger) for name in requests if name.startswith("shop-") and "-" in name
    }


def test_a_generation_of_its_own_replaces_that_node_only() -> None:
    before, after = triggers({}), triggers({"cluster.pools.managers.generations": {"3": 2}})
    assert {name for name in before if before[name] != after[name]} == {"shop-managers-3"}


def test_raising_the_pool_afterwards_moves_only_the_others() -> None:
    rolled = triggers({"cluster.pools.managers.generations": {"1": 2, "2": 2, "3": 2}})
    raised = triggers({"cluster.pools.managers.generation": 2})
    assert rolled == raised


def test_another_generation_is_another_machine_also_where_the_id_stays() -> None:
    raised = recorded({"cluster.pools.managers.generations": {"3": 2}})
    assert raised.inputs["shop-managers-3-engine"]["machine"] == "shop-managers-3-id@2"
    assert raised.inputs["shop-managers-2-engine"]["machine"] == "shop-managers-2-id@1"


def test_hot_add_is_on_from_birth_and_modes_are_explicit() -> None:
    inputs = recorded().inputs["shop-workers-1"]
    assert inputs["cpuHotAddEnabled"]
    assert inputs["memoryHotAddEnabled"]
    assert (inputs["hvMode"], inputs["eptRviMode"]) == ("hvAuto", "automatic")
    assert inputs["extraConfigRebootRequired"] is False


def test_the_templates_hardware_is_copied() -> None:
    inputs = recorded().inputs["shop-workers-1"]
    assert (inputs["guestId"], inputs["firmware"], inputs["scsiType"]) == ("debian11_64Guest", "efi", "pvscsi")
    assert inputs["disks"][0]["size"] == 20


def test_extra_config_is_filled_in_per_machine() -> None:
    inputs = recorded({"target.extra_config": {"key": "{name} at {address}"}}).inputs["shop-workers-2"]
    assert inputs["extraConfig"]["key"] == "shop-workers-2 at 10.20.0.22"


def test_no_secret_is_in_plain_inputs() -> None:
    inputs = recorded().inputs
    sealed = {"cache-password": "data", "vcenter": "password"}
    assert all(is_secret(inputs[name][key]) for name, key in sealed.items())
    assert "canary" not in json.dumps({name: each for name, each in inputs.items() if name not in sealed}, default=str)


def test_the_managers_are_written_down_before_any_machine_and_after_every_member() -> None:
    recording = recorded({"cluster.pools.managers.generations": {2: 3}})
    wanted = {f"shop-managers-{n}": f"{3 if n == 2 else 1}@10.20.0.1{n}" for n in (1, 2, 3)}
    for state in ("planned", "reached"):
        assert recording.inputs[f"shop-managers-{state}"]["managers"] == wanted
    before = {urn.rsplit("::", 1)[1] for urn in recording.requests["shop-workers-1"].dependencies}
    after = {urn.rsplit("::", 1)[1] for urn in recording.requests["shop-managers-reached"].dependencies}
    assert "shop-managers-planned" in before
    assert {"shop-managers-3-member", "shop-workers-2-member"} <= after


def test_single_nodes_can_be_kept_empty() -> None:
    inputs = recorded({"cluster.pools.workers.drained": [2]}).inputs
    assert [inputs[f"shop-workers-{n}-member"]["availability"] for n in (1, 2)] == ["active", "drain"]


def test_services_outlive_nodes_but_not_the_swarm() -> None:
    request = recorded().requests["web"]
    assert request.deletedWith.endswith("::shop-swarm")


def test_the_docker_provider_waits_for_every_member() -> None:
    dependencies = {urn.rsplit("::", 1)[1] for urn in recorded().requests["shop-docker"].dependencies}
    assert {f"shop-managers-{n}-member" for n in (1, 2, 3)} <= dependencies


def test_networks_are_joined_by_id() -> None:
    [network] = recorded().inputs["web"]["taskSpec"]["networksAdvanceds"]
    assert network == {"id": "network-backend-id"}


@pytest.mark.parametrize(("ports", "order"), [([], "start-first"), ([{"target": 1, "published": 1}], "stop-first")])
def test_a_host_port_is_freed_before_the_new_task_needs_it(ports: list[dict[str, int]], order: str) -> None:
    assert recorded({"services.web.ports": ports}).inputs["web"]["updateConfig"]["order"] == order


def test_a_config_file_that_is_missing_is_a_spec_error() -> None:
    with pytest.raises(SpecError, match=r"configs\.site\.file"):
        recorded({"configs.site": {"file": "no/such/file"}})


def test_a_rollout_is_waited_for_and_any_change_of_the_service_is_another_one() -> None:
    inputs = recorded().inputs
    assert "convergeConfig" not in inputs["web"]
    ready = inputs["web-ready"]
    assert (ready["serviceId"], ready["clusterId"], ready["timeoutSeconds"]) == ("web-id", "swarm-1", 180)
    assert len(ready["managers"]) == 3
    revisions = {ready["revision"]}
    changes = {"replicas": 3, "image": "registry.test/web:1.1", "labels": {"a": "b"}, "env": {"A": "b"}, "ports": []}
    for key, value in changes.items():
        revisions.add(recorded({f"services.web.{key}": value}).inputs["web-ready"]["revision"])
    assert len(revisions) == len(changes) + 1


def test_waiting_longer_is_no_rollout() -> None:
    rollout = recorded({"services.web.rollout": {"timeout": "1h", "monitor": "5s"}}).inputs["web-ready"]
    assert rollout["timeoutSeconds"] == 3600
    assert rollout["revision"] == recorded().inputs["web-ready"]["revision"]


def test_limits_are_given_only_when_declared() -> None:
    assert "resources" not in recorded().inputs["web"]["taskSpec"]
    declared = recorded({"services.web.limits": {"cpus": 0.5, "memory": "64 MiB"}}).inputs["web"]["taskSpec"]
    assert declared["resources"]["limits"] == {"nanoCpus": 500_000_000, "memoryBytes": 64 * 1024**2}


def test_a_global_service_is_waited_for_on_every_node() -> None:
    many = {"cluster.pools.workers.count": 30, "services.web.mode": "global", "services.web.replicas": None}
    inputs = recorded(many | {"services.web.rollout": {"monitor": "10s"}}).inputs
    assert inputs["web"]["mode"] == {"global": True}
    assert inputs["web-ready"]["timeoutSeconds"] == 120 + 33 * (10 + 10)


def test_placement_restart_reservations_and_log_are_told() -> None:
    declared = {
        "services.web.spread": ["node.labels.zone"],
        "services.web.restart": {"condition": "on-failure", "max_attempts": 3},
        "services.web.reservations": {"cpus": 0.25},
        "services.web.log": {"driver": "journald"},
        "services.web.aliases": {"backend": ["www"]},
    }
    task = recorded(declared).inputs["web"]["taskSpec"]
    assert task["placement"]["prefs"] == ["spread=node.labels.zone"]
    assert (task["restartPolicy"]["condition"], task["restartPolicy"]["maxAttempts"]) == ("on-failure", 3)
    assert task["resources"] == {"reservation": {"nanoCpus": 250_000_000}}
    assert task["logDriver"] == {"name": "journald"}
    assert task["networksAdvanceds"] == [{"id": "network-backend-id", "aliases": ["www"]}]
