"""Reading the engine's log: every trap that its shape sets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from review.build import from_lines
from review.events import read
from review.model import Action
from tests.unit.review import log


def test_a_log_without_an_end_says_so() -> None:
    lines = log.lines(log.steps("same", log.VM, "a", {}), ended=False)
    assert read(lines).lines.cut_off
    assert "ends too early" in from_lines(lines).run.notes[0]


def test_a_line_cut_in_the_middle_is_counted_and_the_rest_is_kept() -> None:
    lines = log.lines(log.steps("same", log.VM, "a", {}), log.steps("same", log.VM, "b", {}), ended=False)
    found = read([*lines[:-1], lines[-1][:60]])
    assert found.lines.damaged == 1
    assert [step.urn for step in found.steps] == [log.urn(log.VM, "a")]


def test_lines_that_are_no_events_never_raise() -> None:
    found = read(["", "[]", "null", '"x"', "{}", '{"resourcePreEvent": 3}', '{"summaryEvent": []}', "\x00", "[" * 5000])
    assert found.lines.damaged == 8


def test_unknown_events_and_fields_are_let_through() -> None:
    step = log.steps("create", log.VM, "a", None, {"cpus": 2}, somethingNew={"x": 1})
    found = from_lines(log.lines(step, extra=[{"quantumEvent": {}}]))
    assert found.run.notes == ("events this version does not know: quantumEvent",)
    assert found.resources[0].action is Action.CREATE


def test_default_providers_and_internal_steps_are_left_out_but_explicit_providers_stay() -> None:
    found = read(
        log.lines(
            log.steps("same", "pulumi:providers:docker", "default_5_1_0", {}),
            log.steps("same", "pulumi:providers:docker", "shop-docker", {}),
            log.steps("same", log.VM, "default-vm", {}),
            [{**step, "op": "remove-pending-replace"} for step in log.steps("same", log.VM, "x", {})],
        )
    )
    assert [step.urn.rpartition("::")[2] for step in found.steps] == ["shop-docker", "default-vm"]


def test_the_three_steps_of_a_replacement_are_one_change_with_its_order() -> None:
    for order in ("create-first", "delete-first"):
        steps = log.steps("replace", log.VM, "a", {"x": 1}, {"x": 2}, order=order, keys=["x"])
        (resource,) = from_lines(log.lines(steps)).resources
        assert (resource.action, resource.order, resource.reasons) == (Action.REPLACE, order, ("x",))


def test_a_replacement_without_keys_comes_from_its_trigger() -> None:
    (resource,) = from_lines(log.lines(log.steps("replace", log.VM, "a", {"x": 1}, {"x": 1}))).resources
    assert resource.reasons == ("replacementTrigger",)


def test_a_cut_off_replacement_is_still_a_replacement() -> None:
    first = log.steps("replace", log.VM, "a", {"x": 1}, {"x": 2}, order="create-first")[:1]
    assert from_lines(log.lines(first, ended=False)).resources[0].action is Action.REPLACE


def test_the_end_of_a_replacement_under_a_former_name_is_no_change_of_its_own() -> None:
    former = [step for step in log.steps("replace", log.VM, "old-name", {}, {}) if step["op"] == "delete-replaced"]
    found = from_lines(log.lines(log.steps("replace", log.VM, "new-name", {}, {}), former))
    assert [each.name for each in found.resources] == ["new-name"]


def test_a_left_over_of_an_earlier_replacement_stands_apart() -> None:
    left_over = log.steps("delete", log.VM, "a", {}, was={"delete": True})
    found = from_lines(log.lines(log.steps("same", log.VM, "a", {}), left_over))
    assert [(each.action, each.pending_delete) for each in found.resources] == [
        (Action.SAME, False),
        (Action.DELETE, True),
    ]
    assert found.by_urn[log.urn(log.VM, "a")].action is Action.SAME


def test_the_gravest_of_two_logical_steps_counts() -> None:
    found = from_lines(log.lines(log.steps("same", log.VM, "a", {}), log.steps("delete", log.VM, "a", {})))
    assert [each.action for each in found.resources] == [Action.DELETE]


def test_an_import_shows_what_is_updated_at_once() -> None:
    steps = [*log.steps("import", log.VM, "a", {}, {}), *log.steps("update", log.VM, "a", {"x": 1}, {"x": 2})]
    (resource,) = from_lines(log.lines(steps)).resources
    assert (resource.action, [change.path for change in resource.changes]) == (Action.IMPORT, ["x"])


def test_outputs_of_ordinary_steps_are_not_even_parsed() -> None:
    step = log.steps("same", log.VM, "a", {})[0]
    line = '{"sequence":1,"timestamp":1,"resOutputsEvent":{"metadata":{"op":"same","urn":"u" BROKEN'
    assert read([line, json.dumps({"resourcePreEvent": {"metadata": step}})]).lines.damaged == 0


def test_policy_events_and_counts_are_kept() -> None:
    violation = {
        "resourceUrn": log.urn(log.VM, "a"),
        "message": "<{%reset%}>memory is unlimited\n",
        "policyName": "limits",
        "policyPackName": "longshore",
        "policyPackVersion": "1",
        "enforcementLevel": "mandatory",
        "severity": "high",
    }
    summary = {"resourceUrn": "", "policyPackName": "longshore", "passed": ["a", "b"], "failed": ["limits"]}
    extra: list[dict[str, Any]] = [{"policyEvent": violation}, {"policyAnalyzeSummaryEvent": summary}]
    found = from_lines(log.lines(extra=extra)).policies
    assert (found.passed, found.failed, found.violations[0].blocks) == (2, 1, True)
    assert found.violations[0].message == "memory is unlimited"


def test_a_failed_preview_carries_its_first_error() -> None:
    extra: list[dict[str, Any]] = [
        {"diagnosticEvent": {"severity": "warning", "message": "careful"}},
        {"diagnosticEvent": {"severity": "error", "message": "no such template\n", "urn": "u"}},
        {"diagnosticEvent": {"severity": "info", "message": "gone", "ephemeral": True}},
    ]
    found = from_lines(log.lines(extra=extra))
    assert (found.run.failed, found.run.error) == (True, "no such template")
    assert [each.severity for each in found.diagnostics] == ["warning", "error"]


def test_drift_is_what_a_refresh_found_and_no_change_of_ours() -> None:
    step = log.steps("refresh", log.VM, "a", {"memory": 4096}, {"memory": 4096})[0]
    moved = {**step, "new": log.state(log.VM, "a", {"memory": 4096}, outputs={"memory": 2048})}
    gone = {**log.steps("refresh", log.VM, "b", {})[0], "new": None}
    extra = [{"resOutputsEvent": {"metadata": moved}}, {"resOutputsEvent": {"metadata": gone}}]
    found = from_lines(log.lines([step], log.steps("same", log.VM, "a", {}), extra=extra))
    assert [(each.name, each.kind) for each in found.drift] == [("a", "update"), ("b", "delete")]
    assert [(each.path, each.before, each.after) for each in found.drift[0].changes] == [("memory", 4096, 2048)]
    assert [each.action for each in found.resources] == [Action.SAME]


@pytest.mark.parametrize("op", ["update", "delete"])
def test_outputs_of_an_update_are_parsed_after_a_refresh_and_only_then(op: str) -> None:
    line = f'{{"sequence":1,"timestamp":1,"resOutputsEvent":{{"metadata":{{"op":"{op}","urn":"u" BROKEN'
    refresh = '{"sequence":1,"timestamp":1,"resourcePreEvent":{"metadata":{"op":"refresh","urn":"u","type":"t"}}}'
    assert read([line, refresh]).lines.damaged == 0
    assert read([refresh, line]).lines.damaged == 1


def test_what_a_replacement_replaces_is_not_left_over_from_an_earlier_one() -> None:
    steps = log.steps(
        "replace", log.VM, "a", {"x": 1}, {"x": 2}, order="create-first", was={"delete": True}, keys=["x"]
    )
    model = from_lines(log.lines(steps))
    assert [(each.action, each.pending_delete) for each in model.resources] == [(Action.REPLACE, False)]
    assert log.urn(log.VM, "a") in model.by_urn


@pytest.mark.parametrize(
    ("level", "message", "failed"),
    [("mandatory", "preview failed\n", False), ("mandatory", "no template", True), ("warning", "preview failed", True)],
)
def test_a_preview_that_a_mandatory_policy_alone_failed_is_whole(level: str, message: str, failed: bool) -> None:
    policy = {"policyEvent": {"policyName": "p", "enforcementLevel": level, "message": "m"}}
    error = {"diagnosticEvent": {"severity": "error", "message": message}}
    assert from_lines(log.lines(extra=[policy, error])).run.failed is failed
    assert from_lines(log.lines(extra=[policy, error], ended=False)).run.failed


def test_the_keys_of_a_replacement_are_those_of_whichever_step_says_them() -> None:
    steps = log.steps("replace", log.VM, "a", {"x": 1}, {"x": 2})
    said = [step | ({"keys": ["x"]} if step["op"] == "create-replacement" else {}) for step in steps]
    (resource,) = from_lines(log.lines(said)).resources
    assert resource.reasons == ("x",)
    assert [change.path for change in resource.changes if change.replaces] == ["x"]
