"""Which generations are needed and which may go."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.swarm.generations import family, in_use, labels, newest_first, references, spare, stored_name

IDS = st.lists(st.sampled_from("abcdefgh"), unique=True)


def mounting(kind: str, *ids: str) -> dict[str, Any]:
    listed = [{f"{kind.capitalize()}ID": each} for each in ids]
    return {"TaskTemplate": {"ContainerSpec": {f"{kind.capitalize()}s": listed}}}


def generations(*ids: str) -> list[dict[str, Any]]:
    """The oldest first, in the order in which the Swarm might list them."""
    made = [{"ID": each, "Version": {"Index": 10 * number}, "Spec": {}} for number, each in enumerate(ids, 1)]
    return sorted(made, key=lambda each: str(each["ID"]))


@pytest.mark.parametrize("kind", ["secret", "config"])
def test_a_service_needs_what_it_mounts_and_what_a_rollback_would_mount(kind: str) -> None:
    web = {"Spec": mounting(kind, "a", "b"), "PreviousSpec": mounting(kind, "c")}
    assert references([web], kind) == {"a", "b", "c"}
    assert in_use([web], kind) == {"a", "b"}


@pytest.mark.parametrize(
    "service",
    [{}, {"Spec": {}}, {"Spec": mounting("config", "a"), "PreviousSpec": None}, {"Spec": {"TaskTemplate": {}}}],
)
def test_other_services_need_no_secret(service: dict[str, Any]) -> None:
    assert references([service], "secret") == set()


def test_the_order_is_rafts_and_no_clocks() -> None:
    found = [
        {"ID": "new", "Version": {"Index": 110}, "CreatedAt": "2026-11-24T09:00:00Z"},
        {"ID": "old", "Version": {"Index": 20}, "CreatedAt": "2026-11-24T10:00:00Z"},
    ]
    assert newest_first(found) == ["new", "old"]


@given(IDS, st.integers(0, 9), st.sets(st.sampled_from("abcdefgh")))
def test_what_goes_is_exactly_what_is_neither_new_nor_needed(ids: list[str], keep: int, used: set[str]) -> None:
    gone = spare(generations(*ids), keep, used)
    kept_as_new = set(ids[max(0, len(ids) - keep) :])
    assert set(gone) == set(ids) - used - kept_as_new
    assert len(gone) == len(set(gone))


@given(st.from_regex(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True))
def test_a_stored_name_fits_and_begins_as_declared(name: str) -> None:
    stored = stored_name(name, "1a2b3c4d")
    assert len(stored) <= 64
    assert stored.endswith("-1a2b3c4d")
    assert "--1a2b3c4d" not in stored
    assert stored == f"{name}-1a2b3c4d" or len(name) > 55


def test_an_object_of_somebody_else_is_of_no_family() -> None:
    assert family({"Spec": {"Name": "theirs", "Labels": None}}) == ("", "")
    assert family({"Spec": {"Labels": labels("longshore/dev", "db")}}) == ("longshore/dev", "db")
