"""The graph of a stack as a page draws it: who is whose parent, who uses whom, where the risks are."""

from __future__ import annotations

from dataclasses import replace as replaced
from typing import Any

import pytest

from review.build import StateFacts, from_lines
from review.report.content import StackReview
from review.report.graph import graph
from tests.unit.review import log
from tests.unit.review.ask import Steps, create, delete, replace, same, step, update


def drawn(
    *groups: Steps, needs: dict[str, tuple[str, ...]] | None = None, acks: tuple[str, ...] = ()
) -> dict[str, Any]:
    model = from_lines(log.lines(*groups), state=StateFacts(needs or {}, {}))
    return graph(StackReview.of(model, acknowledged=acks))


def by_name(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {node["name"]: node for node in found["nodes"]}


@pytest.mark.parametrize(
    ("steps", "group"),
    [
        (same("vm", "a"), "same"),
        (step("read", "vm", "a", {}, {}), "same"),
        (create("vm", "a"), "create"),
        (update("vm", "a", {"firmware": 1}, {"firmware": 2}), "reboot"),
        (replace("vm", "a"), "replace"),
        (delete("vm", "a"), "delete"),
    ],
)
def test_a_node_is_coloured_by_what_happens_to_it(steps: Steps, group: str) -> None:
    (node,) = drawn(steps)["nodes"]
    assert (node["name"], node["type"], node["group"]) == ("a", "vsphere VirtualMachine", group)
    assert (node["parent"], node["uses"]) == (-1, [])


def test_a_node_tells_its_differences_line_by_line() -> None:
    (node,) = drawn(update("vm", "a", {"x": 1, "y": "a"}, {"x": 2, "y": "b"}))["nodes"]
    assert node["lines"] == [["-", "x: 1"], ["+", "x: 2"], ["-", "y: a"], ["+", "y: b"]]


def test_parents_and_uses_are_numbers_of_nodes() -> None:
    shop = same("longshore:index:DockerCluster", "shop")
    net, web = log.urn("docker:index/network:Network", "net"), log.urn("docker:index/service:Service", "web")
    found = drawn(shop, same("network", "net"), same("service", "web"), needs={web: (net, "urn:gone")})
    names = [node["name"] for node in found["nodes"]]
    nodes = by_name(found)
    assert names[nodes["web"]["parent"]] == "shop"
    assert [names[number] for number in nodes["web"]["uses"]] == ["net"]
    assert nodes["shop"]["parent"] == -1


def test_what_an_earlier_replacement_left_takes_nothing_from_the_one_that_lives() -> None:
    left = delete("vm", "a", was={"delete": True})
    found = drawn(update("vm", "a", {"firmware": 1}, {"firmware": 2}), left)
    assert [node["group"] for node in found["nodes"]] == ["reboot", "delete"]
    (reboot,) = [risk for risk in found["risks"] if risk["rule"] == "VM-REBOOT"]
    assert reboot["nodes"] == [0]


def test_risks_point_at_their_nodes_and_say_when_they_are_taken() -> None:
    steps = [update("vm", name, {"firmware": 1}, {"firmware": 2}) for name in ("a", "b")]
    (risk,) = [each for each in drawn(*steps)["risks"] if each["rule"] == "VM-REBOOT"]
    assert (risk["severity"], risk["word"], risk["nodes"]) == (2, "needs acknowledgement", [0, 1])
    taken = drawn(*steps, acks=(risk["id"],))
    assert [each["word"] for each in taken["risks"] if each["id"] == risk["id"]] == ["acknowledged"]


def test_a_stack_s_own_facts() -> None:
    extra = [{"diagnosticEvent": {"severity": "error", "message": "broken"}}]
    found = graph(StackReview.of(from_lines(log.lines(create("vm", "a"), extra=extra, ended=False))))
    assert (found["name"], found["verdict"], found["error"]) == ("prod", "preview failed", "broken")
    assert found["counts"] == (1, 0, 0, 0, 0)
    assert found["notes"] == ["the event log ends too early: what follows its end is missing here"]


def test_remarks_and_what_is_pending_already_are_told() -> None:
    model = from_lines(log.lines(update("vm", "a", {"firmware": 1}, {"firmware": 2}), create("vm", "b")))
    (pending,) = [each.urn for each in model.resources if each.name == "a"]
    stack = replaced(StackReview.of(model), pending=frozenset([pending]), remarks=("it is void",))
    found = graph(stack)
    assert found["notes"] == ["it is void"]
    assert {each["name"]: each["pending"] for each in found["nodes"]} == {"a": True, "b": False}
    assert [each["pending"] for each in found["risks"] if each["rule"] == "VM-REBOOT"] == [True]
