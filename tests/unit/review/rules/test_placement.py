"""Where machines run, how they are connected, what they are made from."""

from __future__ import annotations

from typing import Any

import pytest

from review.marks import COMPUTED
from tests.unit.review import log
from tests.unit.review.ask import Steps, ask, create, delete, replace, same, says, update

DATASTORE_RULE = "vsphere:index/datastoreClusterVmAntiAffinityRule:DatastoreClusterVmAntiAffinityRule"


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({"hostSystemId": "a"}, {"hostSystemId": "b"}, "`hostSystemId`"),
        ({"resourcePoolId": "a"}, {"resourcePoolId": "b"}, "`resourcePoolId`"),
        (
            {"hostSystemId": "a", "resourcePoolId": "a"},
            {"hostSystemId": "b", "resourcePoolId": "b"},
            "`hostSystemId`, `resourcePoolId`",
        ),
        ({}, {"hostSystemId": "b"}, "`hostSystemId`"),
        ({"datastoreId": "a"}, {"datastoreId": "b"}, ""),
        ({"hostSystemIds": "a"}, {"hostSystemIds": "b"}, ""),
    ],
)
def test_a_machine_moves_to_another_host(old: dict[str, Any], new: dict[str, Any], paths: str) -> None:
    said = says("HOST-MOVE", update("vm", "w1", old, new))
    assert said == (f"`w1` moves while running: {paths}." if paths else "")


def test_a_new_machine_does_not_move() -> None:
    assert says("HOST-MOVE", create("vm", "w1", hostSystemId="a")) == ""
    assert says("HOST-MOVE", replace("vm", "w1", {"hostSystemId": "a"}, {"hostSystemId": "b"})) == ""


def apart(old: Any, new: Any) -> Steps:
    return update(
        "apart", "apart", {"virtualMachineIds": old, "enabled": True}, {"virtualMachineIds": new, "enabled": True}
    )


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        (delete("apart", "apart"), "the rule `apart` that keeps machines apart is deleted."),
        (replace("apart", "apart"), "the rule `apart` that keeps machines apart is replaced (deleted first)."),
        (delete(DATASTORE_RULE, "apart"), "the rule `apart` that keeps machines apart is deleted."),
        (apart(["a", "b", "c"], ["a", "b"]), "`apart` keeps 2 machines apart instead of 3."),
        (apart(["a", "b"], []), "`apart` keeps 0 machines apart instead of 2."),
        (apart(["a", "b"], ["a", "b", "c"]), ""),
        (apart(["a", "b"], ["a", log.COMPUTED]), ""),
        (apart(["a", "b"], log.COMPUTED), ""),
        (create("apart", "apart", virtualMachineIds=["a"]), ""),
        (same("apart", "apart", virtualMachineIds=["a"]), ""),
    ],
)
def test_machines_are_no_longer_kept_apart(steps: Steps, sentence: str) -> None:
    assert says("ANTIAFFINITY-REMOVED", steps) == sentence


def nics(*items: dict[str, Any]) -> dict[str, Any]:
    return {"networkInterfaces": list(items)}


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        (nics({"networkId": "a"}), nics({"networkId": "b"}), "`networkInterfaces[0].networkId`"),
        (nics({"adapterType": "a"}), nics({"adapterType": "b"}), "`networkInterfaces[0].adapterType`"),
        (nics({"networkId": "a"}, {"networkId": "b"}), nics({"networkId": "a"}), "`networkInterfaces[1]`"),
        (
            nics({"networkId": "a"}, {"networkId": "b"}),
            nics({"networkId": "b"}),
            "`networkInterfaces[0].networkId`, `networkInterfaces[1]`",
        ),
        (nics({"networkId": "a"}), {}, "`networkInterfaces`"),
        (nics({"networkId": "a"}), nics({"networkId": "a"}, {"networkId": "b"}), ""),
        (nics({"networkId": "a", "bandwidthLimit": 9}), nics({"networkId": "a"}), ""),
        (nics({"networkId": "a", "bandwidthLimit": 9}), nics({"networkId": "a", "bandwidthLimit": 8}), ""),
        ({}, nics({"networkId": "a"}), ""),
    ],
)
def test_a_network_interface_changes(old: dict[str, Any], new: dict[str, Any], paths: str) -> None:
    said = says("NIC-CHANGED", update("vm", "w1", {"x": 1, **old}, {"x": 1, **new}))
    assert said == (f"`w1`: a network interface changes ({paths})." if paths else "")


@pytest.mark.parametrize(
    ("guest", "ended"),
    [
        ("debian10_64Guest", True),
        ("debian9_64Guest", True),
        ("Debian10_64Guest", True),
        ("centos7_64Guest", True),
        ("centos64Guest", True),
        ("rhel6_64Guest", True),
        ("sles11_64Guest", True),
        ("ubuntu18LtsGuest", True),
        ("debian11_64Guest", False),
        ("debian12_64Guest", False),
        ("centos9_64Guest", False),
        ("rhel9_64Guest", False),
        ("rhel10_64Guest", False),
        ("sles15_64Guest", False),
        ("ubuntu64Guest", False),
        ("otherLinux64Guest", False),
        ("", False),
        (COMPUTED, False),
    ],
)
def test_systems_without_security_fixes(guest: str, ended: bool) -> None:
    said = says("TEMPLATE-EOL", create("vm", "w1", guestId=guest))
    assert said == (f"`w1`: `{guest}` gets no security fixes." if ended else "")


def test_a_system_is_told_of_what_is_made_or_changed_not_of_what_goes_or_stays() -> None:
    old = {"guestId": "debian10_64Guest", "x": 1}
    assert ask("TEMPLATE-EOL", update("vm", "w1", old, {**old, "x": 2}))
    assert ask("TEMPLATE-EOL", replace("vm", "w1", old))
    assert not ask("TEMPLATE-EOL", delete("vm", "w1", old), same("vm", "w2", **old))
    assert not ask("TEMPLATE-EOL", replace("vm", "w1", old, {"guestId": "debian12_64Guest"}))
