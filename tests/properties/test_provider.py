"""Whatever the engine hands over, the provider judges it: no property bag makes it raise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.swarm.handler import Handler
from providers.swarm.properties import UNKNOWN, bag, wrapped
from providers.swarm.provider import HANDLERS
from providers.swarm.schema import schema
from tests.unit.providers.world import KEY

KEYS = (
    "name", "host", "port", "user", "keyFile", "address", "timeoutSeconds", "trigger", "machine", "managers", "role",
    "defaultAddrPool", "subnetSize", "dataPathPort", "labels", "availability", "connection", "clusterId", "hostKey",
    "drainSeconds", "ready", "nodeId", "swarmId", "status", "serviceId", "revision", "monitorSeconds",
    "stack", "data", "keep", "template", "names", "storedName", "length", "alphabet", "rotation", "value",
)  # fmt: skip
SCALARS = (
    st.just(UNKNOWN) | st.booleans() | st.integers(-5, 70000) | st.floats(allow_nan=False) | st.text(max_size=6)
    | st.sampled_from(["10.0.0.1", "m1", "active", "worker", "manager", KEY, "10.0.0.0/8"])
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=8,
)
BAGS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=10)
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
EACH = pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS)
KEPT = ("swarm:index:Secret", "swarm:index:Config")
"""What is replaced without being deleted first: the one before stays for a rollback."""
CONNECTION = {"host": "10.0.0.11", "hostKey": KEY, "name": "m1", "port": 22, "user": "root"}
VALID: dict[str, dict[str, Any]] = {
    "swarm:index:Engine": {"name": "m1", "host": "10.0.0.11", "keyFile": "~/k", "machine": "vm-1"},
    "swarm:index:Cluster": {"name": "shop", "managers": [CONNECTION], "defaultAddrPool": ["10.9.0.0/16"]},
    "swarm:index:Node": {
        "name": "m1", "role": "manager", "connection": CONNECTION, "managers": [CONNECTION], "clusterId": "c",
        "labels": {"a": "1"},
    },
    "swarm:index:ServiceReady": {
        "name": "web", "serviceId": "s", "revision": "abc", "managers": [CONNECTION], "clusterId": "c",
    },
    "swarm:index:Secret": {
        "name": "db", "stack": "p/dev", "data": "eA==", "keep": 3, "managers": [CONNECTION], "clusterId": "c",
    },
    "swarm:index:Config": {
        "name": "db", "stack": "p/dev", "data": "eA==", "template": True, "managers": [CONNECTION], "clusterId": "c",
    },
    "swarm:index:Shelf": {"names": ["secret/db"], "stack": "p/dev", "managers": [CONNECTION], "clusterId": "c"},
    "swarm:index:GeneratedSecret": {"name": "db", "length": 32, "alphabet": "abc", "rotation": "1"},
}  # fmt: skip


@EACH
def test_check_judges_any_bag(handler: Handler) -> None:
    @RELAXED
    @given(BAGS, BAGS)
    def judged(old: dict[str, Any], new: dict[str, Any]) -> None:
        checked = handler.check(old, new)
        assert all(failure.property and failure.reason for failure in checked.failures)
        assert {key: checked.inputs[key] for key in new} == new

    judged()


@EACH
def test_diff_compares_any_bags(handler: Handler) -> None:
    @RELAXED
    @given(BAGS, BAGS)
    def compared(old: dict[str, Any], new: dict[str, Any]) -> None:
        diff = handler.diff(old, new)
        assert diff.changes == bool(diff.detailed_diff)
        assert set(diff.replaces or []) <= set(diff.diffs or [])
        kept = handler in [HANDLERS[token] for token in KEPT]
        assert bool(diff.delete_before_replace) == (bool(diff.replaces) and not kept)

    compared()


@pytest.mark.parametrize("token", VALID)
def test_nothing_differs_from_what_was_just_made(token: str) -> None:
    handler = HANDLERS[token]
    checked = handler.check({}, VALID[token])
    assert checked.failures == []
    made = handler.foresee(checked.inputs, None)
    assert not handler.diff(made, checked.inputs).changes


@pytest.mark.parametrize("token", VALID)
def test_checking_twice_changes_nothing_more(token: str) -> None:
    once = HANDLERS[token].check({}, VALID[token]).inputs
    again = HANDLERS[token].check(once, once)
    assert (again.inputs, again.failures) == (once, [])


@pytest.mark.parametrize(("token", "key"), [(token, key) for token, inputs in VALID.items() for key in inputs])
def test_an_unknown_value_is_never_a_mistake(token: str, key: str) -> None:
    asked = VALID[token] | {key: UNKNOWN}
    assert HANDLERS[token].check({}, asked).failures == []
    assert set(HANDLERS[token].foresee(asked, None)) >= set(asked)


@pytest.mark.parametrize("token", VALID)
def test_what_a_preview_foresees_travels_to_the_engine_and_back(token: str) -> None:
    inputs = HANDLERS[token].check({}, VALID[token]).inputs
    foreseen = HANDLERS[token].foresee(inputs, None)
    assert bag(wrapped(foreseen)) == foreseen


@pytest.mark.parametrize(
    ("token", "key"),
    [(token, key) for token, inputs in VALID.items() for key in inputs if key in ("name", "host", "role", "managers")],
)
def test_what_is_required_is_missed(token: str, key: str) -> None:
    lacking = {other: value for other, value in VALID[token].items() if other != key}
    assert [failure.property for failure in HANDLERS[token].check({}, lacking).failures] == [key]
    assert f'"{key}"' in schema("0")
