"""What can't be right together about machines, disks and networks: where, what, and a way out."""

from __future__ import annotations

from typing import Any

import pytest

from spec.contradictions import contradictions
from spec.problems import Problem
from tests.specs import stack

UNNAMED = {"name": "app", "cidr": "10.20.0.0/24", "gateway": "10.20.0.1"}
STORAGE = {"name": "nfs", "cidr": "10.60.0.0/24", "interface": "ens224"}
TWO_NETWORKS: dict[str, Any] = {
    "target.networks": {"storage": STORAGE},
    "target.network": UNNAMED | {"interface": "ens192"},
    "cluster.pools.workers.networks": {"storage": {"first_address": "10.60.0.21"}},
}
ITEM = {"library": "images", "item": "debian", "disk": "20 GiB", "guest_id": "debian12_64Guest", "firmware": "efi"}
GOLD = {"cluster": "gold"}
MACS = [f"00:50:56:00:00:{number:02x}" for number in range(1, 6)]


def problems(*changes: dict[str, Any]) -> list[Problem]:
    merged: dict[str, Any] = {}
    for each in changes:
        merged |= each
    return contradictions(stack(merged))


@pytest.mark.parametrize(
    "changes",
    [
        TWO_NETWORKS,
        {"target.datastore": GOLD},
        {"target.datastore": {"name": "ds1", "member_of": "gold"}, "cluster.pools.workers.data_disk": "100 GiB"},
        {"target.template": ITEM},
        {"target.network.dhcp": True, "cluster.pools.managers.macs": MACS[:3]},
        {
            "target.network.dhcp": True,
            "cluster.pools.managers.macs": MACS[:3],
            "cluster.pools.workers.first_address": None,
        },
        {"cluster.pools.workers.first_address": None, "cluster.pools.workers.addresses": ["10.20.0.40", "10.20.0.30"]},
        {"cluster.pools.workers.generations": {"2": 5}},
        {"cluster.pools.workers.memory_reservation": "8 GiB"},
        {"target.datastore": GOLD, "cluster.pools.managers.anti_affinity": {"datastores": True}},
        {
            "target.zones": {"a": {"datastore": "a1"}, "b": {"datastore": "b1"}},
            "cluster.pools.workers.zones": ["a", "b"],
        },
    ],
    ids=lambda changes: " ".join(changes),
)
def test_what_fits_together_passes(changes: dict[str, Any]) -> None:
    assert problems(changes) == []


