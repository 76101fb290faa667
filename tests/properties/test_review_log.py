"""Any log: cut off, garbled, reordered, with more fields than are known; and what the rules say of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from review.build import from_lines
from review.gate import Verdict
from review.model import ChangeModel
from review.report.content import StackReview
from review.risk import Severity, Surroundings
from review.rules import RULES, assess
from review.view import CONTAINER, MEMBER, SERVICE, VM
from tests.unit.review import fixtures, log, stories

RECORDED = Path(__file__).parents[1] / "unit" / "review" / "recorded"
LOGS = [file.read_text().splitlines() for file in sorted(RECORDED.glob("*.jsonl"))]
LOGS += [log.lines(*stories.template_bump()), log.lines(*stories.image_bump())]
RELAXED = settings(max_examples=60, deadline=None)
KINDS = [VM, SERVICE, CONTAINER, MEMBER, *fixtures.TYPES.values(), "pulumi:providers:docker"]
INPUTS = [
    *("name", "role", "labels", "memory", "numCpus", "disks", "networkInterfaces", "extraConfig", "mode", "image"),
    *("taskSpec", "endpointSpec", "ports", "updateConfig", "virtualMachineIds", "hardwareVersion", "guestId", "size"),
    *("datastore", "datastoreId", "version", "host", "notAfter", "connection", "networksAdvanced"),
]
BELOW = [
    *("name", "label", "size", "networkId", "ports", "publishedPort", "containerSpec", "placement", "constraints"),
    *("image", "guestinfo.userdata"),
]
JSON: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from([None, True, 0, 8192, "a", "web:1", "manager", "2026-01-01", log.COMPUTED, log.SECRET]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(BELOW), inner, max_size=3),
    max_leaves=6,
)
SIDES = st.dictionaries(st.sampled_from(INPUTS), JSON, max_size=5)
STEPS = st.builds(
    lambda op, kind, name, old, new: log.steps(op, kind, name, old, new),
    st.sampled_from(["create", "update", "replace", "delete", "same", "read", "import"]),
    st.sampled_from(KINDS),
    st.sampled_from(["w-1", "w-2", "m-1", "m-1-member"]),
    SIDES,
    SIDES,
)
GROUPS = st.lists(STEPS, max_size=6, unique_by=lambda steps: steps[0]["urn"])


@RELAXED
@given(st.sampled_from(LOGS), st.data())
def test_a_log_cut_anywhere_says_so_and_is_never_simply_fine(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    last = max(text.rfind('"summaryEvent"'), 1)
    cut = text[: data.draw(st.integers(0, last - 1))].split("\n")
    found = StackReview.of(from_lines(cut), Surroundings(environment="prod"))
    assert found.model.run.cut_off
    assert any(risk.rule == "PARTIAL-PREVIEW" for risk in found.risks)
    assert found.verdict >= Verdict.ACK


@RELAXED
@given(st.sampled_from(LOGS), st.data(), st.text('{}[]":,\\ \x00abc0', max_size=12))
def test_a_garbled_line_is_counted_and_the_others_are_kept(lines: list[str], data: st.DataObject, junk: str) -> None:
    place = data.draw(st.integers(0, len(lines)))
    whole = from_lines(lines)
    found = from_lines([*lines[:place], f"!{junk}", *lines[place:]])
    assert found.run.damaged == 1
    assert found.resources == whole.resources
    assert found.drift == whole.drift


@RELAXED
@given(st.sampled_from(LOGS), st.data())
def test_any_byte_may_be_wrong_without_a_crash(lines: list[str], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(lines) - 1))
    place = data.draw(st.integers(0, len(lines[number]) - 1))
    wrong = data.draw(st.sampled_from(["", "\x00", '"', "}", "null", "9", "\ufffd"]))
    broken = lines[number][:place] + wrong + lines[number][place + 1 :]
    StackReview.of(from_lines([*lines[:number], broken, *lines[number + 1 :]]))


def enlarged(value: Any, more: dict[str, Any]) -> Any:
    """Add fields to the event, to its metadata and to both states, but not to what a program declared."""
    if not isinstance(value, dict):
        return value
    kept = ("inputs", "outputs", "detailedDiff", "resourceChanges", "PolicyPacks", "config")
    return {**{key: each if key in kept else enlarged(each, more) for key, each in value.items()}, **more}


@RELAXED
@given(st.sampled_from(LOGS), JSON)
def test_fields_of_tomorrow_change_nothing(lines: list[str], value: Any) -> None:
    more = {"fieldOfTomorrow": value}
    assert from_lines([json.dumps(enlarged(json.loads(line), more)) for line in lines]) == from_lines(lines)


@RELAXED
@given(GROUPS, st.randoms(use_true_random=False))
def test_the_order_in_which_the_engine_reports_is_no_matter(groups: list[Any], random: Any) -> None:
    usual = from_lines(log.lines(*groups))
    random.shuffle(groups)
    shuffled = from_lines(log.lines(*groups))
    assert shuffled.resources == usual.resources
    assert assess(shuffled, Surroundings()) == assess(usual, Surroundings())


@settings(max_examples=300, deadline=None)
@given(GROUPS)
def test_no_inputs_make_a_rule_fail_and_its_risks_point_at_what_is_there(groups: list[Any]) -> None:
    model = from_lines(log.lines(*groups))
    known = {resource.urn for resource in model.resources}
    for risk in assess(model, Surroundings()):
        assert risk.rule in RULES
        assert risk.what == " ".join(risk.what.split())
        assert set(risk.urns) <= known
        assert " None" not in risk.what


@RELAXED
@given(GROUPS)
def test_no_risk_is_milder_where_more_is_at_stake(groups: list[Any]) -> None:
    model = from_lines(log.lines(*groups))
    kinds = [assess(model, Surroundings(environment=kind)) for kind in ("dev", "staging", "prod")]
    for dev, staging, prod in zip(*(sorted(each, key=lambda risk: risk.id) for each in kinds), strict=True):
        assert dev.id == staging.id == prod.id
        assert Severity.NOTE <= dev.severity <= staging.severity <= prod.severity


@RELAXED
@given(GROUPS)
def test_a_model_survives_being_written_and_is_the_same_when_made_again(groups: list[Any]) -> None:
    model = from_lines(log.lines(*groups))
    assert ChangeModel.model_validate_json(model.model_dump_json()) == model
    assert from_lines(log.lines(*groups)) == model
    assert from_lines(log.lines(*groups)).fingerprint() == model.fingerprint()


@RELAXED
@given(GROUPS)
def test_what_stays_as_it_is_brings_no_change(groups: list[Any]) -> None:
    still = [
        log.steps("same", steps[0]["type"], steps[0]["urn"].rpartition("::")[2], {"name": "x"}) for steps in groups
    ]
    model = from_lines(log.lines(*still))
    assert model.changed == ()
    assert StackReview.of(model, Surroundings()).verdict is Verdict.UNCHANGED
