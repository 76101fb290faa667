"""Each rule by itself: what it lets pass, what it refuses, and the way out it names."""

from __future__ import annotations

from typing import Any

import pytest

from spec import clouds, contradictions, identity, machines, own_registry, placement, ranges, routing
from spec.contradictions import RULES, SERVICES_RULES, Rule
from spec.problems import Problem
from tests.specs import stack

MANAGERS, WORKERS = "cluster.pools.managers", "cluster.pools.workers"


def judge(rule: Rule, changes: dict[str, Any]) -> list[Problem]:
    return list(rule(stack(changes)))


def pool(role: str, count: int, address: str, **more: Any) -> dict[str, Any]:
    return {"role": role, "count": count, "cpus": 1, "memory": "1 GiB", "first_address": address, **more}


def service(**more: Any) -> dict[str, Any]:
    return {"image": "x:1", **more}


def test_every_rule_lets_the_sample_pass_and_is_in_use() -> None:
    assert all(list(rule(stack())) == [] for rule in (*RULES, *SERVICES_RULES))
    modules = (clouds, contradictions, identity, machines, own_registry, placement, routing)
    written = [each for module in modules for each in vars(module).values()]
    own = {each for each in written if getattr(each, "__annotations__", {}).get("return") == "Iterator[Problem]"}
    assert {each for each in own if not each.__name__.startswith("_")} == {*RULES, *SERVICES_RULES}


@pytest.mark.parametrize("count", [1, 3, 5, 7])
def test_an_odd_number_of_managers_up_to_seven_is_a_quorum(count: int) -> None:
    assert judge(contradictions.managers_form_a_quorum, {f"{MANAGERS}.count": count}) == []


@pytest.mark.parametrize(
    ("count", "says", "better"),
    [
        (0, "a Swarm needs one", 1),
        (2, "2 tolerate no more failures than 1", 3),
        (4, "4 tolerate no more failures than 3", 5),
        (6, "6 tolerate no more failures than 5", 7),
        (8, "above 7", 7),
        (9, "above 7", 7),
    ],
)
def test_any_other_number_is_told_a_better_one(count: int, says: str, better: int) -> None:
    [problem] = judge(contradictions.managers_form_a_quorum, {f"{MANAGERS}.count": count})
    assert problem.path == f"{MANAGERS}.count"
    assert says in problem.found
    assert problem.fix == f"use 1, 3, 5 or 7 managers, here {better}"


def test_managers_of_two_pools_count_together() -> None:
    more = {"cluster.pools.more": pool("manager", 1, "10.20.0.51")}
    [problem] = judge(contradictions.managers_form_a_quorum, more)
    assert (problem.path, "4 managers" in problem.found) == ("cluster.pools", True)
    assert judge(contradictions.managers_form_a_quorum, more | {f"{MANAGERS}.count": 2}) == []


@pytest.mark.parametrize(
    ("first", "count", "good"),
    [
        ("10.20.0.253", 2, True),
        ("10.20.0.253", 3, False),
        ("10.20.0.0", 1, False),
        ("10.20.0.255", 1, False),
        ("10.20.1.1", 1, False),
        ("10.20.0.255", 0, True),
    ],
)
def test_nodes_have_host_addresses_of_the_subnet(first: str, count: int, good: bool) -> None:
    changes = {f"{WORKERS}.first_address": first, f"{WORKERS}.count": count}
    found = judge(placement.addresses_lie_in_the_subnet, changes)
    assert [each.path for each in found] == ([] if good else [f"{WORKERS}.first_address"])


def test_a_pool_that_runs_into_the_gateway_is_told_which_address_it_is() -> None:
    changes = {"target.network.gateway": "10.20.0.22"}
    [problem] = judge(placement.addresses_lie_in_the_subnet, changes)
    assert problem.found == "10.20.0.22 is the gateway's"


