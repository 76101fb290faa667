"""Managers, quorum, identity: what the Swarm rules say of one change and not of its nearest harmless neighbour."""

from __future__ import annotations

from typing import Any

import pytest

from review.rules.swarm import tolerance
from tests.unit.review.ask import (
    Steps,
    ask,
    create,
    delete,
    forced,
    member,
    named,
    replace,
    same,
    says,
    step,
    update,
)

OLD, NEW = {"clone": {"templateUuid": "a"}}, {"clone": {"templateUuid": "b"}}


def managers(count: int) -> list[Steps]:
    return [member(f"m{n}") for n in range(1, count + 1)]


def renewed(name: str, **more: Any) -> Steps:
    return forced("vm", name, {"name": name, **OLD}, {"name": name, **NEW}, "clone.templateUuid", **more)


def rebooted(name: str) -> Steps:
    return update("vm", name, {"name": name, "firmware": "bios"}, {"name": name, "firmware": "efi"})


@pytest.mark.parametrize(("managers_", "may_go"), [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2), (6, 2), (7, 3)])
def test_how_many_managers_may_be_away(managers_: int, may_go: int) -> None:
    assert tolerance(managers_) == may_go


def test_lost_quorum_is_told_with_every_manager_s_fate() -> None:
    (risk,) = ask("SWARM-QUORUM-LOST", renewed("m1"), rebooted("m2"), *managers(3))
    assert risk.what == (
        "2 of 3 managers (`m1`, `m2`) are away in the same update; quorum needs 2. "
        "A Swarm can't recover from that by itself."
    )
    assert risk.why == (
        "`m1` is replaced (deleted first): `clone.templateUuid` changes; `m2` reboots: `firmware` changes"
    )
    assert risk.do.startswith("change one manager at a time")
    assert named(risk) == ["m1", "m2"]


def test_a_manager_that_leaves_by_itself_is_told_by_its_membership() -> None:
    gone = delete("node", "m1-member", {"name": "m1", "role": "manager"})
    (risk,) = ask("SWARM-QUORUM-LOST", gone, rebooted("m2"), member("m2"), member("m3"))
    assert risk.why == "`m1` is deleted: it is no longer declared; `m2` reboots: `firmware` changes"
    assert named(risk) == ["m1-member", "m2"]


@pytest.mark.parametrize(
    ("groups", "needs"),
    [
        ([renewed("m1")], {}),
        ([renewed("w1"), renewed("w2"), renewed("w3")], {}),
        ([renewed("m1"), renewed("m2")], {"m2": ["m1"]}),
        ([renewed("m1"), rebooted("m2")], {"m1": ["m2"]}),
        ([update("vm", "m1", {"name": "m1", "note": "a"}, {"name": "m1", "note": "b"}), renewed("m2")], {}),
        ([create("node", "m4-member", name="m4", role="manager"), renewed("m1")], {}),
    ],
)
def test_quorum_holds(groups: list[Steps], needs: dict[str, list[str]]) -> None:
    assert says("SWARM-QUORUM-LOST", *groups, *managers(3), needs=needs) == ""


def test_two_managers_tolerate_nothing_not_even_in_turn() -> None:
    both = [renewed("m1"), renewed("m2"), *managers(2)]
    assert says("SWARM-QUORUM-LOST", *both, needs={"m2": ["m1"]}).startswith("2 of 2 managers")
    assert says("SWARM-QUORUM-LOST", renewed("m1"), *managers(2)).startswith("1 of 2 managers")


def test_one_after_the_other_means_every_pair_of_them() -> None:
    three = [renewed("m1"), renewed("m2"), renewed("m3"), *managers(3)]
    assert says("SWARM-QUORUM-LOST", *three, needs={"m2": ["m1"], "m3": ["m2"]}) == ""
    assert says("SWARM-QUORUM-LOST", *three, needs={"m2": ["m1"], "m3": ["m1"]}) != ""


@pytest.mark.parametrize(
    ("size", "spare"),
    [(3, "no other may fail meanwhile"), (5, "1 more may fail meanwhile"), (7, "2 more may fail meanwhile")],
)
def test_a_replaced_manager_is_told_with_what_may_still_fail(size: int, spare: str) -> None:
    (risk,) = ask("SWARM-MANAGER-REPLACED", renewed("m1"), *managers(size))
    assert risk.what == f"manager `m1` leaves and has to be demoted first; {spare}."
    assert (risk.why, risk.do) == (
        "`m1` is replaced (deleted first): `clone.templateUuid` changes",
        "check that every other manager is Reachable before applying",
    )


@pytest.mark.parametrize(
    "groups",
    [
        [rebooted("m1"), *managers(3)],
        [renewed("m1"), member("m1")],
        [renewed("m1"), renewed("m2"), *managers(3)],
        [renewed("w1"), member("w1", "worker"), *managers(3)],
    ],
)
def test_no_manager_is_replaced_within_the_tolerance(groups: list[Steps]) -> None:
    assert says("SWARM-MANAGER-REPLACED", *groups) == ""


