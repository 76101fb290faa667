"""Which changes of a machine power-cycle it, and why: every cause the provider has, and its nearest harmless one."""

from __future__ import annotations

from typing import Any

import pytest

from review.build import from_lines
from review.model import Resource
from review.reboot import ALWAYS, DISK, NIC, grows_while_running, reboots
from tests.unit.review import log


def machine(old: dict[str, Any], new: dict[str, Any], op: str = "update", kind: str = log.VM) -> Resource:
    return from_lines(log.lines(log.steps(op, kind, "w1", old, new))).resources[0]


@pytest.mark.parametrize("name", sorted(ALWAYS))
def test_what_always_reboots(name: str) -> None:
    assert reboots(machine({name: "a"}, {name: "b"})) == [f"`{name}` changes"]
    assert reboots(machine({}, {name: "b"})) == [f"`{name}` changes"]


@pytest.mark.parametrize(
    "name",
    [
        "annotation",
        "folder",
        "tags",
        "hostSystemId",
        "datastoreId",
        "resourcePoolId",
        "memoryReservation",
        "memoryShareLevel",
        "cpuLimit",
        "customAttributes",
        "shutdownWaitTimeout",
        "waitForGuestNetTimeout",
        "extraConfigRebootRequired",
    ],
)
def test_what_never_does(name: str) -> None:
    assert reboots(machine({name: 1}, {name: 2})) == []


@pytest.mark.parametrize("shape", sorted(DISK))
def test_properties_of_a_disk_that_reboot(shape: str) -> None:
    name = shape.partition("].")[2]
    old, new = ({"disks": [{"label": "data", name: value}]} for value in ("a", "b"))
    assert reboots(machine(old, new)) == [f"`disks[data].{name}` changes"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([{"label": "data", "size": 10}], [{"label": "data", "size": 20}]),
        ([{"label": "root"}], [{"label": "root"}, {"label": "data", "unitNumber": 1}]),
        ([{"label": "root"}, {"label": "data", "diskMode": "x"}], [{"label": "root"}]),
        ([{"label": "data", "datastoreId": "a"}], [{"label": "data", "datastoreId": "b"}]),
    ],
)
def test_disks_may_grow_come_go_and_move_while_it_runs(old: list[Any], new: list[Any]) -> None:
    assert reboots(machine({"disks": old}, {"disks": new})) == []


@pytest.mark.parametrize("shape", sorted(NIC))
def test_properties_of_a_network_interface_that_reboot_without_tools(shape: str) -> None:
    name = shape.partition("].")[2]
    old, new = ({"networkInterfaces": [{"networkId": "n", name: value}]} for value in ("a", "b"))
    assert reboots(machine(old, new)) == [f"`networkInterfaces[0].{name}` changes (unless VMware Tools runs)"]


def test_a_network_interface_that_goes_reboots_and_one_that_comes_does_not() -> None:
    one, two = (
        {"networkInterfaces": [{"networkId": "a"}]},
        {"networkInterfaces": [{"networkId": "a"}, {"networkId": "b"}]},
    )
    assert reboots(machine(two, one)) == ["a network interface is removed (unless VMware Tools runs)"]
    assert reboots(machine(one, two)) == []