def test_two_pools_share_no_address_and_each_is_told_once() -> None:
    changes = {f"{WORKERS}.first_address": "10.20.0.12", f"{WORKERS}.count": 9}
    [problem] = judge(placement.addresses_are_used_once, changes)
    assert problem.found == "10.20.0.12 belongs to pool managers already"
    assert "workers needs 9 addresses of its own" in problem.fix


def test_pools_side_by_side_share_none() -> None:
    assert judge(placement.addresses_are_used_once, {f"{WORKERS}.first_address": "10.20.0.14"}) == []


@pytest.mark.parametrize(
    ("changes", "path", "other"),
    [
        ({"networks.backend.subnet": "10.20.0.0/28"}, "networks.backend.subnet", "target.network.cidr"),
        ({"cluster.overlay_pool": ["10.0.0.0/8"]}, "cluster.overlay_pool", "target.network.cidr"),
        ({"cluster.overlay_pool": ["10.40.0.0/16", "10.40.9.0/24"]}, "cluster.overlay_pool", "cluster.overlay_pool"),
        ({"networks.two": {"subnet": "10.30.0.128/25"}}, "networks.two.subnet", "networks.backend.subnet"),
    ],
)
def test_ranges_that_overlap_are_told_with_each_other(changes: dict[str, Any], path: str, other: str) -> None:
    found = judge(ranges.ranges_do_not_overlap, changes)
    assert [each.path for each in found if f"overlaps {other} (" in each.found] == [path]


def test_networks_without_a_subnet_overlap_nothing() -> None:
    assert judge(ranges.ranges_do_not_overlap, {"networks.two": {}, "networks.three": {}}) == []


@pytest.mark.parametrize("kind", ["networks", "configs", "secrets"])
def test_what_a_service_names_is_declared(kind: str) -> None:
    used: Any = ["absent"] if kind == "networks" else [{"source": "absent", "target": "/x"}]
    [problem] = judge(contradictions.services_refer_to_what_is_declared, {"services.other": service(**{kind: used})})
    assert problem.path == f"services.other.{kind}.0"
    assert problem.found == "`absent` is not declared"
    assert f"under longshore:{kind}; declared: " in problem.fix


def test_where_nothing_is_declared_that_is_said() -> None:
    changes = {"networks": None, "services.web.networks": ["front", "back"]}
    found = judge(contradictions.services_refer_to_what_is_declared, changes)
    assert [each.path for each in found] == ["services.web.networks.0", "services.web.networks.1"]
    assert all(each.fix.endswith("declared: none") for each in found)


@pytest.mark.parametrize(
    ("constraints", "candidates"),
    [
        ([], 5),
        (["node.role == worker"], 2),
        (["node.role==manager"], 3),
        (["node.role != worker"], 3),
        (["node.role == worker", "node.role != worker"], 0),
        (["node.labels.zone == a"], 5),
    ],
)
def test_constraints_on_the_role_leave_that_many_nodes(constraints: list[str], candidates: int) -> None:
    asked = {"services.web.constraints": constraints, "services.web.max_per_node": 2}
    most = {**asked, "services.web.replicas": max(2 * candidates, 1)}
    found = judge(contradictions.services_can_be_placed, most)
    assert [each.path for each in found] == ([] if candidates else ["services.web.constraints"])
    over = judge(contradictions.services_can_be_placed, {**asked, "services.web.replicas": 2 * candidates + 1})
    assert len(over) == 1


@pytest.mark.parametrize("availability", ["pause", "drain"])
def test_nodes_that_take_no_tasks_are_no_candidates(availability: str) -> None:
    changes = {f"{WORKERS}.availability": availability}
    [problem] = judge(contradictions.services_can_be_placed, changes)
    assert problem.path == "services.web.constraints"
    assert judge(contradictions.services_can_be_placed, changes | {"services.web.replicas": 0}) == []


