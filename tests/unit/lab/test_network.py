from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest

from lab import network
from lab.folder import Folder
from lab.network import CANDIDATES, Addresses, first_free, host_routes
from lab.record import Network, Record
from spec.errors import LabError

ROUTES = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
vpn0\t00004D0A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
"""


def test_routes_are_read_as_the_kernel_prints_them_without_the_default_one() -> None:
    assert host_routes(ROUTES) == [IPv4Network("192.0.2.0/24"), IPv4Network("10.77.0.0/16")]


def test_the_first_free_subnet_is_taken() -> None:
    assert first_free([]) == IPv4Network("10.77.0.0/24")


def test_a_route_that_overlaps_is_avoided() -> None:
    assert first_free(host_routes(ROUTES)) == IPv4Network("10.78.0.0/24")


def test_a_subnet_that_holds_a_single_taken_address_is_avoided() -> None:
    assert first_free([IPv4Network("10.77.0.9/32")]) == IPv4Network("10.78.0.0/24")


def test_the_subnet_of_before_is_preferred_while_it_is_free() -> None:
    before = IPv4Network("10.90.0.0/24")
    assert first_free([], preferred=before) == before
    assert first_free([before], preferred=before) == IPv4Network("10.77.0.0/24")


def test_no_free_subnet_is_a_lab_error() -> None:
    with pytest.raises(LabError, match="overlaps a route here"):
        first_free([IPv4Network("10.0.0.0/8")])


def test_the_candidates_are_apart() -> None:
    assert len(set(CANDIDATES)) == 50
    assert not any(one.overlaps(two) for one in CANDIDATES for two in CANDIDATES if one != two)


def test_everyone_has_an_address_of_his_own() -> None:
    addresses = Addresses(IPv4Network("10.77.0.0/24"))
    named = [addresses.gateway, addresses.registry, addresses.managers, addresses.workers]
    assert named == [IPv4Address(f"10.77.0.{last}") for last in (1, 2, 11, 21)]
    assert [str(addresses.environment(number)) for number in range(3)] == [f"10.77.0.{last}" for last in (91, 92, 93)]


@pytest.fixture
def _no_routes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "route").write_text(ROUTES.splitlines()[0] + "\n")
    monkeypatch.setattr(network, "ROUTES", tmp_path / "route")


@pytest.mark.usefixtures("_no_routes")
class TestInTheEngine:
    def test_it_is_made_once_and_recorded(self, engine: Any, folder: Folder) -> None:
        for _ in range(2):
            addresses = network.ensure(engine, folder, Record.load(folder), print)
            assert addresses.subnet == IPv4Network("10.77.0.0/24")
        assert engine.networks.made == 1
        assert Record.load(folder).network == Network(id="id-1", subnet="10.77.0.0/24")

    def test_it_avoids_the_engines_other_networks(self, engine: Any, folder: Folder) -> None:
        engine.networks.add("other", pools=[{"Subnet": "10.77.0.0/16"}, {"Subnet": "fd00::/64"}])
        engine.networks.add("none")
        assert network.ensure(engine, folder, Record(), print).subnet == IPv4Network("10.78.0.0/24")

    def test_its_bridge_has_a_name_that_fits_an_interface(self, engine: Any, folder: Folder) -> None:
        network.ensure(engine, folder, Record(), print)
        bridge = engine.networks.things[0].options["options"]["com.docker.network.bridge.name"]
        assert bridge == f"lab-{folder.name[-8:]}"
        assert len(bridge) <= 15

    def test_one_that_vanished_comes_back_with_its_subnet(self, engine: Any, folder: Folder) -> None:
        record = Record(network=Network(id="gone", subnet="10.90.0.0/24"))
        assert network.ensure(engine, folder, record, print).subnet == IPv4Network("10.90.0.0/24")

    def test_one_made_just_before_a_crash_is_replaced(self, engine: Any, folder: Folder) -> None:
        engine.networks.add(folder.name)
        network.ensure(engine, folder, Record(), print)
        assert [thing.id for thing in engine.networks.things] == ["id-2"]

    def test_only_the_recorded_one_is_removed(self, engine: Any, folder: Folder) -> None:
        engine.networks.add("other")
        record = Record()
        network.ensure(engine, folder, record, print)
        for _ in range(2):
            network.remove(engine, record)
        assert [thing.name for thing in engine.networks.things] == ["other"]
        network.remove(engine, Record())