@pytest.mark.parametrize(
    ("changes", "path", "found", "fix"),
    [
        (
            {"cluster.pools.managers.networks": {"backup": {}}},
            "cluster.pools.managers.networks.backup",
            "not declared",
            "target.networks",
        ),
        ({"cluster.pools.workers.zones": ["a"]}, "cluster.pools.workers.zones.0", "not declared", "target.zones"),
        ({**TWO_NETWORKS, "target.network": UNNAMED}, "target.network.interface", "is missing", "ens192"),
        (
            TWO_NETWORKS | {"target.networks": {"storage": {"name": "nfs", "cidr": "10.60.0.0/24"}}},
            "target.networks.storage.interface",
            "is missing",
            "macs",
        ),
        (
            TWO_NETWORKS | {"cluster.pools.workers.networks": {"storage": {}}},
            "cluster.pools.workers.networks.storage.addresses",
            "are missing",
            "list one",
        ),
        (
            TWO_NETWORKS | {"cluster.pools.workers.networks": {"storage": {"first_address": "10.61.0.1"}}},
            "cluster.pools.workers.networks.storage.first_address",
            "no host address of 10.60.0.0/24",
            "room for 2 nodes",
        ),
        (
            {"target.networks": {"storage": STORAGE | {"cidr": "10.20.0.128/25"}}},
            "target.networks.storage.cidr",
            "overlaps target.network.cidr",
            "of its own",
        ),
        (
            {"cluster.pools.workers.memory_reservation": "9 GiB"},
            "cluster.pools.workers.memory_reservation",
            "9.0GiB of 8.0GiB",
            "at most",
        ),
        (
            {"target.datastore": GOLD, "cluster.pools.workers.data_disk": "100 GiB"},
            "cluster.pools.workers.data_disk",
            "datastore cluster gold",
            "set target.datastore to one datastore: {name: …, member_of: gold}",
        ),
        (
            {
                "target.zones": {"a": {"datastore": GOLD}},
                "cluster.pools.workers.zones": ["a"],
                "cluster.pools.workers.data_disk": "100 GiB",
            },
            "cluster.pools.workers.data_disk",
            "datastore cluster gold",
            "set target.zones.a.datastore",
        ),
        (
            {"target.datastore": GOLD, "cluster.pools.workers.template": ITEM},
            "cluster.pools.workers.template",
            "can't go to datastore cluster gold",
            "VM template",
        ),
        (
            {"cluster.pools.managers.anti_affinity": {"datastores": True}},
            "cluster.pools.managers.anti_affinity.datastores",
            "aren't in a datastore cluster",
            "{cluster: …}",
        ),
        (
            {"cluster.pools.managers.anti_affinity": {"hosts": False, "mandatory": True}},
            "cluster.pools.managers.anti_affinity.mandatory",
            "not kept apart",
            "hosts: true",
        ),
        (
            {"target.network.dhcp": True},
            "cluster.pools.managers.macs",
            "0 for 3 managers, whose addresses come by DHCP",
            "reserve each address",
        ),
        (
            {"cluster.pools.workers.macs": MACS[:1]},
            "cluster.pools.workers.macs",
            "1 for 2 nodes",
            "list one for each node",
        ),
        (
            {"cluster.pools.workers.macs": MACS[:2], "cluster.pools.managers.macs": MACS[1:4]},
            "cluster.pools.workers.macs",
            "00:50:56:00:00:02 is given in cluster.pools.managers already",
            "use each once",
        ),
        (
            {"cluster.pools.workers.first_address": None, "cluster.pools.workers.addresses": ["10.20.0.30"]},
            "cluster.pools.workers.addresses",
            "1 for 2 nodes",
            "list one for each node",
        ),
        (
            {
                "cluster.pools.workers.first_address": None,
                "cluster.pools.workers.addresses": ["10.20.0.30", "10.20.0.12"],
            },
            "cluster.pools.workers.addresses",
            "10.20.0.12 belongs to pool managers already",
            "move one pool",
        ),
        (
            {
                "cluster.pools.workers.first_address": None,
                "cluster.pools.workers.addresses": ["10.20.0.30", "10.20.0.30"],
            },
            "cluster.pools.workers.addresses",
            "10.20.0.30 belongs to pool workers already",
            "move one pool",
        ),
    ],
)
def test_what_contradicts_itself_is_named(changes: dict[str, Any], path: str, found: str, fix: str) -> None:
    [problem] = problems(changes)
    assert problem.path == path
    assert found in problem.found
    assert fix in problem.fix


def test_managers_by_dhcp_need_their_addresses_too() -> None:
    changes = {"target.network.dhcp": True, "cluster.pools.managers.macs": MACS[:3]}
    [problem] = problems(changes, {"cluster.pools.managers.first_address": None})
    assert (problem.path, problem.found) == ("cluster.pools.managers.addresses", "are missing")


def test_all_of_them_are_named_at_once() -> None:
    changes = {
        "target.datastore": GOLD,
        "cluster.pools.workers.data_disk": "10 GiB",
        "cluster.pools.workers.memory_reservation": "64 GiB",
        "cluster.pools.workers.zones": ["north"],
        "cluster.pools.managers.generations": {"4": 2},
    }
    assert {problem.path.rsplit(".", 2)[-2] for problem in problems(changes)} >= {"workers", "zones", "generations"}
    assert len(problems(changes)) == 4
