"""Safety nets, providers, and more deleted than was meant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.review import log
from tests.unit.review.ask import Steps, ask, create, delete, named, replace, same, says, step, update

VSPHERE, DOCKER = "pulumi:providers:vsphere", "pulumi:providers:docker"


@pytest.mark.parametrize("op", ["same", "update", "replace"])
@pytest.mark.parametrize(
    ("rule", "option", "word"),
    [("PROTECT-REMOVED", "protect", "protected"), ("RETAIN-REMOVED", "retainOnDelete", "retained")],
)
def test_a_safety_net_is_taken_away(op: str, rule: str, option: str, word: str) -> None:
    for was, will, told in ((True, False, True), (True, True, False), (False, True, False), (False, False, False)):
        steps = step(op, "volume", "data", {"a": 1}, {"a": 1}, was={option: was}, will={option: will})
        assert says(rule, steps) == (f"`data` is no longer {word}." if told else "")


def test_what_is_deleted_needs_no_protection_but_loses_it() -> None:
    assert says("PROTECT-REMOVED", delete("volume", "data", was={"protect": True})) == "`data` is no longer protected."
    assert says("RETAIN-REMOVED", delete("volume", "data", was={"retainOnDelete": True})) == ""


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ([replace("vm", "w1", keys=["provider"])], "1 resource replaced for another provider: `w1`."),
        (
            [replace("vm", "w1", keys=["provider", "x"]), replace("vm", "w2", keys=["provider"])],
            "2 resources replaced for another provider: `w1`, `w2`.",
        ),
        (
            [replace("vm", "w1", keys=["provider"]), delete(VSPHERE, "vc")],
            "1 resource replaced for another provider (`vc` goes): `w1`.",
        ),
        (
            [replace("vm", "w1", keys=["provider"]), delete(VSPHERE, "a"), delete(VSPHERE, "b")],
            "1 resource replaced for another provider (`a`, `b` go): `w1`.",
        ),
        ([delete(VSPHERE, "vc")], "provider `vc` goes."),
        ([replace(VSPHERE, "vc")], "provider `vc` goes."),
        ([replace("vm", "w1", keys=["clone"])], ""),
        ([update(VSPHERE, "vc", {"a": 1}, {"a": 2}), create(VSPHERE, "new")], ""),
        ([delete("vm", "w1")], ""),
    ],
)
def test_resources_move_to_another_provider(groups: list[Steps], sentence: str) -> None:
    assert says("PROVIDER-CHANGED", *groups) == sentence


@pytest.mark.parametrize(
    ("old", "new", "sentence", "severity"),
    [
        ("4.17.0", "4.18.2", "4.17.0 → 4.18.2.", "WARN"),
        ("4.18.2", "5.0.0", "4.18.2 → 5.0.0.", "ACK"),
        ("5.0.0", "4.18.2", "5.0.0 → 4.18.2.", "ACK"),
        (None, "5.0.0", "(none) → 5.0.0.", "ACK"),
        ("4.17.0", None, "4.17.0 → (none).", "ACK"),
        ("4.17.0", {"name": None}, "4.17.0 → (no version).", "ACK"),
    ],
)
def test_a_provider_s_version(old: Any, new: Any, sentence: str, severity: str) -> None:
    sides: list[dict[str, Any]] = [{"version": side} if side else {} for side in (old, new)]
    (risk,) = ask("PROVIDER-UPGRADED", update(VSPHERE, "vc", *sides))
    assert (risk.what, risk.severity.name) == (f"provider `vc`: {sentence}", severity)


def test_a_version_of_something_else_is_no_provider_s() -> None:
    assert says("PROVIDER-UPGRADED", update("service", "web", {"version": "1"}, {"version": "2"})) == ""
    assert says("PROVIDER-UPGRADED", update(VSPHERE, "vc", {"user": "1"}, {"user": "2"})) == ""


def on(provider: str, name: str, op: str = "same") -> Steps:
    where = f"{log.urn(DOCKER, provider)}::some-id"
    return step(op, "volume", name, {}, {}, was={"provider": where}, will={"provider": where})


def test_a_docker_host_that_is_not_known_makes_a_guess_of_all_that_is_on_it() -> None:
    unknown = update(DOCKER, "shop", {"host": "ssh://a"}, {"host": log.COMPUTED})
    there = [on("shop", "a"), on("shop", "b", "create"), on("shop-2", "c"), on("other", "d")]
    (risk,) = ask("DOCKER-PROVIDER-HOST-UNKNOWN", unknown, *there)
    assert risk.what == "the host of `shop` is not known yet: what is said of 2 resources there is a guess."
    assert risk.do == "apply the machines first, then preview again"


@pytest.mark.parametrize(
    "steps",
    [
        update(DOCKER, "shop", {"host": "ssh://a"}, {"host": "ssh://b"}),
        update(DOCKER, "shop", {"host": "ssh://a"}, {}),
        update(DOCKER, "shop", {"certPath": "a"}, {"certPath": log.COMPUTED}),
        update(VSPHERE, "shop", {"host": "a"}, {"host": log.COMPUTED}),
        delete(DOCKER, "shop", {"host": log.COMPUTED}),
    ],
)
def test_a_docker_host_that_is_known_or_does_not_matter(steps: Steps) -> None:
    assert says("DOCKER-PROVIDER-HOST-UNKNOWN", steps) == ""


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({"clone": {"templateUuid": "a"}}, {"clone": {"templateUuid": log.COMPUTED}}, "`clone.templateUuid`"),
        ({"clone": {"templateUuid": "a"}}, {"clone": log.COMPUTED}, "`clone`"),
        ({"datastoreId": "a"}, {"datastoreId": log.COMPUTED}, "`datastoreId`"),
        ({"disks": [{"label": "d", "size": 1}]}, {"disks": [{"label": "d", "size": log.COMPUTED}]}, "`disks[d].size`"),
        ({"name": "a", "driver": "a"}, {"name": log.COMPUTED, "driver": log.COMPUTED}, "`driver`, `name`"),
        ({"mode": {}}, {"mode": {"replicated": {"replicas": log.COMPUTED}}}, "`mode.replicated`"),
        ({"annotation": "a"}, {"annotation": log.COMPUTED}, ""),
        ({"hostname": "a"}, {"hostname": log.COMPUTED}, ""),
        ({"datastoreId": log.COMPUTED}, {"datastoreId": "a"}, ""),
    ],
)
def test_a_value_that_may_move_or_replace_something_is_not_known(
    old: dict[str, Any], new: dict[str, Any], paths: str
) -> None:
    said = says("UNKNOWN-IN-CRITICAL", update("vm", "w1", old, new))
    assert said == (f"`w1`: can't tell what {paths} will be." if paths else "")
    assert says("UNKNOWN-IN-CRITICAL", replace("vm", "w1", old, new)) == ""


@pytest.mark.parametrize(
    ("gone", "stay", "new", "told"),
    [(5, 0, 0, False), (6, 0, 0, True), (6, 24, 0, False), (7, 24, 0, True), (6, 0, 30, True), (1, 0, 0, False)],
)
def test_much_of_the_stack_is_deleted(gone: int, stay: int, new: int, told: bool) -> None:
    groups = [delete("service", f"g{n}") for n in range(gone)]
    groups += [same("service", f"s{n}") for n in range(stay)] + [create("service", f"n{n}") for n in range(new)]
    found = ask("MASS-DELETE", *groups)
    assert [risk.what for risk in found] == ([f"{gone} of {gone + stay} resources are deleted."] if told else [])


def test_a_component_that_goes_as_a_whole_is_much() -> None:
    found = ask("MASS-DELETE", delete("longshore:index:DockerCluster", "shop"), same("vm", "w1"))
    assert [risk.what for risk in found] == ["1 of 2 resources are deleted, `shop` as a whole."]
    assert named(found[0]) == ["shop"]


def test_what_an_earlier_replacement_left_is_not_counted() -> None:
    left = [delete("service", f"g{n}", was={"delete": True}) for n in range(9)]
    assert says("MASS-DELETE", *left) == ""


INPUTS = {"image": "a", "mode": "b", "labels": [1], "x": 1, "y": 2}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"name": "a", **INPUTS}, {"name": "b", **INPUTS}, True),
        (INPUTS, {**INPUTS, "y": 3}, True),
        (INPUTS, {**INPUTS, "y": 3, "x": 2}, False),
        (INPUTS, {**INPUTS, "z": 1, "w": 1}, False),
        ({"name": "a", "x": 1}, {"name": "b", "x": 1}, False),
        ({}, {}, False),
    ],
)
def test_a_rename_is_told_by_what_stays_the_same(old: dict[str, Any], new: dict[str, Any], told: bool) -> None:
    said = says("RENAME-NOT-ALIASED", delete("service", "web", old), create("service", "front", **new))
    assert said == ("`web` is destroyed and `front` made with nearly the same inputs." if told else "")


def test_a_rename_comes_with_its_alias_and_each_new_one_is_taken_once() -> None:
    olds = [delete("service", name, INPUTS) for name in ("a", "b")]
    (risk,) = ask("RENAME-NOT-ALIASED", *olds, create("service", "c", **INPUTS))
    assert risk.do == "if it is a rename: add aliases=[Alias(name='a')] to the new one"
    assert named(risk) == ["a", "c"]


@pytest.mark.parametrize(
    ("kind", "old", "new", "told"),
    [("vm", "w-1", "w-2", False), ("vm", "w-1", "x-1", True), ("service", "w-1", "w-2", True)],
)
def test_another_number_of_a_machine_is_no_rename(kind: str, old: str, new: str, told: bool) -> None:
    assert bool(says("RENAME-NOT-ALIASED", delete(kind, old, INPUTS), create(kind, new, **INPUTS))) is told
    assert says("RENAME-NOT-ALIASED", delete(kind, old, INPUTS), create("network", new, **INPUTS)) == ""
