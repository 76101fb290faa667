"""The Docker-ready contract: what is sealed comes back whole, and nothing else is taken for one."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.contract import VERSION, Contract, content_hash, received, sealed
from spec.errors import SpecError

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"
PROMISE: dict[str, Any] = {
    "cluster": "shop",
    "swarm_id": "swarm-1",
    "engine": {
        "version": "20.10.24",
        "api": "1.41",
        "storage_driver": "overlay2",
        "cgroup": "2",
        "log_driver": "json-file",
    },
    "managers": [{"name": "m1", "host": "10.20.0.11", "port": 22, "user": "root", "hostKey": KEY}],
    "key_file": "keys/id",
    "nodes": {"m1": {"address": "10.20.0.11", "pool": "managers", "role": "manager", "labels": {"pool": "managers"}}},
    "addresses": {
        "nodes": "10.20.0.0/24",
        "overlay_pool": ["10.200.0.0/16"],
        "overlay_prefix": 24,
        "data_path_port": 4789,
    },
}
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def contract(**changes: Any) -> dict[str, Any]:
    return sealed({**copy.deepcopy(PROMISE), **changes})


def refused(value: Any) -> SpecError:
    with pytest.raises(SpecError) as caught:
        received(value, "dev-platform")
    assert caught.value.where == "contract of stack dev-platform"
    assert caught.value.fix
    return caught.value


def floated(value: Any) -> Any:
    """A value as Pulumi's state gives it back: every number is a float, and what is null in a map is gone."""
    if isinstance(value, dict):
        return {key: floated(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [floated(each) for each in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.parametrize("carried", [lambda value: value, floated, lambda value: json.loads(json.dumps(value))])
def test_what_was_sealed_comes_back(carried: Any) -> None:
    got = received(carried(contract()), "dev-platform")
    assert (got.cluster, got.swarm_id, got.engine.storage_driver) == ("shop", "swarm-1", "overlay2")
    assert got.managers[0].host_key == KEY
    assert got.nodes["m1"].labels == {"pool": "managers"}
    assert str(got.addresses.overlay_pool[0]) == "10.200.0.0/16"
    assert got.addresses.data_path_port == 4789


def test_no_key_file_means_the_ssh_agents_keys() -> None:
    assert received(floated(contract(key_file=None)), "dev-platform").key_file is None


def test_it_names_no_private_key_and_no_other_secret() -> None:
    assert set(Contract.model_fields) == {*PROMISE, "version", "hash"}
    assert "PRIVATE" not in json.dumps(contract())


@pytest.mark.parametrize("value", [None, "", [], 7])
def test_a_stack_without_one_is_told_how_to_give_one(value: Any) -> None:
    error = refused(value)
    assert error.found == "there is none"
    assert "layer: platform" in error.fix


@pytest.mark.parametrize(
    ("version", "fix"),
    [
        (VERSION + 1, "update this checkout"),
        (float(VERSION + 1), "update this checkout"),
        (VERSION - 1, "run `longshore up -s dev-platform`"),
        (None, "run `longshore up -s dev-platform`"),
        ("x", "run `longshore up -s dev-platform`"),
    ],
)
def test_another_version_says_which_side_is_behind(version: Any, fix: str) -> None:
    value = {**contract(), "version": version}
    value["hash"] = content_hash(value)
    error = refused(value)
    assert f"it has version {version}" in error.found
    assert error.fix.startswith(fix)


@pytest.mark.parametrize(
    "path", [("swarm_id",), ("engine", "api"), ("managers", 0, "host"), ("nodes", "m1", "role"), ("key_file",)]
)
def test_a_change_after_sealing_is_noticed(path: tuple[Any, ...]) -> None:
    value: Any = contract()
    place = value
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = "worker"
    assert "doesn't fit its hash" in refused(value).found


def test_a_key_that_was_slipped_in_is_noticed() -> None:
    assert "doesn't fit its hash" in refused({**contract(), "extra": 1}).found


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"managers": []}, "managers"),
        ({"engine": {"version": "1"}}, "engine.api"),
        ({"extra": "x"}, "extra"),
        ({"managers": [{**PROMISE["managers"][0], "hostKey": "ssh-rsa AAAA; rm -rf /"}]}, "managers.0.hostKey"),
        ({"addresses": {**PROMISE["addresses"], "nodes": "not a range"}}, "addresses.nodes"),
        ({"nodes": {"m1": {**PROMISE["nodes"]["m1"], "role": "boss"}}}, "nodes.m1.role"),
    ],
)
def test_a_broken_one_names_the_place_and_not_the_value(changes: dict[str, Any], place: str) -> None:
    error = refused(contract(**changes))
    assert error.found.startswith("it is broken: ")
    assert place in error.found
    assert "rm -rf" not in str(error)


def test_a_missing_part_is_a_broken_one() -> None:
    promise = {key: value for key, value in PROMISE.items() if key != "swarm_id"}
    assert "swarm_id" in refused(sealed(promise)).found


@given(st.dictionaries(st.text(min_size=1, max_size=4), PLAIN, max_size=4))
def test_the_hash_minds_content_and_neither_order_nor_the_kind_of_number(content: dict[str, Any]) -> None:
    backwards = dict(reversed(list(content.items())))
    assert content_hash(content) == content_hash(backwards) == content_hash(floated(content))
    assert content_hash({**content, "hash": "anything"}) == content_hash({**content, "hash": "else"})
    assert content_hash({**content, "a new key": 1}) != content_hash(content)
