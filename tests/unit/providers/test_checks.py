"""Each judgement on an input by itself: what it lets pass, and what it says of the rest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.swarm import checks
from providers.swarm.cluster import ClusterHandler
from providers.swarm.properties import UNKNOWN

GOOD = {"host": "10.0.0.11", "hostKey": "ssh-ed25519 AAAA"}


@pytest.mark.parametrize("value", ["m1", "m1.example.com", "10.0.0.11", "fd00::1", "a" * 63, "A-1"])
def test_a_host_has_a_name_or_an_address(value: str) -> None:
    assert checks.hostname(value) is None


@pytest.mark.parametrize("value", ["", "-m1", "m1-", "a_b", "m1.", ".m1", "a" * 64, "m 1", "m1\n", 5, None, True, []])
def test_anything_else_is_no_host(value: object) -> None:
    assert checks.hostname(value) == f"{value!r} is neither a host name nor an IP address"


@pytest.mark.parametrize("value", ["10.0.0.1", "fd00::1"])
def test_an_address_is_one(value: str) -> None:
    assert checks.address(value) is None


@pytest.mark.parametrize("value", ["10.0.0", "10.0.0.256", "m1", "10.0.0.0/8", 5, True, 1.5, [], {}])
def test_a_number_is_no_address_although_python_takes_it_for_one(value: object) -> None:
    assert checks.address(value) == f"{value!r} is no IP address"


@pytest.mark.parametrize(("value", "good"), [("ops", True), ("_a.b-1", True), ("-l", False), ("1a", False), (7, False)])
def test_a_user_has_a_login_name(value: object, good: bool) -> None:
    assert (checks.user(value) is None) is good


@given(st.integers(-5, 20))
def test_a_whole_number_lies_between_its_bounds(value: int) -> None:
    assert (checks.whole(1, 9)(value) is None) == (1 <= value <= 9)


@pytest.mark.parametrize("value", [True, False, 1.5, "1", None, []])
def test_what_only_looks_like_a_number_is_none(value: object) -> None:
    assert checks.whole(0, 9)(value) == f"must be a whole number from 0 to 9, not {value!r}"


def test_one_of_two_words_is_named_with_the_other() -> None:
    judge = checks.one_of("manager", "worker")
    assert judge("manager") is judge("worker") is None
    assert judge("boss") == "must be manager or worker, not 'boss'"
    assert judge(["manager"]) == "must be manager or worker, not ['manager']"


def test_what_is_missing_is_told_before_what_is_wrong_and_in_order() -> None:
    judges: dict[str, checks.Judge] = {"a": checks.text, "b": checks.text}
    found = checks.examine({"b": 1, "c": ""}, judges, {"d", "c"})
    assert [(each.property, each.reason) for each in found] == [
        ("c", "is required"),
        ("d", "is required"),
        ("b", "must be a text, not 1"),
    ]


def test_what_is_absent_empty_or_unknown_is_not_judged() -> None:
    refuse_all: dict[str, checks.Judge] = dict.fromkeys(("a", "b", "c"), lambda _: "refused")
    assert checks.examine({"a": UNKNOWN, "b": ""}, refuse_all, set()) == []


def test_an_unknown_value_is_there() -> None:
    assert checks.examine({"a": UNKNOWN}, {}, {"a"}) == []


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ("ssh://m1", "connection"),
        ([], "connection"),
        ({}, "connection.host"),
        (GOOD | {"port": "22"}, "connection.port"),
        (GOOD | {"user": "-x"}, "connection.user"),
        (GOOD | {"keyFile": 5}, "connection.keyFile"),
        (GOOD | {"host": "m1"}, "connection.address"),
        (GOOD | {"address": "m1"}, "connection.address"),
        ({"host": "10.0.0.1"}, "connection.hostKey"),
    ],
)
def test_a_connection_is_judged_part_by_part(value: object, where: str) -> None:
    assert where in [each.property for each in checks.connection(value, "connection")]


@pytest.mark.parametrize(
    "value", [UNKNOWN, GOOD, {"host": UNKNOWN, "hostKey": UNKNOWN}, GOOD | {"host": "m1", "address": "10.0.0.1"}]
)
def test_a_connection_that_will_do_has_no_failures(value: object) -> None:
    assert checks.connection(value, "connection") == []


@pytest.mark.parametrize("value", [[], "m1", {}, None, 5])
def test_at_least_one_manager_is_listed(value: object) -> None:
    [failure] = checks.connections(value, "managers")
    assert (failure.property, failure.reason) == ("managers", "must list the connection of at least one manager")


def test_managers_are_named_by_their_place() -> None:
    found = checks.connections([GOOD, UNKNOWN, {**GOOD, "port": 0}], "managers")
    assert [each.property for each in found] == ["managers[2].port"]


@pytest.mark.parametrize("key", ["a", "zone", "example.com/rack-2", "a_b.c"])
def test_a_label_that_constraints_can_name_is_fine(key: str) -> None:
    assert checks.labels({key: "", f"{key}2": UNKNOWN}, "labels") == []


@pytest.mark.parametrize("key", ["", "-a", "a-", "a b", "é", "a:b"])
def test_a_label_that_they_cannot_is_told_at_its_path(key: str) -> None:
    [failure] = checks.labels({key: "1"}, "labels")
    assert failure.property == f'labels["{key}"]'
    assert "can't be a label's name" in failure.reason


@pytest.mark.parametrize("prefix", ["com.docker.", "io.docker.", "org.dockerproject."])
def test_dockers_own_labels_are_left_to_it(prefix: str) -> None:
    [failure] = checks.labels({f"{prefix}x": "1"}, "labels")
    assert failure.reason == f"names that begin with {prefix} are reserved by Docker"


@pytest.mark.parametrize("value", [[], "zone=a", 5])
def test_labels_are_a_map(value: object) -> None:
    [failure] = checks.labels(value, "labels")
    assert failure.reason == "must be a map of names to texts"


@pytest.mark.parametrize(
    ("pools", "places"),
    [
        (["10.0.0.0/8", UNKNOWN, "fd00::/64"], []),
        (UNKNOWN, []),
        ("10.0.0.0/8", ["defaultAddrPool"]),
        ([5, "10.0.0.1/8", "ten"], ["defaultAddrPool[0]", "defaultAddrPool[1]", "defaultAddrPool[2]"]),
    ],
)
def test_overlay_ranges_are_a_list_of_networks(pools: Any, places: list[str]) -> None:
    asked = {"name": "shop", "managers": [GOOD], "defaultAddrPool": pools}
    assert [each.property for each in ClusterHandler().check({}, asked).failures] == places
