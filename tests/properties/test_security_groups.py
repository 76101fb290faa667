"""Whatever the cluster: the rules of its security groups are the ports matrix, and don't grow with its nodes."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from components import addresses
from components.ports import matrix
from components.targets import cloud
from components.targets.cloud import Rule
from spec.stack import StackSpec
from tests.contract.samples import spec

CLIENTS = st.sampled_from([["0.0.0.0/0"], ["192.0.2.0/24"], ["192.0.2.0/24", "198.51.100.7/32"]])
PUBLISHED = st.lists(st.tuples(st.integers(1, 65535), st.sampled_from(["tcp", "udp"])), max_size=4, unique=True)
ROLES = st.sampled_from([[], ["node.role==worker"], ["node.role!=worker"]])


@st.composite
def stacks(draw: st.DrawFn) -> StackSpec:
    mode = draw(st.sampled_from(["ingress", "host"]))
    ports = [{"target": 80, "published": port, "protocol": name, "mode": mode} for port, name in draw(PUBLISHED)]
    changes: dict[str, Any] = {
        "cluster.pools.managers.count": draw(st.sampled_from([1, 3, 5])),
        "cluster.pools.workers.count": draw(st.integers(0, 20)),
        "cluster.data_path_port": draw(st.integers(1024, 49151)),
        "networks.backend.encrypted": draw(st.booleans()),
        "access": {"clients": draw(CLIENTS), "published": draw(st.sampled_from([[], ["8443/tcp"]]))},
        "services.web.ports": ports,
        "services.web.constraints": draw(ROLES),
    }
    return spec("aws", changes)


def hosts(made: StackSpec, rule: Rule) -> set[IPv4Network]:
    """Return the other side of a rule, a group by its addresses one by one."""
    if isinstance(rule.peer, IPv4Network):
        return {rule.peer}
    party = addresses.role(made, "manager" if rule.peer == "managers" else "worker")
    return _singly(party.networks)


def _singly(networks: Iterable[IPv4Network]) -> set[IPv4Network]:
    return {IPv4Network(each) for network in networks for each in network}


def told(made: StackSpec) -> dict[tuple[Any, ...], set[IPv4Network]]:
    """Return the matrix by what a packet is, with its other sides."""
    groups = {"nodes": ("managers", "workers"), "managers": ("managers",), "workers": ("workers",)}
    found: dict[tuple[Any, ...], set[IPv4Network]] = {}
    for flow in matrix(made):
        for way, one, other in (("ingress", flow.target, flow.source), ("egress", flow.source, flow.target)):
            for group in groups.get(one.name, ()):
                peers = _singly(other.networks) if other.name in groups else set(other.networks)
                found.setdefault((group, way, flow.protocol, flow.port), set()).update(peers)
    return {key: peers for key, peers in found.items() if peers}


@given(stacks())
@settings(max_examples=40)
def test_the_rules_are_the_matrix(made: StackSpec) -> None:
    found: dict[tuple[Any, ...], set[IPv4Network]] = {}
    for rule in cloud.rules(made):
        peers = hosts(made, rule)
        if peers:
            found.setdefault((rule.group, rule.direction, rule.protocol, rule.port), set()).update(peers)
    assert found == told(made)


@given(stacks())
@settings(max_examples=40)
def test_no_two_rules_are_alike(made: StackSpec) -> None:
    rules = cloud.rules(made)
    assert len({(each.group, each.direction, each.protocol, each.port, each.peer) for each in rules}) == len(rules)
    assert len({each.name for each in rules}) == len(rules)


def test_another_node_is_no_other_rule() -> None:
    larger = spec("aws", {"cluster.pools.workers.count": 60})
    smaller = spec("aws", {"cluster.pools.workers.count": 1})
    assert [each.name for each in cloud.rules(larger)] == [each.name for each in cloud.rules(smaller)]


@given(stacks())
@settings(max_examples=40)
def test_a_load_balancer_opens_what_it_asks_and_nothing_else(made: StackSpec) -> None:
    probes = [IPv4Network("35.191.0.0/16")]
    before, after = cloud.rules(made), cloud.rules(made, probes)
    new = [each for each in after if each not in before]
    passed_on = cloud.balanced(made)
    assert after[: len(before)] == before
    assert {(each.group, each.port) for each in new} == {
        (role, each.probe) for each in passed_on for role in each.roles
    }
    assert all((each.direction, each.protocol, each.peer) == ("ingress", "tcp", probes[0]) for each in new)


@given(st.text())
def test_descriptions_are_what_every_cloud_takes(text: str) -> None:
    plain = cloud.plain(text)
    assert len(plain) <= 255
    assert set(plain) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._:/()#,;@+=-")
