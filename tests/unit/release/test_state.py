from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from release.state import SECRET, fingerprint, generations

URN = "urn:pulumi:prod::longshore::longshore:index:DockerCluster$swarm:index:Engine::shop-managers-1"
STATE: dict[str, Any] = {
    "manifest": {"time": "2026-08-21T10:00:00Z", "magic": "x"},
    "resources": [
        {
            "urn": URN, "type": "swarm:index:Engine", "id": "1", "modified": "2026-08-21T10:00:00Z",
            "inputs": {"host": "10.0.0.1", "machine": "421f-77@2"}, "outputs": {"version": "20.10"},
        },
        {
            "urn": "urn:pulumi:prod::longshore::docker:index/secret:Secret::key", "type": "docker:index/secret:Secret",
            "inputs": {"name": "key-1", "data": {SECRET: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:a"}},
        },
    ],
}  # fmt: skip


def changed(*path: Any, to: Any) -> dict[str, Any]:
    state = deepcopy(STATE)
    inner: Any = state["resources"]
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return state


@pytest.mark.parametrize(
    "same",
    [
        STATE | {"manifest": {"time": "2027-01-01T00:00:00Z"}},
        STATE | {"resources": STATE["resources"][::-1]},
        changed(0, "modified", to="2027-01-01T00:00:00Z"),
        changed(1, "inputs", "data", "ciphertext", to="v1:b"),
        STATE | {"pending_operations": []},
    ],
)
def test_times_order_and_ciphertexts_make_no_difference(same: dict[str, Any]) -> None:
    assert fingerprint(same) == fingerprint(STATE)


@pytest.mark.parametrize(
    "other",
    [
        changed(0, "inputs", "host", to="10.0.0.2"),
        changed(0, "outputs", "version", to="24.0"),
        changed(0, "id", to="2"),
        changed(0, "protect", to=True),
        changed(1, "inputs", "name", to="key-2"),
        changed(1, "inputs", "data", to="plain"),
        STATE | {"resources": STATE["resources"][:1]},
        STATE | {"pending_operations": [{"type": "creating"}]},
        {},
    ],
)
def test_whatever_is_deployed_makes_one(other: dict[str, Any]) -> None:
    assert fingerprint(other) != fingerprint(STATE)


def test_a_stack_before_its_first_update_has_a_fingerprint_too() -> None:
    assert fingerprint({}) == fingerprint({"manifest": {}, "resources": None})


def test_a_machines_generation_is_in_its_engines_identity() -> None:
    assert generations(STATE) == {"shop-managers-1": 2}
    assert generations(changed(0, "inputs", "machine", to="421f-77")) == {}
    assert generations({}) == {}
