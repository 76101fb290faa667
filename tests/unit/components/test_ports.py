"""Who must reach whom: derived from the stack, as rows, as nftables rules and as an NSX policy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from ipaddress import IPv4Network
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import addresses, nftables, nsx
from components.addresses import HUB, Party, Registry
from components.ports import Flow, matrix
from spec.pool import Role
from tests.conftest import Golden
from tests.specs import stack

ROLES: tuple[Role, ...] = get_args(Role)
EVERYTHING: dict[str, Any] = {
    "networks": {"backend": {"encrypted": True}},
    "cluster.data_path_port": 4790,
    "engine.ssh.port": 2222,
    "engine.mirrors": ["https://mirror.test:8443"],
    "engine.install": {"source": "docker"},
    "engine.registries": {"10.9.0.5:5000": {"ca": "-----BEGIN CERTIFICATE-----"}},
    "access": {"operators": ["10.1.0.0/16", "10.2.0.7/32"], "clients": ["10.0.0.0/8"], "ntp": ["10.9.0.1", "10.9.0.2"]},
    "services.web.ports": [
        {"target": 8080, "published": 80},
        {"target": 53, "published": 53, "protocol": "udp", "mode": "ingress"},
    ],
}


def rows(changes: dict[str, Any] | None = None) -> set[tuple[str, str, str]]:
    return {(flow.source.name, flow.target.name, flow.where) for flow in matrix(stack(changes))}


def test_a_plain_stack_needs_these_and_no_others() -> None:
    assert rows() == {
        ("operators", "nodes", "22/tcp"),
        ("clients", "workers", "80/tcp"),
        ("nodes", "managers", "2377/tcp"),
        ("nodes", "nodes", "7946/tcp"),
        ("nodes", "nodes", "7946/udp"),
        ("nodes", "nodes", "4789/udp"),
        ("nodes", "nodes", "icmp (protocol 1)"),
        ("nodes", "DNS", "53/udp"),
        ("nodes", "DNS", "53/tcp"),
        ("nodes", "NTP", "123/udp"),
        ("nodes", "registry registry.test", "443/tcp"),
    }


def test_what_the_stack_file_changes_changes_the_matrix() -> None:
    added = rows(EVERYTHING) - rows()
    assert added == {
        ("operators", "nodes", "2222/tcp"),
        ("clients", "nodes", "53/udp"),
        ("nodes", "nodes", "4790/udp"),
        ("nodes", "nodes", "esp (protocol 50)"),
        ("nodes", "registry mirror.test", "8443/tcp"),
        ("nodes", "registry 10.9.0.5", "5000/tcp"),
        ("nodes", "packages download.docker.com", "443/tcp"),
        ("nodes", "distribution's packages", "80/tcp"),
        ("nodes", "distribution's packages", "443/tcp"),
    }
    assert ("nodes", "nodes", "4789/udp") not in rows(EVERYTHING)


@pytest.mark.parametrize(
    ("constraints", "targets"),
    [
        ([], {"nodes"}),
        (["node.role == manager"], {"managers"}),
        (["node.role!=manager"], {"workers"}),
        (["node.labels.zone == a"], {"nodes"}),
    ],
)
def test_a_host_port_is_open_where_tasks_may_run(constraints: list[str], targets: set[str]) -> None:
    flows = matrix(stack({"services.web.constraints": constraints}))
    assert {flow.target.name for flow in flows if flow.published} == targets


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        ("nginx", Registry(HUB)),
        ("library/nginx:1", Registry(HUB)),
        ("registry.test/a/b:1", Registry("registry.test")),
        ("registry.test:5000/a", Registry("registry.test", 5000)),
        ("localhost/a", Registry("localhost")),
    ],
)
def test_a_registry_is_read_off_an_image_as_docker_does(image: str, registry: Registry) -> None:
    assert addresses.registries(stack({"services.web.image": image})) == [registry]


def test_parties_are_written_briefly() -> None:
    spec = stack(EVERYTHING)
    assert addresses.nodes(spec).text == "10.20.0.11-10.20.0.13, 10.20.0.21-10.20.0.22"
    assert addresses.operators(spec).text == "10.1.0.0/16, 10.2.0.7"
    assert addresses.role(spec, "manager").networks == (IPv4Network("10.20.0.11/32"), IPv4Network("10.20.0.12/31"))
    assert Party("x").text == "any"


def loadable(ruleset: str) -> None:
    """See that nft takes a ruleset (`-c` changes nothing), where there is one; else that its shape is right."""
    if shutil.which("nft") and os.geteuid() == 0:
        done = subprocess.run(["nft", "-c", "-f", "-"], input=ruleset, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert ruleset.count("{") == ruleset.count("}")
    assert all(line.rstrip().endswith(("accept", "drop", '"', ";", "{", "}", "longshore")) or line.startswith("#")
               for line in ruleset.splitlines())  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("changes", [{}, EVERYTHING])
def test_the_ruleset_can_be_loaded(changes: dict[str, Any], role: Role) -> None:
    loadable(nftables.ruleset(stack(changes), role))


def test_ranges_within_each_other_make_one_set() -> None:
    within = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "192.0.2.0/25", "192.0.2.128/25"]
    text = nftables.ruleset(stack({"access": {"operators": within, "clients": within}}), "manager")
    assert "elements = { 10.0.0.0/8, 192.0.2.0/24 }" in text
    loadable(text)


def test_managers_take_joins_and_workers_do_not() -> None:
    manager, worker = (nftables.ruleset(stack(), role) for role in ROLES)
    assert "ip saddr @nodes tcp dport 2377 accept" in manager
    assert "ip saddr @nodes tcp dport 2377" not in worker
    assert "ip daddr @managers tcp dport 2377 accept" in worker


def test_the_ruleset_says_no_to_all_else_both_ways() -> None:
    text = nftables.ruleset(stack(), "worker")
    assert "hook input priority filter; policy drop;" in text
    assert "hook output priority filter; policy drop;" in text
    assert "hook forward" not in text


def test_published_ports_are_kept_from_strangers_before_docker_translates_them() -> None:
    text = nftables.ruleset(stack(EVERYTHING), "worker")
    assert "fib daddr type local tcp dport 80 ip saddr != @clients drop" in text
    assert "fib daddr type local udp dport 53 ip saddr != @clients drop" in text
    assert "tcp dport 80" not in nftables.ruleset(stack(EVERYTHING), "manager").split("chain output")[0]
    assert "dport 80 " not in nftables.ruleset(stack(), "worker")


def test_the_ruleset_replaces_its_own_table_only() -> None:
    lines = nftables.ruleset(stack(), "worker").splitlines()
    assert lines[1:4] == ["table inet longshore", "delete table inet longshore", "table inet longshore {"]
    assert "flush ruleset" not in lines


def nsx_children(changes: dict[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the groups by path, and the security policy."""
    (domain,) = nsx.policy(stack(changes))["children"]
    groups = [each["Group"] for each in domain["children"] if each["resource_type"] == "ChildGroup"]
    (policy,) = [
        each["SecurityPolicy"] for each in domain["children"] if each["resource_type"] == "ChildSecurityPolicy"
    ]
    return {f"/infra/domains/default/groups/{group['id']}": group for group in groups}, policy


