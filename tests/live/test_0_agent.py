"""The overlay probe's agents on a real kernel: nodes are network namespaces on a bridge, each fault is a real one.

Needs root, iproute2 and iptables, and no lab.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from providers.swarm.overlay import Cause, Fault, Heard, faults
from providers.swarm.probe import AGENT, SPARE_IDS

SECONDS = 6
"""How long a fault is looked for."""
PATIENCE = 30
"""How long a path that is well may take to show it: the exchange ends as soon as all is heard."""
# Read 4 bytes from the outer IPv4 header on: the inner protocol is byte 59, the inner UDP checksum bytes 76 and 77.
CHECKED = ["-m", "u32", "--u32", "56&0xFF=17 && 74&0xFFFF=1:0xFFFF"]
STREAMS = ["-m", "u32", "--u32", "56&0xFF=6"]


def ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], capture_output=True, text=True, check=True).stdout


class Nodes:
    """Network namespaces with one address each, on one bridge in a namespace of its own."""

    def __init__(self, count: int) -> None:
        self.tag = f"ls{os.getpid() % 10000}{secrets.token_hex(1)}"
        self.names = [f"{self.tag}n{index}" for index in range(count)]
        self.addresses = [f"10.98.0.{index + 1}" for index in range(count)]
        self.switch = f"{self.tag}s"

    def make(self) -> None:
        ip("netns", "add", self.switch)
        ip("-n", self.switch, "link", "add", "br0", "type", "bridge")
        ip("-n", self.switch, "link", "set", "br0", "up")
        for index, (name, address) in enumerate(zip(self.names, self.addresses, strict=True)):
            ip("netns", "add", name)
            ip("link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", f"p{index}", "netns", self.switch)
            ip("-n", self.switch, "link", "set", f"p{index}", "master", "br0", "up")
            ip("-n", name, "address", "add", f"{address}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")

    def remove(self) -> None:
        for name in [*self.names, self.switch]:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)

    def drop(self, index: int, *match: str, port: int = 4789) -> None:
        """Drop what matches of a port's packets on their way into a node."""
        rule = ["iptables", "-A", "INPUT", "-p", "udp", "--dport", str(port), *match, "-j", "DROP"]
        subprocess.run(["ip", "netns", "exec", self.names[index], *rule], check=True)

    def probe(self, mtu: int = 1450, seconds: int = SECONDS) -> Heard:
        identity = SPARE_IDS[secrets.randbelow(len(SPARE_IDS))]
        plan = {"id": identity, "port": 4789, "mtu": mtu, "seconds": seconds, "nodes": self.addresses}
        with ThreadPoolExecutor(len(self.names)) as pool:
            answers = list(pool.map(lambda index: self._agent(index, plan | {"index": index}), range(len(self.names))))
        kinds = {
            (self.names[int(sender)], self.names[index]): frozenset(heard)
            for index, answer in enumerate(answers)
            for sender, heard in answer.items()
        }
        return Heard(4789, mtu, kinds)

    def _agent(self, index: int, plan: dict[str, object]) -> dict[str, list[str]]:
        command = ["ip", "netns", "exec", self.names[index], sys.executable, str(AGENT), json.dumps(plan)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        answer: dict[str, list[str]] = json.loads(done.stdout)
        return answer


@pytest.fixture
def nodes() -> Iterator[Nodes]:
    made = Nodes(3)
    try:
        made.make()
        yield made
    finally:
        made.remove()


def only(nodes: Nodes) -> Fault:
    found = faults(nodes.probe())
    assert len(found) == 1, found
    return found[0]


def test_between_healthy_nodes_everything_is_heard(nodes: Nodes) -> None:
    heard = nodes.probe(seconds=PATIENCE)
    assert len(heard.kinds) == 6
    assert faults(heard) == []


def test_nothing_is_left_behind(nodes: Nodes) -> None:
    before = [ip("-n", name, "-br", "link") for name in nodes.names]
    nodes.probe()
    assert [ip("-n", name, "-br", "link") for name in nodes.names] == before


def test_it_gets_on_with_swarms_own_interface_on_the_same_port(nodes: Nodes) -> None:
    for name in nodes.names:
        own = ["vx-004096", "type", "vxlan", "id", "4096", "dstport", "4789", "proxy", "learning", "l2miss", "l3miss"]
        ip("-n", name, "link", "add", *own)
        ip("-n", name, "link", "set", "vx-004096", "up")
    assert faults(nodes.probe(seconds=PATIENCE)) == []


def test_a_filter_on_one_node_is_told_as_such(nodes: Nodes) -> None:
    nodes.drop(1)
    fault = only(nodes)
    assert fault.cause is Cause.FILTERED
    assert f"to {nodes.names[1]}: 4789/udp is filtered" in fault.found


def test_another_filtered_port_is_none_of_its_business(nodes: Nodes) -> None:
    nodes.drop(1, port=4788)
    assert faults(nodes.probe(seconds=PATIENCE)) == []


def test_a_small_mtu_on_one_node_is_told_as_such(nodes: Nodes) -> None:
    ip("-n", nodes.names[2], "link", "set", "eth0", "mtu", "1400")
    fault = only(nodes)
    assert fault.cause is Cause.MTU
    assert {receiver for _, receiver in fault.directions} == {nodes.names[2]}


def test_a_small_mtu_in_the_middle_concerns_everyone(nodes: Nodes) -> None:
    for index in range(3):
        ip("-n", nodes.switch, "link", "set", f"p{index}", "mtu", "1450")
    fault = only(nodes)
    assert fault.cause is Cause.MTU
    assert "between any two nodes" in fault.found


def test_networks_with_a_smaller_mtu_fit_through_it(nodes: Nodes) -> None:
    for index in range(3):
        ip("-n", nodes.switch, "link", "set", f"p{index}", "mtu", "1450")
    assert faults(nodes.probe(mtu=1400, seconds=PATIENCE)) == []


def test_packets_lost_for_their_checksum_are_told_as_an_offload(nodes: Nodes) -> None:
    nodes.drop(0, *CHECKED)
    nodes.drop(0, *STREAMS)
    fault = only(nodes)
    assert fault.cause is Cause.OFFLOAD
    assert {(sender, nodes.names[0]) for sender in nodes.names[1:]} <= fault.directions


def test_two_faults_at_once_are_both_told(nodes: Nodes) -> None:
    nodes.drop(0)
    ip("-n", nodes.names[2], "link", "set", "eth0", "mtu", "1400")
    found = faults(nodes.probe())
    assert [fault.cause for fault in found] == [Cause.FILTERED, Cause.MTU]
    assert {receiver for _, receiver in found[1].directions} == {nodes.names[2]}


def test_a_kernel_that_can_not_make_the_interface_says_so(nodes: Nodes) -> None:
    plan = {"id": 1, "port": 4789, "mtu": 1450, "seconds": 1, "nodes": ["not an address", "10.98.0.2"], "index": 0}
    command = ["ip", "netns", "exec", nodes.names[0], sys.executable, str(AGENT), json.dumps(plan)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("ip: ")
    assert "Traceback" not in done.stderr
