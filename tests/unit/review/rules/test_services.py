"""Services: recreated, without a way back, without room, and their ports."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.review import log
from tests.unit.review.ask import Steps, ask, create, delete, forced, member, named, replace, same, says, step, update

GIB = 1024**3
EVERYWHERE = "0.0.0.0"  # noqa: S104  a declared address, not bound
HEALTHY: dict[str, Any] = {
    "mode": {"replicated": {"replicas": 2}},
    "updateConfig": {"failureAction": "rollback"},
    "taskSpec": {"containerSpec": {"healthcheck": {"tests": ["CMD"]}}},
}


def test_a_service_that_goes_stops_all_its_tasks() -> None:
    (risk,) = ask("SERVICE-RECREATED", forced("service", "web", {"name": "a"}, {"name": "b"}, "name"))
    assert (risk.what, risk.why) == ("service `web` is replaced (deleted first): all its tasks stop.", "`name` changes")
    assert says("SERVICE-RECREATED", delete("service", "web")) == "service `web` is deleted: all its tasks stop."


@pytest.mark.parametrize("op", ["update", "create", "same"])
def test_a_service_that_does_not_go(op: str) -> None:
    assert says("SERVICE-RECREATED", step(op, "service", "web", {"a": 1}, {"a": 2})) == ""


@pytest.mark.parametrize(
    ("spec", "lacks"),
    [
        ({}, ""),
        ({"updateConfig": {"failureAction": "pause"}}, "no rollback on failure"),
        ({"updateConfig": {}}, "no rollback on failure"),
        ({"taskSpec": {"containerSpec": {}}}, "no health check"),
        ({"mode": {"replicated": {"replicas": 1}}}, "its only task stops first"),
        ({"mode": {}}, "its only task stops first"),
        ({"mode": {"global": False}}, "its only task stops first"),
        ({"mode": {"global": True}}, ""),
        ({"mode": {"replicated": {"replicas": 0}}}, ""),
        (
            {
                "mode": {"replicated": {"replicas": 1}},
                "updateConfig": {"failureAction": "rollback", "order": "start-first"},
            },
            "",
        ),
        (
            {"mode": {}, "updateConfig": {}, "taskSpec": {}},
            "no rollback on failure, no health check, its only task stops first",
        ),
    ],
)
@pytest.mark.parametrize("op", ["create", "update"])
def test_what_a_service_lacks_for_a_way_back(op: str, spec: dict[str, Any], lacks: str) -> None:
    said = says("SERVICE-NO-ROLLBACK", step(op, "service", "web", {"x": 1}, {**HEALTHY, **spec}))
    assert said == (f"service `web`: {lacks}." if lacks else "")


def test_a_service_that_goes_or_stays_needs_no_way_back() -> None:
    assert says("SERVICE-NO-ROLLBACK", delete("service", "web"), same("service", "db")) == ""


def placed(*constraints: str, op: str = "create") -> Steps:
    return step(
        op,
        "service",
        "db",
        {"taskSpec": {"placement": {"constraints": list(constraints)}}},
        {"taskSpec": {"placement": {"constraints": list(constraints)}}},
    )


@pytest.mark.parametrize(
    ("constraints", "fits"),
    [
        ([], True),
        (["node.role == worker"], True),
        (["node.role==manager"], False),
        (["node.role != manager"], True),
        (["node.hostname == w1"], True),
        (["node.hostname == w9"], False),
        (["node.hostname != w1"], False),
        (["node.labels.disk == ssd"], True),
        (["node.labels.disk != ssd"], False),
        (["node.labels.other == a"], False),
        (["node.labels.other != a"], True),
        (["node.labels.disk == ssd", "node.role == manager"], False),
        (["node.platform.os == linux"], True),
        (["engine.labels.x == y"], True),
        (["node.id == abc"], True),
        (["nonsense"], True),
    ],
)
def test_a_service_finds_a_node_by_its_constraints(constraints: list[str], fits: bool) -> None:
    said = says("SERVICE-CAPACITY", placed(*constraints), member("w1", "worker", disk="ssd"))
    shown = ", ".join(f"`{each}`" for each in constraints)
    assert said == ("" if fits else f"service `db` finds no node: {shown}.")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (delete("node", "w1-member", {"name": "w1", "role": "worker", "labels": {"disk": "ssd"}}), True),
        (
            update(
                "node",
                "w1-member",
                {"name": "w1", "role": "worker", "labels": {"disk": "ssd"}},
                {"name": "w1", "role": "worker", "labels": {"disk": "hdd"}},
            ),
            True,
        ),
        (update("vm", "w1", {"x": 1}, {"x": 2}), False),
    ],
)
def test_a_service_that_stays_may_lose_its_last_node(change: Steps, told: bool) -> None:
    service = placed("node.labels.disk == ssd", op="same")
    said = says("SERVICE-CAPACITY", service, change, member("w2", "worker", disk="hdd"))
    assert bool(said) is told


def reserves(gib: float, mode: dict[str, Any], op: str = "create") -> Steps:
    spec = {"mode": mode, "taskSpec": {"resources": {"reservation": {"memoryBytes": gib * GIB}}}}
    return step(op, "service", "web", spec, spec)


def nodes(count: int, gib: int) -> list[Steps]:
    machines = [same("vm", f"w{n}", name=f"w{n}", memory=gib * 1024) for n in range(count)]
    return machines + [member(f"w{n}", "worker") for n in range(count)]


@pytest.mark.parametrize(
    ("mode", "gib", "need"),
    [
        ({"replicated": {"replicas": 2}}, 1, None),
        ({"replicated": {"replicas": 5}}, 1, 5120),
        ({"replicated": {"replicas": 0}}, 9, None),
        ({"replicated": {"replicas": log.COMPUTED}}, 5, 5120),
        ({"global": True}, 1.5, None),
        ({"global": True}, 3, 6144),
        ({}, 4, None),
        ({}, 4.5, 4608),
    ],
)
def test_what_services_reserve_has_to_fit_on_the_machines_that_stay(
    mode: dict[str, Any], gib: float, need: int | None
) -> None:
    said = says("SERVICE-CAPACITY", reserves(gib, mode), *nodes(2, 2))
    sentence = f"services reserve {need} MiB of memory; the machines that stay have 4096 MiB."
    assert said == (sentence if need else "")


def test_memory_is_judged_only_where_all_of_it_is_known() -> None:
    many = reserves(9, {})
    assert says("SERVICE-CAPACITY", many, *nodes(1, 2)) != ""
    assert says("SERVICE-CAPACITY", many, *nodes(1, 2), member("w9", "worker")) == ""
    unknown = [same("vm", "w9", name="w9"), member("w9", "worker")]
    assert says("SERVICE-CAPACITY", many, *nodes(1, 2), *unknown) == ""


def test_memory_is_judged_only_when_either_side_changes() -> None:
    stays = reserves(9, {}, "same")
    assert says("SERVICE-CAPACITY", stays, *nodes(1, 2)) == ""
    smaller = update("vm", "w9", {"name": "w9", "memory": 2048}, {"name": "w9", "memory": 1024})
    (risk,) = ask("SERVICE-CAPACITY", stays, smaller, member("w9", "worker"))
    assert named(risk) == ["w9"]


def ports(kind: str, name: str, *items: dict[str, Any], op: str = "create") -> Steps:
    spec = {"endpointSpec": {"ports": list(items)}} if kind == "service" else {"ports": list(items)}
    return step(op, kind, name, spec, spec)


@pytest.mark.parametrize(
    ("one", "two", "sentence"),
    [
        ({"publishedPort": 80}, {"publishedPort": 80}, "port 80/tcp is published by `a`, `b`."),
        (
            {"publishedPort": 53, "protocol": "udp"},
            {"publishedPort": 53, "protocol": "udp"},
            "port 53/udp is published by `a`, `b`.",
        ),
        ({"publishedPort": 80}, {"publishedPort": 80, "protocol": "udp"}, ""),
        ({"publishedPort": 80}, {"publishedPort": 81}, ""),
        ({"publishedPort": 80, "publishMode": "host"}, {"publishedPort": 80, "publishMode": "host"}, ""),
        ({"targetPort": 80}, {"targetPort": 80}, ""),
        ({"publishedPort": log.COMPUTED}, {"publishedPort": log.COMPUTED}, ""),
        ({"publishedPort": 0}, {"publishedPort": 0}, ""),
    ],
)
def test_two_services_may_not_publish_the_same_port(one: dict[str, Any], two: dict[str, Any], sentence: str) -> None:
    assert says("PORT-CONFLICT", ports("service", "a", one), ports("service", "b", two, op="same")) == sentence


def test_a_conflict_needs_a_change_and_two_services() -> None:
    port = {"publishedPort": 80}
    still = [ports("service", name, port, op="same") for name in "ab"]
    assert says("PORT-CONFLICT", *still) == ""
    assert (
        says("PORT-CONFLICT", ports("service", "a", port), delete("service", "b", {"endpointSpec": {"ports": [port]}}))
        == ""
    )
    assert says("PORT-CONFLICT", ports("service", "a", port), ports("container", "b", {"external": 80})) == ""


@pytest.mark.parametrize(
    ("old", "new", "listed"),
    [
        ([], [{"publishedPort": 80}], "80/tcp"),
        ([{"publishedPort": 80}], [{"publishedPort": 80}, {"publishedPort": 443}], "443/tcp"),
        ([{"publishedPort": 80}], [{"publishedPort": 80, "protocol": "udp"}], "80/udp"),
        ([], [{"publishedPort": 80}, {"publishedPort": 53, "protocol": "udp"}], "80/tcp, 53/udp"),
        ([{"publishedPort": 80}], [{"publishedPort": 80, "publishMode": "host"}], ""),
        ([{"publishedPort": 80}], [], ""),
        ([], [{"targetPort": 80}], ""),
    ],
)
def test_a_service_s_port_that_was_not_public_before(old: list[Any], new: list[Any], listed: str) -> None:
    sides = [{"name": "a", "endpointSpec": {"ports": side}, "x": n} for n, side in enumerate((old, new))]
    said = says("PORT-PUBLIC", update("service", "a", *sides))
    assert said == (f"`a` publishes {listed} on every address." if listed else "")


@pytest.mark.parametrize(
    ("old", "new", "is_public"),
    [
        (None, EVERYWHERE, True),
        (None, "::", True),
        (None, "127.0.0.1", False),
        (None, "10.0.0.5", False),
        ("127.0.0.1", EVERYWHERE, True),
        (EVERYWHERE, "127.0.0.1", False),
        (EVERYWHERE, "", False),
    ],
)
def test_a_container_s_port_is_public_by_its_address(old: str | None, new: str, is_public: bool) -> None:
    before, after = ({"ports": [{"internal": 80, "external": 80, "ip": ip}]} for ip in (old, new))
    steps = create("container", "c", **after) if old is None else replace("container", "c", before, after)
    assert bool(says("PORT-PUBLIC", steps)) is is_public


@pytest.mark.parametrize(
    ("port", "severity"), [(2375, "ACK"), (2376, "ACK"), (2377, "ACK"), (2378, "WARN"), (80, "WARN")]
)
def test_the_engine_s_own_ports_are_graver(port: int, severity: str) -> None:
    (risk,) = ask("PORT-PUBLIC", ports("service", "a", {"publishedPort": port}))
    assert risk.severity.name == severity