@pytest.mark.parametrize("changes", [{}, EVERYTHING])
def test_every_rule_refers_to_groups_that_are_made(changes: dict[str, Any]) -> None:
    groups, policy = nsx_children(changes)
    used = {path for rule in policy["rules"] for path in rule["source_groups"] + rule["destination_groups"]}
    assert used - {"ANY"} == set(groups)
    assert policy["scope"] == ["/infra/domains/default/groups/longshore-shop-nodes"]


def test_every_flow_is_a_rule_and_the_rest_is_dropped() -> None:
    _, policy = nsx_children(EVERYTHING)
    *rules, last = policy["rules"]
    assert len(rules) == len(matrix(stack(EVERYTHING)))
    assert [rule["sequence_number"] for rule in policy["rules"]] == sorted(
        r["sequence_number"] for r in policy["rules"]
    )
    assert {rule["action"] for rule in rules} == {"ALLOW"}
    assert (last["action"], last["source_groups"]) == ("DROP", ["ANY"])


def test_a_protocol_without_ports_is_given_by_its_number() -> None:
    _, policy = nsx_children(EVERYTHING)
    entries = [entry for rule in policy["rules"] for entry in rule.get("service_entries", [])]
    assert {entry["protocol_number"] for entry in entries if "protocol_number" in entry} == {1, 50}
    vxlan = [entry for entry in entries if entry.get("destination_ports") == ["4790"]]
    assert [entry["l4_protocol"] for entry in vxlan] == ["UDP"]


sizes = st.integers(min_value=1, max_value=30)


@given(sizes, sizes, st.integers(min_value=1024, max_value=49151))
def test_no_node_is_forgotten_in_any_cluster(managers: int, workers: int, port: int) -> None:
    spec = stack({"cluster.pools.managers.count": managers, "cluster.pools.workers.count": workers,
                  "cluster.pools.workers.first_address": "10.20.0.101", "cluster.data_path_port": port})  # fmt: skip
    covered = addresses.nodes(spec).networks
    every = [address for pool in spec.cluster.pools.values() for address in pool.node_addresses()]
    assert sum(network.num_addresses for network in covered) == len(every)
    assert all(any(address in network for network in covered) for address in every)
    assert any(flow.protocol == "udp" and flow.port == port for flow in matrix(spec))


@pytest.mark.parametrize("role", ROLES)
def test_the_rulesets_are_what_they_were(golden: Golden, role: Role) -> None:
    golden.check(f"ports-{role}.nft", nftables.ruleset(stack(EVERYTHING), role))


def test_the_policy_is_what_it_was(golden: Golden) -> None:
    golden.check("ports-nsx.json", json.dumps(nsx.policy(stack(EVERYTHING)), indent=2) + "\n")


def test_a_flow_without_a_port_says_its_protocol() -> None:
    assert Flow(Party("a"), Party("b"), "esp", None, "").where == "esp (protocol 50)"