@pytest.mark.parametrize(
    ("ports", "published"),
    [
        ([{"target": 1, "published": 80}], ["services.other.ports"]),
        ([{"target": 1, "published": 80, "protocol": "udp"}], []),
        ([{"target": 1, "published": 81}], []),
        ([{"target": 1, "published": 81}, {"target": 2, "published": 81}], ["services.other.ports"]),
    ],
)
def test_a_port_is_published_once(ports: list[dict[str, Any]], published: list[str]) -> None:
    found = judge(contradictions.ports_are_published_once, {"services.other": service(ports=ports)})
    assert [each.path for each in found] == published


@pytest.mark.parametrize(
    ("mode", "port", "good"), [("dnsrr", "ingress", False), ("dnsrr", "host", True), ("vip", "ingress", True)]
)
def test_ingress_needs_a_virtual_address(mode: str, port: str, good: bool) -> None:
    changes = {"services.web.endpoint_mode": mode, "services.web.ports.0.mode": port}
    found = judge(contradictions.ingress_ports_need_a_virtual_address, changes)
    assert [each.path for each in found] == ([] if good else ["services.web.endpoint_mode"])


@pytest.mark.parametrize(
    ("cluster", "count", "good"),
    [("a" * 53, 9, True), ("a" * 53, 10, False), ("a" * 54, 9, False), ("a" * 63, 0, True)],
)
def test_the_longest_node_name_fits_a_host_name(cluster: str, count: int, good: bool) -> None:
    changes = {"cluster.name": cluster, f"{WORKERS}.count": count, f"{MANAGERS}.count": 0}
    found = judge(identity.node_names_are_host_names, changes)
    assert [each.path for each in found] == ([] if good else [WORKERS])
    assert all(f"-workers-{count}" in each.found and "at most 63" in each.found for each in found)


@pytest.mark.parametrize(("pool", "prefix", "good"), [("10.9.0.0/24", 24, True), ("10.9.0.0/25", 24, False)])
def test_an_overlay_range_holds_at_least_one_subnet(pool: str, prefix: int, good: bool) -> None:
    changes = {"cluster.overlay_pool": [pool], "cluster.overlay_prefix": prefix}
    found = judge(identity.overlays_fit_their_pools, changes)
    assert [each.found for each in found] == (
        [] if good else [f"{pool} is smaller than one overlay subnet (/{prefix})"]
    )


def test_contradictions_come_in_the_order_of_the_rules() -> None:
    spec = stack({f"{MANAGERS}.count": 2, "services.web.networks": ["front"], "target.network.gateway": "10.1.0.1"})
    paths = [each.path for each in contradictions.contradictions(spec)]
    assert paths == [f"{MANAGERS}.count", "target.network.gateway", "services.web.networks.0"]


def test_aliases_are_of_networks_that_the_service_joins() -> None:
    assert judge(contradictions.aliases_belong_to_networks, {"services.web.aliases": {"backend": ["www"]}}) == []
    [problem] = judge(contradictions.aliases_belong_to_networks, {"services.web.aliases": {"front": ["www"]}})
    assert problem.path == "services.web.aliases.front"
    assert "services.web.networks" in problem.fix


def test_a_global_service_has_no_replicas() -> None:
    rule = contradictions.global_services_count_no_replicas
    assert judge(rule, {"services.web.mode": "global", "services.web.replicas": None}) == []
    [problem] = judge(rule, {"services.web.mode": "global"})
    assert problem.path == "services.web.replicas"


def test_a_global_service_may_run_once_on_each_of_many_nodes() -> None:
    changes = {"services.web.mode": "global", "services.web.replicas": None, "services.web.max_per_node": 1}
    assert judge(contradictions.services_can_be_placed, changes) == []


@pytest.mark.parametrize("holder", [{"max_per_node": 1}, {"ports": [{"target": 1, "published": 1}]}])
def test_starting_first_beside_what_holds_the_place_is_refused(holder: dict[str, Any]) -> None:
    changes = {"services.web": service(rollout={"order": "start-first"}, **holder)}
    [problem] = judge(contradictions.starting_first_needs_room, changes)
    assert problem.path == "services.web.rollout.order"
    assert judge(contradictions.starting_first_needs_room, {"services.web": service(**holder)}) == []