@pytest.mark.parametrize(
    ("old", "new", "causes"),
    [
        ({"memory": 4096}, {"memory": 8192}, ["`memory` 4096 → 8192 MiB, and hot-add was off"]),
        ({"memory": 4096, "memoryHotAddEnabled": True}, {"memory": 8192, "memoryHotAddEnabled": True}, []),
        (
            {"memory": 8192, "memoryHotAddEnabled": True},
            {"memory": 4096, "memoryHotAddEnabled": True},
            ["`memory` 8192 → 4096 MiB: memory can't be taken from a running machine"],
        ),
        (
            {"memory": 4096},
            {"memory": 8192, "memoryHotAddEnabled": True},
            ["`memory` 4096 → 8192 MiB, and hot-add was off", "`memoryHotAddEnabled` changes"],
        ),
        (
            {"memory": 4096, "memoryHotAddEnabled": "true"},
            {"memory": 8192, "memoryHotAddEnabled": "true"},
            ["`memory` 4096 → 8192 MiB, and hot-add was off"],
        ),
        ({"numCpus": 2}, {"numCpus": 4}, ["`numCpus` 2 → 4, and hot-add was off"]),
        ({"numCpus": 2, "cpuHotAddEnabled": True}, {"numCpus": 4, "cpuHotAddEnabled": True}, []),
        (
            {"numCpus": 4, "cpuHotAddEnabled": True},
            {"numCpus": 2, "cpuHotAddEnabled": True},
            ["`numCpus` 4 → 2, and hot-remove was off"],
        ),
        ({"numCpus": 4, "cpuHotRemoveEnabled": True}, {"numCpus": 2, "cpuHotRemoveEnabled": True}, []),
        ({"memory": 4096}, {"memory": log.COMPUTED}, ["`memory` changes to a value that is not known yet"]),
        ({}, {"memory": 8192}, ["`memory` is set to 8192 MiB; what it was is not known"]),
        ({"numCpus": 2}, {}, ["`numCpus` is no longer set; what it will be is not known"]),
    ],
)
def test_sizes_are_judged_by_the_flags_of_the_old_state(
    old: dict[str, Any], new: dict[str, Any], causes: list[str]
) -> None:
    assert reboots(machine(old, new)) == causes


@pytest.mark.parametrize(
    ("required", "causes"),
    [
        ({}, ["`extraConfig` changes"]),
        ({"extraConfigRebootRequired": True}, ["`extraConfig` changes"]),
        ({"extraConfigRebootRequired": False}, []),
    ],
)
def test_extra_configuration_reboots_unless_told_not_to(required: dict[str, bool], causes: list[str]) -> None:
    old, new = ({"extraConfig": {"a": value, "b": value}, **required} for value in ("1", "2"))
    assert reboots(machine(old, new)) == causes


@pytest.mark.parametrize("op", ["replace", "create", "delete", "same"])
def test_only_an_update_reboots(op: str) -> None:
    assert reboots(machine({"firmware": "bios"}, {"firmware": "efi"}, op)) == []


def test_only_a_machine_reboots() -> None:
    assert reboots(machine({"memory": 1}, {"memory": 2}, kind="docker:index/container:Container")) == []
    assert (
        reboots(
            machine({"name": "a"}, {"name": "b"}, kind="vsphere:index/virtualMachineSnapshot:VirtualMachineSnapshot")
        )
        == []
    )


def test_several_causes_are_told_in_the_order_of_their_paths_each_once() -> None:
    old = {"firmware": "bios", "memory": 2, "disks": [{"label": "a", "diskMode": "x"}, {"label": "b", "diskMode": "x"}]}
    new = {"firmware": "efi", "memory": 1, "disks": [{"label": "a", "diskMode": "y"}, {"label": "b", "diskMode": "y"}]}
    assert reboots(machine(old, new)) == [
        "`disks[a].diskMode` changes",
        "`disks[b].diskMode` changes",
        "`firmware` changes",
        "`memory` 2 → 1 MiB: memory can't be taken from a running machine",
    ]


def test_what_changes_size_while_running() -> None:
    flags = {"memoryHotAddEnabled": True, "cpuHotAddEnabled": True, "cpuHotRemoveEnabled": True}
    bigger = machine({"memory": 1024, "numCpus": 1, **flags}, {"memory": 2048, "numCpus": 2, **flags})
    assert grows_while_running(bigger) == ["`memory` 1024 → 2048", "`numCpus` 1 → 2"]
    assert grows_while_running(machine({"numCpus": 2, **flags}, {"numCpus": 1, **flags})) == []
    assert grows_while_running(machine({"memory": 1024}, {"memory": 2048})) == []
    assert grows_while_running(machine({"memory": 1024, **flags}, {"memory": 2048, **flags}, "replace")) == []
