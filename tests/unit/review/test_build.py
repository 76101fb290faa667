"""From steps to resources: what is folded, what is kept, what is said of the run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from review.build import StateFacts, from_lines
from review.model import Action, ChangeModel, Options, Resource
from tests.unit.review import log

VOLUME = "docker:index/volume:Volume"


def built(*groups: list[dict[str, Any]], **more: Any) -> ChangeModel:
    return from_lines(log.lines(*groups, **more))


def only(*groups: list[dict[str, Any]], **more: Any) -> Resource:
    (resource,) = built(*groups, **more).resources
    return resource


def events(**bodies: Any) -> list[dict[str, Any]]:
    return [{kind: body} for kind, body in bodies.items()]


@pytest.mark.parametrize(
    ("op", "action"),
    [
        ("create", Action.CREATE),
        ("update", Action.UPDATE),
        ("delete", Action.DELETE),
        ("import", Action.IMPORT),
        ("read", Action.READ),
        ("same", Action.SAME),
        ("something-of-tomorrow", Action.UPDATE),
    ],
)
def test_an_operation_is_an_action(op: str, action: Action) -> None:
    assert only(log.steps(op, log.VM, "a", {"x": 1}, {"x": 2})).action is action


@pytest.mark.parametrize("op", ["remove-pending-replace", "discard", "discard-replaced", "parameterize-x"])
def test_the_engine_s_own_steps_are_no_change(op: str) -> None:
    assert built([{**step, "op": op} for step in log.steps("update", log.VM, "a", {}, {})]).resources == ()


@pytest.mark.parametrize(
    ("ops", "order"),
    [
        (("create-replacement", "replace", "delete-replaced"), "create-first"),
        (("delete-replaced", "replace", "create-replacement"), "delete-first"),
        (("create-replacement", "replace"), "create-first"),
        (("import-replacement", "replace", "delete-replaced"), "create-first"),
        (("delete-replaced", "replace"), ""),
        (("replace",), ""),
    ],
)
def test_the_order_of_a_replacement(ops: tuple[str, ...], order: str) -> None:
    step = log.steps("update", log.VM, "a", {"x": 1}, {"x": 2})[0]
    found = only([{**step, "op": op, "logical": op == "replace"} for op in ops])
    assert (found.action, found.order) == (Action.REPLACE, order)


def test_only_a_replacement_has_an_order_and_reasons() -> None:
    found = only(log.steps("update", log.VM, "a", {"x": 1}, {"x": 2}, keys=["x"]))
    assert (found.order, found.reasons) == ("", ())


def test_sides_are_there_only_where_the_resource_is() -> None:
    both = {"x": 1}
    sides = {
        op: (each.before, each.after)
        for op in ("create", "delete", "update", "replace", "same")
        for each in [only(log.steps(op, log.VM, "a", both, both))]
    }
    assert sides == {
        "create": (None, both),
        "delete": (both, None),
        "update": (both, both),
        "replace": (both, both),
        "same": (None, both),
    }


def test_of_what_stays_only_what_rules_read_is_kept() -> None:
    inputs = {"name": "w", "memory": 1, "on": True, "labels": [{"label": "a"}], "other": {"deep": 1}, "list": [1]}
    found = only(log.steps("same", log.VM, "a", inputs))
    assert found.after == {"name": "w", "memory": 1, "on": True, "labels": [{"label": "a"}]}


def test_facts_are_texts_among_the_old_outputs() -> None:
    outputs = {"imageId": "sha256:ab", "swarmId": 3, "other": "x", "moid": "vm-7"}
    for op in ("same", "update", "replace"):
        found = only(log.steps(op, log.VM, "a", {}, {}, was={"outputs": outputs}))
        assert found.facts == {"imageId": "sha256:ab", "moid": "vm-7"}
    assert only(log.steps("create", log.VM, "a", None, {})).facts == {}


@pytest.mark.parametrize("op", ["same", "update", "replace"])
def test_options_are_those_of_either_side(op: str) -> None:
    steps = log.steps(op, VOLUME, "a", {}, {}, was={"protect": True, "taint": True}, will={"retainOnDelete": True})
    found = only(steps)
    assert found.options_before == Options(protect=True, taint=True)
    assert found.options_after == Options(retain=True)


@pytest.mark.parametrize("op", ["create", "update", "replace", "delete", "same", "import"])
def test_a_compact_log_and_a_spaced_one_make_the_same_model(op: str) -> None:
    outputs = {"imageId": "sha256:ab"}
    options: dict[str, Any] = {
        "was": {"protect": True, "outputs": outputs},
        "will": {"retainOnDelete": True, "initErrors": ["e"]},
    }
    steps = log.steps(op, VOLUME, "a", {"name": "x", "o": {"p": 1}}, {"name": "x", "o": {"p": 1}}, **options)
    spaced = log.lines(steps)
    compact = [json.dumps(json.loads(line), separators=(",", ":")) for line in spaced]
    assert from_lines(compact) == from_lines(spaced)


def test_the_identifier_is_the_old_one_until_there_is_none() -> None:
    replaced = log.steps("replace", log.VM, "a", {}, {}, was={"id": "vm-1"}, will={"id": ""})
    assert only(replaced).id == "vm-1"
    assert only(log.steps("create", log.VM, "a", None, {}, will={"id": ""})).id == ""


def test_a_name_can_not_end_a_code_span() -> None:
    assert only(log.steps("create", log.VM, "a`b", None, {})).name == "a'b"


def test_resources_come_in_the_order_of_their_urns_whatever_the_log_s() -> None:
    groups = [log.steps("update", log.VM, name, {"x": 1}, {"x": 2}) for name in ("c", "a", "b")]
    assert built(*groups) == built(*reversed(groups))
    assert [each.name for each in built(*groups).resources] == ["a", "b", "c"]


def test_a_refresh_is_no_change_and_what_follows_it_is() -> None:
    refresh = log.steps("refresh", log.VM, "a", {"x": 1}, {"x": 1})
    assert built(refresh).resources == ()
    assert only(refresh, log.steps("update", log.VM, "a", {"x": 1}, {"x": 2})).action is Action.UPDATE


@pytest.mark.parametrize(
    ("extra", "ended", "failed", "error"),
    [
        ([], True, False, ""),
        (events(diagnosticEvent={"severity": "warning", "message": "w"}), True, False, ""),
        (events(diagnosticEvent={"severity": "info#err", "message": "w"}), True, False, ""),
        (events(diagnosticEvent={"severity": "error", "message": " e \n"}), True, True, "e"),
        (events(errorEvent={"error": "broken"}), True, True, "broken"),
        (events(errorEvent={"message": "broken"}), True, True, "broken"),
        (events(errorEvent={}), True, True, "the engine reported an error"),
        (events(summaryEvent={"result": "failed"}), False, True, ""),
        (events(summaryEvent={"result": "canceled"}), False, True, ""),
        (events(summaryEvent={"result": "succeeded"}), False, False, ""),
        (events(resOpFailedEvent={"metadata": log.steps("update", log.VM, "a", {}, {})[0]}), True, True, ""),
    ],
)
def test_a_preview_has_failed_or_not(extra: list[dict[str, Any]], ended: bool, failed: bool, error: str) -> None:
    run = built(extra=extra, ended=ended).run
    assert (run.failed, run.error) == (failed, error)


def test_the_run_has_its_stack_its_project_and_the_engine_s_own_count() -> None:
    summary = {"maybeCorrupt": True, "durationSeconds": 7, "resourceChanges": {"same": 2}}
    run = built(log.steps("same", log.VM, "a", {}), extra=events(summaryEvent=summary), ended=False).run
    assert (run.stack, run.project, run.maybe_corrupt, run.seconds, run.counts) == (
        "prod",
        "shop",
        True,
        7,
        {"same": 2},
    )


def test_a_log_without_steps_has_no_stack() -> None:
    run = built().run
    assert (run.stack, run.project) == ("", "")


def test_damaged_and_unknown_lines_are_noted() -> None:
    lines = log.lines(extra=events(zEvent={}, bEvent={}))
    run = from_lines(["{", *lines, "null"]).run
    assert run.damaged == 2
    assert run.notes == (
        "2 line(s) of the event log could not be read",
        "events this version does not know: bEvent, zEvent",
    )


def test_diagnostics_are_those_that_last_and_say_something() -> None:
    given = [
        {"severity": "warning", "message": "one\n", "urn": "u"},
        {"severity": "info#err", "message": "two"},
        {"severity": "debug", "message": "three"},
        {"severity": "error", "message": "  \n"},
        {"severity": "error", "message": "four", "ephemeral": True},
    ]
    found = built(extra=[{"diagnosticEvent": each} for each in given]).diagnostics
    assert [(each.severity, each.message, each.urn) for each in found] == [("warning", "one", "u"), ("info", "two", "")]


def test_without_summaries_each_violation_counts_as_failed() -> None:
    extra = [{"policyEvent": {"policyName": name, "message": "m"}} for name in ("b", "a")]
    policies = built(extra=extra).policies
    assert (policies.passed, policies.failed, [each.policy for each in policies.violations]) == (0, 2, ["a", "b"])
    assert not any(each.blocks for each in policies.violations)


def test_stack_and_resource_policy_summaries_are_added_up() -> None:
    one = {"policyPackName": "p", "passed": ["a"], "failed": ["b"]}
    extra = events(policyAnalyzeSummaryEvent=one, policyAnalyzeStackSummaryEvent={"passed": ["c", "d"], "failed": None})
    policies = built(extra=extra).policies
    assert (policies.passed, policies.failed) == (3, 1)


@pytest.mark.parametrize("wrap", [True, False])
def test_a_state_export_is_read_with_its_envelope_or_without(wrap: bool) -> None:
    resources = {"resources": [{"urn": "u", "dependencies": None}, {"urn": "v", "dependencies": ["u"], "created": "c"}]}
    facts = StateFacts.of({"version": 3, "deployment": resources} if wrap else resources)
    assert (facts.dependencies, facts.created) == ({"u": (), "v": ("u",)}, {"u": "", "v": "c"})


def test_a_state_without_resources_tells_nothing() -> None:
    assert StateFacts.of({}) == StateFacts.of({"deployment": {}}) == StateFacts({}, {})
