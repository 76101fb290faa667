"""Machines: replaced, rebooted, resized; alone, in groups and in pools."""

from __future__ import annotations

from typing import Any

import pytest

from review.rules.machines import pool
from tests.unit.review import log
from tests.unit.review.ask import Steps, ask, create, delete, forced, member, named, replace, same, says, update

BIOS, EFI = {"firmware": "bios"}, {"firmware": "efi"}


def renewed(name: str, **more: Any) -> Steps:
    old, new = ({"clone": {"templateUuid": template}} for template in "ab")
    return forced("vm", name, old, new, "clone.templateUuid", **more)


def rebooted(*names: str, **inputs: Any) -> list[Steps]:
    return [update("vm", name, {**BIOS, **inputs}, {**EFI, **inputs}) for name in names]


@pytest.mark.parametrize(
    ("name", "of"),
    [("shop-workers-1", "shop-workers"), ("w12", "w"), ("w_3", "w"), ("web", "web"), ("a-1-b", "a-1-b"), ("7", "")],
)
def test_a_pool_is_a_name_without_its_number(name: str, of: str) -> None:
    class Named:
        def __init__(self) -> None:
            self.name = name

    assert pool(Named()) == of  # type: ignore[arg-type]


def test_machines_replaced_for_the_same_reason_are_one_risk() -> None:
    both, alone = ask("VM-REPLACED", renewed("w1"), renewed("w2"), replace("vm", "w3", order="create-first"))
    assert (both.what, both.why) == (
        "machines `w1`, `w2` are replaced (deleted first): new disks, host keys and MAC address.",
        "`clone.templateUuid` changes",
    )
    assert (alone.what, alone.why) == (
        "machine `w3` is replaced (created first): new disks, host keys and MAC address.",
        "its replacement was asked for (such as a raised generation)",
    )
    assert named(both) == ["w1", "w2"]


def test_a_machine_that_is_deleted_gets_nothing_new() -> None:
    (risk,) = ask("VM-REPLACED", delete("vm", "w1"), delete("vm", "w2"))
    assert (risk.what, risk.why) == ("machines `w1`, `w2` are deleted.", "it is no longer declared")


@pytest.mark.parametrize(
    "steps",
    [
        update("vm", "w1", BIOS, EFI),
        create("vm", "w1", name="w1"),
        delete("vm", "w1", was={"external": True}),
        delete("vm", "w1", was={"delete": True}),
        replace("container", "w1"),
    ],
)
def test_no_machine_of_ours_is_replaced(steps: Steps) -> None:
    assert says("VM-REPLACED", steps) == ""


@pytest.mark.parametrize(
    ("gone", "stay", "told"),
    [(2, 2, True), (2, 3, False), (1, 0, False), (1, 1, False), (3, 1, True), (2, 0, True)],
)
def test_half_of_a_pool_at_once_is_too_much(gone: int, stay: int, told: bool) -> None:
    groups = [renewed(f"w-{n}") for n in range(gone)] + [same("vm", f"w-{9 - n}") for n in range(stay)]
    sentence = f"{gone} of {gone + stay} machines of pool `w` are replaced at once."
    assert says("VM-FLEET-REPLACED", *groups) == (sentence if told else "")


def test_new_machines_do_not_make_a_pool_larger_than_it_is() -> None:
    new = [create("vm", f"w-{n}", name="x") for n in (3, 4, 5)]
    assert says("VM-FLEET-REPLACED", renewed("w-1"), renewed("w-2"), *new).startswith("2 of 2 machines")


def test_each_pool_is_counted_by_itself() -> None:
    mixed = [renewed("w-1"), same("vm", "w-2"), same("vm", "w-3"), renewed("m-1"), same("vm", "m-2"), same("vm", "m-3")]
    assert says("VM-FLEET-REPLACED", *mixed) == ""


def test_a_fleet_replaced_in_turn_is_none() -> None:
    both = [renewed("w-1"), renewed("w-2")]
    assert says("VM-FLEET-REPLACED", *both) != ""
    assert says("VM-FLEET-REPLACED", *both, needs={"w-1": ["w-2"]}) == ""


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({}, "a shutdown of at most 3 min, then a hard power-off"),
        ({"shutdownWaitTimeout": 10}, "a shutdown of at most 10 min, then a hard power-off"),
        ({"forcePowerOff": False}, "a shutdown of at most 3 min"),
        ({"forcePowerOff": True, "shutdownWaitTimeout": 1}, "a shutdown of at most 1 min, then a hard power-off"),
        ({"shutdownWaitTimeout": log.COMPUTED}, "a shutdown of at most 3 min, then a hard power-off"),
    ],
)
def test_a_reboot_is_told_with_how_long_the_guest_is_given(inputs: dict[str, Any], why: str) -> None:
    (risk,) = ask("VM-REBOOT", *rebooted("w1", **inputs))
    assert (risk.what, risk.why) == ("`w1` power-cycles: `firmware` changes.", why)
    assert risk.do == "drain the node first, and change one at a time"


def test_machines_that_reboot_for_the_same_reason_are_one_risk_if_they_are_given_the_same_time() -> None:
    same_time = ask("VM-REBOOT", *rebooted("w1", "w2"), *rebooted("w3", shutdownWaitTimeout=20))
    assert sorted((risk.what, risk.why[:27]) for risk in same_time) == [
        ("`w1`, `w2` power-cycle: `firmware` changes.", "a shutdown of at most 3 min"),
        ("`w3` power-cycles: `firmware` changes.", "a shutdown of at most 20 mi"),
    ]