def test_the_last_manager_takes_the_swarm_with_it() -> None:
    (risk,) = ask("SWARM-LAST-MANAGER", renewed("m1"), member("m1"), member("w1", "worker"))
    assert risk.what == "`m1` is the only manager: the Swarm and all that is declared in it is lost."
    assert risk.do.startswith("add managers first")
    assert says("SWARM-LAST-MANAGER", renewed("m1"), *managers(2)) == ""
    assert says("SWARM-LAST-MANAGER", renewed("w1"), member("m1"), member("w1", "worker")) == ""
    assert says("SWARM-LAST-MANAGER", rebooted("m1"), member("m1")) == ""


@pytest.mark.parametrize("op", ["replace", "delete"])
def test_the_swarm_itself_goes_with_its_services(op: str) -> None:
    gone = step(op, "swarm", "shop", {"name": "shop"}, {"name": "shop"}, keys=["subnetSize"])
    (risk,) = ask("SWARM-IDENTITY-LOST", gone, same("service", "a"), same("service", "b"))
    assert risk.what == "the Swarm `shop` is destroyed, and 2 service(s) with it."
    assert risk.why == ("subnetSize" if op == "replace" else "")


def test_a_swarm_that_is_made_or_changed_in_place_is_not_lost() -> None:
    assert says("SWARM-IDENTITY-LOST", create("swarm", "shop", name="shop")) == ""
    assert says("SWARM-IDENTITY-LOST", update("swarm", "shop", {"name": "a"}, {"name": "b"})) == ""


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        (
            [create("node", "m4-member", name="m4", role="manager"), *managers(3)],
            "4 managers result: they tolerate 1 failure(s), as 3 would.",
        ),
        (
            [delete("node", "m3-member", {"name": "m3", "role": "manager"}), *managers(2)],
            "2 managers result: they tolerate 0 failure(s), as 1 would.",
        ),
        (
            [
                update("node", "m1-member", {"name": "m1", "role": "worker"}, {"name": "m1", "role": "manager"}),
                member("m2"),
            ],
            "2 managers result: they tolerate 0 failure(s), as 1 would.",
        ),
        ([create("node", "m3-member", name="m3", role="manager"), *managers(2)], ""),
        ([*managers(2)], ""),
        ([create("node", "w1-member", name="w1", role="worker")], ""),
    ],
)
def test_an_even_number_of_managers(groups: list[Steps], sentence: str) -> None:
    assert says("SWARM-EVEN-MANAGERS", *groups) == sentence


def test_an_even_number_comes_with_the_two_numbers_that_are_better() -> None:
    (risk,) = ask("SWARM-EVEN-MANAGERS", create("node", "m4-member", name="m4", role="manager"), *managers(3))
    assert (risk.do, named(risk)) == ("declare 3 or 5 managers", ["m4-member"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"connection": {"host": "a"}}, {"connection": {"host": "b"}}),
        ({"connection": {"address": "a"}}, {"connection": {"address": "b"}}),
    ],
)
def test_a_manager_s_new_address_is_told(old: dict[str, Any], new: dict[str, Any]) -> None:
    who = {"name": "m1", "role": "manager"}
    (risk,) = ask("SWARM-ADVERTISE-ADDR", update("node", "m1-member", {**who, **old}, {**who, **new}))
    assert risk.what == "manager `m1` gets another address; the other managers keep the old one."
    assert risk.why == f"`connection.{next(iter(old['connection']))}`"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (
            {"networkInterfaces": [{"networkId": "a"}]},
            {"networkInterfaces": [{"networkId": "b"}]},
            "networkInterfaces[0].networkId",
        ),
        (
            {"networkInterfaces": [{"macAddress": "a"}]},
            {"networkInterfaces": [{"macAddress": "b"}]},
            "networkInterfaces[0].macAddress",
        ),
        (
            {"clone": {"customize": {"networkInterfaces": [{"ipv4Address": "a"}]}}},
            {"clone": {"customize": {"networkInterfaces": [{"ipv4Address": "b"}]}}},
            "clone.customize.networkInterfaces[0].ipv4Address",
        ),
        ({"networkInterfaces": [{"adapterType": "a"}]}, {"networkInterfaces": [{"adapterType": "b"}]}, ""),
        ({"connection": {"user": "a"}}, {"connection": {"user": "b"}}, ""),
    ],
)
def test_a_machine_s_new_address_is_its_manager_s(old: dict[str, Any], new: dict[str, Any], path: str) -> None:
    found = ask("SWARM-ADVERTISE-ADDR", update("vm", "m1", {"name": "m1", **old}, {"name": "m1", **new}), member("m1"))
    assert [risk.why for risk in found] == ([f"`{path}`"] if path else [])
    assert not ask("SWARM-ADVERTISE-ADDR", update("vm", "w1", old, new), member("w1", "worker"))


def test_a_manager_that_is_replaced_for_its_address_is_no_drop_out() -> None:
    moved = replace("vm", "m1", {"name": "m1", "networkInterfaces": [{"networkId": "a"}]}, {"name": "m1"})
    assert says("SWARM-ADVERTISE-ADDR", moved, *managers(3)) == ""
