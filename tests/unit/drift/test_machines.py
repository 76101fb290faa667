"""Machines: moving is harmless, everything else a hand does to them is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drift.finding import Finding, Harm
from drift.machines import machine_drift
from drift.refreshed import Refreshed
from tests.unit.drift.made import machine, resource

NAMES = {"host-1": "esx1.test", "host-2": "esx2.test", "datastore-2": "fast"}


def rule(members: list[str], now: dict[str, Any] | None = None) -> Refreshed:
    return resource("rule", "shop-managers-apart", {"virtualMachineIds": [f"uuid-{each}" for each in members]}, now)


def found(
    *machines: Refreshed, rules: tuple[Refreshed, ...] = (), names: dict[str, str] | None = None
) -> list[Finding]:
    return list(machine_drift(list(machines), list(rules), names or {}))


def test_a_machine_as_it_was_is_no_finding() -> None:
    assert found(machine("m1"), machine("m2")) == []


def test_vmotion_is_harmless_and_says_from_where_to_where() -> None:
    [moved] = found(machine("m1", now={"hostSystemId": "host-2"}), names=NAMES)
    assert (moved.kind, moved.harm, moved.subject) == ("machine-moved", Harm.HARMLESS, "m1")
    assert "esx2.test" in moved.what
    assert "esx1.test" in moved.against
    assert moved.up.startswith("nothing")


def test_without_names_identifiers_do() -> None:
    [moved] = found(machine("m1", now={"hostSystemId": "host-2"}))
    assert "host host-2" in moved.what


def test_storage_drs_is_harmless() -> None:
    [moved] = found(machine("m1", now={"datastoreId": "datastore-2"}), names=NAMES)
    assert (moved.kind, moved.harm) == ("storage-moved", Harm.HARMLESS)
    assert "datastore fast" in moved.what
    assert "datastore datastore-1" in moved.against


@pytest.mark.parametrize("unknown", [{"hostSystemId": ""}, {"hostSystemId": None}])
def test_a_host_that_nobody_knows_is_no_move(unknown: dict[str, Any]) -> None:
    assert found(machine("m1", now=unknown)) == []


def test_a_machine_that_is_gone_harms_and_is_not_compared_further() -> None:
    [gone] = found(machine("m1", gone=True))
    assert (gone.kind, gone.harm) == ("machine-gone", Harm.HARMFUL)
    assert "makes it anew" in gone.up


def test_a_machine_that_is_off_harms_when_it_was_on() -> None:
    off = {"powerState": "off"}
    assert found(machine("m1", now=off)) == []
    was_on = resource("machine", "m1", {"powerState": "on"}, off, paths=("powerState",))
    assert [each.kind for each in found(was_on)] == ["machine-off"]


def test_a_changed_number_is_told_and_a_changed_text_is_not() -> None:
    now = {"numCpus": 8, "annotation": "the password is hunter2"}
    [changed] = found(machine("m1", now=now, paths=("annotation", "numCpus")))
    assert (changed.kind, changed.harm) == ("machine-changed", Harm.HARMFUL)
    assert "numCpus 2 -> 8" in changed.what
    assert "annotation" in changed.what
    assert "hunter2" not in str(changed)


def test_machines_on_one_host_violate_their_rule() -> None:
    machines = [
        machine("m1", "host-1"),
        machine("m2", "host-2", now={"hostSystemId": "host-1"}),
        machine("m3", "host-3"),
    ]
    violated = found(*machines, rules=(rule(["m1", "m2", "m3"]),), names=NAMES)
    assert [each.kind for each in violated] == ["machine-moved", "anti-affinity"]
    assert violated[1].harm is Harm.HARMFUL
    assert violated[1].subject == "shop-managers-apart"
    assert violated[1].what == "m1, m2 are on one host, esx1.test"


def test_who_is_in_no_rule_may_share_a_host() -> None:
    assert found(machine("w1"), machine("w2"), machine("m1"), rules=(rule(["m1", "m2"]),)) == []


def test_the_rules_members_as_they_are_now_count() -> None:
    machines = [machine("m1"), machine("m2")]
    emptied = rule(["m1", "m2"], {"virtualMachineIds": []})
    assert found(*machines, rules=(emptied,)) == []
    gone = resource("rule", "apart", {"virtualMachineIds": ["uuid-m1", "uuid-m2"]}, gone=True)
    assert found(*machines, rules=(gone,)) == []


@given(st.lists(st.integers(1, 4), min_size=1, max_size=9))
def test_a_rule_is_violated_exactly_when_two_share_a_host(hosts: list[int]) -> None:
    names = [f"m{number}" for number in range(len(hosts))]
    machines = [machine(name, f"host-{host}") for name, host in zip(names, hosts, strict=True)]
    violations = found(*machines, rules=(rule(names),))
    assert len(violations) == len({host for host in hosts if hosts.count(host) > 1})
    assert all(each.kind == "anti-affinity" for each in violations)