def test_more_than_eight_machines_are_counted() -> None:
    (risk,) = ask("VM-REBOOT", *rebooted(*(f"w{n}" for n in range(1, 12))))
    assert risk.what.startswith("`w1`, `w10`, `w11`, `w2`, `w3`, `w4`, `w5`, `w6` and 3 more power-cycle")
    assert len(risk.urns) == 11


@pytest.mark.parametrize(
    ("size", "down", "managers", "told"),
    [
        (4, 2, False, False),
        (4, 3, False, True),
        (2, 1, False, False),
        (2, 2, False, True),
        (1, 1, False, False),
        (3, 1, True, False),
        (3, 2, True, True),
        (5, 2, True, False),
        (5, 3, True, True),
    ],
)
def test_how_much_of_a_pool_may_reboot_at_once(size: int, down: int, managers: bool, told: bool) -> None:
    groups = rebooted(*(f"m-{n}" for n in range(down))) + [same("vm", f"m-{n}") for n in range(down, size)]
    groups += [member(f"m-{n}") for n in range(size)] if managers else []
    found = ask("VM-REBOOT-FLEET", *groups)
    assert [risk.what for risk in found] == (
        [f"{down} of {size} machines of pool `m` reboot in the same update."] if told else []
    )
    assert all(risk.why == "`firmware` changes" for risk in found)


def test_a_fleet_that_reboots_in_turn_is_none() -> None:
    assert says("VM-REBOOT-FLEET", *rebooted("w-1", "w-2"), needs={"w-2": ["w-1"]}) == ""


def test_machines_grow_while_running_together_or_apart() -> None:
    flags = {"memoryHotAddEnabled": True, "cpuHotAddEnabled": True}
    grown = [update("vm", f"w{n}", {"memory": 1024, **flags}, {"memory": 2048, **flags}) for n in (1, 2)]
    other = update("vm", "w3", {"numCpus": 1, **flags}, {"numCpus": 2, **flags})
    assert {risk.what for risk in ask("VM-HOTPLUG-OK", *grown, other)} == {
        "`w1`, `w2` grow while running: `memory` 1024 → 2048.",
        "`w3` grows while running: `numCpus` 1 → 2.",
    }


def test_a_machine_that_shrinks_does_not_grow() -> None:
    flags = {"cpuHotRemoveEnabled": True}
    assert says("VM-HOTPLUG-OK", update("vm", "w1", {"numCpus": 2, **flags}, {"numCpus": 1, **flags})) == ""


@pytest.mark.parametrize("key", ["guestinfo.userdata", "guestinfo.metadata", "guestinfo.vendordata"])
@pytest.mark.parametrize(("old", "new"), [("a", "b"), (None, "b"), ("a", None)])
def test_cloud_init_of_a_running_machine_has_no_effect(key: str, old: str | None, new: str | None) -> None:
    sides = [{"extraConfig": {"other": "x"} | ({key: side} if side else {})} for side in (old, new)]
    (risk,) = ask("VM-CLOUDINIT-RUNNING", update("vm", "w1", *sides))
    assert risk.what == "`w1`: its cloud-init data changes, and cloud-init will not run again."
    assert risk.do.startswith("raise the node's generation")


def test_cloud_init_that_comes_with_all_of_the_extra_configuration_is_seen() -> None:
    data = {"extraConfig": {"guestinfo.userdata": "a"}}
    assert says("VM-CLOUDINIT-RUNNING", update("vm", "w1", {}, data)) != ""
    assert says("VM-CLOUDINIT-RUNNING", update("vm", "w1", data, {})) != ""
    assert says("VM-CLOUDINIT-RUNNING", update("vm", "w1", {}, {"extraConfig": {"other": "a"}})) == ""


@pytest.mark.parametrize("key", ["guestinfo.userdata.encoding", "guestinfo.hostname", "userdata", "disk.enableUUID"])
def test_other_extra_configuration_is_no_cloud_init(key: str) -> None:
    steps = update("vm", "w1", {"extraConfig": {key: "a"}}, {"extraConfig": {key: "b"}})
    assert says("VM-CLOUDINIT-RUNNING", steps) == ""


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ({"hvMode": ""}, {"hvMode": "hvAuto"}, "`hvMode`"),
        ({"hvMode": "", "eptRviMode": ""}, {"hvMode": "hvAuto", "eptRviMode": "automatic"}, "`eptRviMode`, `hvMode`"),
        ({"hvMode": "", "firmware": "bios"}, {"hvMode": "hvAuto", "firmware": "efi"}, None),
        ({}, {}, None),
    ],
)
def test_a_difference_that_comes_back(old: dict[str, Any], new: dict[str, Any], why: str | None) -> None:
    found = ask("VM-PERPETUAL-DIFF", update("vm", "w1", old, new))
    assert [risk.why for risk in found] == ([] if why is None else [why])
    assert all(risk.what.endswith("for a difference that is not yours and will return.") for risk in found)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ({"hardwareVersion": 19}, {"hardwareVersion": 21}, "`w1`: virtual hardware 19 → 21, for good."),
        ({}, {"hardwareVersion": 21}, "`w1`: virtual hardware (not set) → 21, for good."),
        ({"hardwareVersion": 19}, {}, ""),
        ({"hardwareVersion": 19}, {"hardwareVersion": log.COMPUTED}, ""),
    ],
)
def test_new_virtual_hardware_is_for_good(old: dict[str, Any], new: dict[str, Any], sentence: str) -> None:
    assert says("HWVERSION-UP", update("vm", "w1", old, new)) == sentence
    assert says("HWVERSION-UP", replace("vm", "w1", old, new)) == ""
