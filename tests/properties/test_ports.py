"""The rules say what the matrix says, for any stack: no more, and no less."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from components import nftables, nsx
from components.addresses import Party
from components.ports import Flow, matrix
from spec.pool import Role
from spec.stack import StackSpec
from tests.specs import stack
from tests.unit.components.rulesets import Packet, Ruleset

ROLES: tuple[Role, ...] = get_args(Role)
STRANGER = IPv4Address("203.0.113.9")
FAR = ["10.1.0.0/16", "192.0.2.0/24", "0.0.0.0/0"]

ports = st.integers(min_value=1024, max_value=49151).filter(lambda port: port not in (2377, 7946))
published = st.lists(
    st.fixed_dictionaries(
        {
            "target": st.just(80),
            "published": st.integers(min_value=5000, max_value=5009),
            "protocol": st.sampled_from(["tcp", "udp"]),
            "mode": st.sampled_from(["host", "ingress"]),
        }
    ),
    max_size=3,
)
stacks = st.fixed_dictionaries(
    {
        "cluster.pools.managers.count": st.sampled_from([1, 3, 5]),
        "cluster.pools.workers.count": st.integers(min_value=1, max_value=6),
        "cluster.data_path_port": ports,
        "engine.ssh.port": st.sampled_from([22, 2222]),
        "networks.backend.encrypted": st.booleans(),
        "services.web.ports": published,
        "services.web.constraints": st.sampled_from([[], ["node.role == worker"], ["node.role==manager"]]),
        "access": st.fixed_dictionaries(
            {"operators": st.lists(st.sampled_from(FAR), min_size=1, max_size=2, unique=True),
             "clients": st.lists(st.sampled_from(FAR), min_size=1, max_size=2, unique=True),
             "ntp": st.sampled_from([[], ["10.9.0.1"]])}
        ),
    }
).map(stack)  # fmt: skip


def address(party: Party) -> IPv4Address:
    """Return one of a party's addresses; a stranger's where it may be anybody."""
    return STRANGER if party.anywhere else party.networks[-1][-1]


def packet(flow: Flow) -> Packet:
    return Packet(address(flow.source), address(flow.target), flow.protocol, flow.port)


def of_role(party: Party, role: Role) -> bool:
    return party.name in ("nodes", f"{role}s")


@given(stacks)
def test_every_flow_passes_at_both_ends(spec: StackSpec) -> None:
    rules = {role: Ruleset(nftables.ruleset(spec, role)) for role in ROLES}
    for flow in matrix(spec):
        for role in ROLES:
            if of_role(flow.target, role):
                assert rules[role].accepts("published" if flow.published else "input", packet(flow)), flow
            if of_role(flow.source, role):
                assert rules[role].accepts("output", packet(flow)), flow


@given(stacks, st.sampled_from(ROLES), st.sampled_from(["tcp", "udp"]), st.integers(min_value=1, max_value=65535))
def test_what_no_flow_asks_for_is_dropped_at_the_node(spec: StackSpec, role: Role, protocol: str, port: int) -> None:
    asked = {
        (flow.protocol, flow.port)
        for flow in matrix(spec)
        if of_role(flow.target, role) and not flow.published and _may_send(flow.source)
    }
    stranger = Packet(STRANGER, IPv4Address("10.20.0.11"), protocol, port)
    rules = Ruleset(nftables.ruleset(spec, role))
    assert rules.accepts("input", stranger) is ((protocol, port) in asked)


def _may_send(party: Party) -> bool:
    return any(STRANGER in network for network in party.networks)


@given(stacks, st.sampled_from(ROLES), st.integers(min_value=5000, max_value=5009), st.sampled_from(["tcp", "udp"]))
def test_published_ports_are_closed_to_whoever_is_no_client(
    spec: StackSpec, role: Role, port: int, protocol: str
) -> None:
    flows = [
        f for f in matrix(spec) if f.published and of_role(f.target, role) and (f.protocol, f.port) == (protocol, port)
    ]
    closed = any(not _may_send(flow.source) for flow in flows)
    stranger = Packet(STRANGER, IPv4Address("10.20.0.11"), protocol, port)
    assert Ruleset(nftables.ruleset(spec, role)).accepts("published", stranger) is not closed


@given(stacks)
def test_only_the_nodes_themselves_send_overlay_traffic(spec: StackSpec) -> None:
    vxlan = Packet(STRANGER, IPv4Address("10.20.0.11"), "udp", spec.cluster.data_path_port)
    for role in ROLES:
        rules = Ruleset(nftables.ruleset(spec, role))
        assert not rules.accepts("input", vxlan)
        assert not rules.accepts("output", Packet(vxlan.target, STRANGER, "udp", spec.cluster.data_path_port))


@given(stacks)
def test_encrypted_networks_open_ipsec_and_others_do_not(spec: StackSpec) -> None:
    ipsec = Packet(IPv4Address("10.20.0.11"), IPv4Address("10.20.0.21"), "esp")
    opened = Ruleset(nftables.ruleset(spec, "worker")).accepts("input", ipsec)
    assert opened is spec.networks["backend"].encrypted


@given(stacks)
def test_the_nsx_policy_holds_the_same_flows(spec: StackSpec) -> None:
    (domain,) = nsx.policy(spec)["children"]
    groups = {
        f"/infra/domains/default/groups/{each['Group']['id']}": _networks(each["Group"])
        for each in domain["children"]
        if "Group" in each
    }
    groups["ANY"] = {IPv4Network("0.0.0.0/0")}
    (policy,) = [each["SecurityPolicy"] for each in domain["children"] if "SecurityPolicy" in each]
    found = [_seen(rule, groups) for rule in policy["rules"] if rule["action"] == "ALLOW"]
    assert found == [_meant(flow) for flow in matrix(spec)]


def _networks(group: dict[str, Any]) -> set[IPv4Network]:
    return {IPv4Network(each) for expression in group["expression"] for each in expression["ip_addresses"]}


def _seen(rule: dict[str, Any], groups: dict[str, set[IPv4Network]]) -> tuple[Any, ...]:
    (source,), (target,), (service,) = rule["source_groups"], rule["destination_groups"], rule["service_entries"]
    protocol = service.get("l4_protocol", "").lower() or {1: "icmp", 50: "esp"}[service["protocol_number"]]
    port = int(service["destination_ports"][0]) if "destination_ports" in service else None
    return groups[source], groups[target], protocol, port


def _meant(flow: Flow) -> tuple[Any, ...]:
    whole = {IPv4Network("0.0.0.0/0")}
    source, target = (whole if party.anywhere else set(party.networks) for party in (flow.source, flow.target))
    return source, target, flow.protocol, flow.port
