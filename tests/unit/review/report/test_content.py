"""What a report is about: verdicts, headlines, counts, what still has to be looked at; and its exit codes."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from review.build import from_lines
from review.gate import Verdict, exit_code, is_acknowledged, verdict
from review.model import Action, ChangeModel, Policies, Resource, Run, Violation
from review.report import data
from review.report.capacity import Capacity, delta
from review.report.content import Review, StackReview
from review.risk import Risk, Severity, Surroundings
from tests.unit.review import log
from tests.unit.review.ask import Steps, create, delete, replace, same, step, update

VM = Resource(urn="u", type=log.VM, name="w1", action=Action.UPDATE)
CHANGED = ChangeModel(run=Run(stack="prod"), resources=(VM,))
MANDATORY, ADVISORY = (
    Violation(policy="p", pack="k", enforcement=level, severity="", message="m") for level in ("mandatory", "advisory")
)


def risk(severity: Severity, rule: str = "R") -> Risk:
    return Risk(rule=rule, severity=severity, what="w", urns=("u",), fingerprint="abcd")


def failed(model: ChangeModel) -> ChangeModel:
    return model.model_copy(update={"run": Run(stack="prod", failed=True)})


def checked(*violations: Violation) -> ChangeModel:
    return CHANGED.model_copy(update={"policies": Policies(violations=violations)})


@pytest.mark.parametrize(
    ("model", "risks", "acknowledged", "expected"),
    [
        (ChangeModel(), [], [], Verdict.UNCHANGED),
        (CHANGED, [], [], Verdict.OK),
        (CHANGED, [Severity.NOTE], [], Verdict.OK),
        (CHANGED, [Severity.WARN], [], Verdict.OK),
        (CHANGED, [Severity.ACK, Severity.WARN], [], Verdict.ACK),
        (CHANGED, [Severity.ACK], ["R-abcd"], Verdict.OK),
        (CHANGED, [Severity.ACK], ["R-ffff", "R"], Verdict.ACK),
        (CHANGED, [Severity.BLOCK], [], Verdict.BLOCKED),
        (CHANGED, [Severity.BLOCK], ["R-abcd"], Verdict.BLOCKED),
        (ChangeModel(), [Severity.ACK], [], Verdict.ACK),
        (ChangeModel(), [Severity.WARN], [], Verdict.UNCHANGED),
        (checked(MANDATORY), [], [], Verdict.BLOCKED),
        (checked(ADVISORY), [], [], Verdict.OK),
        (failed(CHANGED), [], [], Verdict.FAILED),
        (failed(checked(MANDATORY)), [Severity.BLOCK], [], Verdict.FAILED),
    ],
)
def test_the_verdict(model: ChangeModel, risks: list[Severity], acknowledged: list[str], expected: Verdict) -> None:
    assert verdict(model, [risk(each) for each in risks], acknowledged) is expected


def test_outputs_alone_are_a_change() -> None:
    step_ = step("same", "pulumi:pulumi:Stack", "s", {}, {}, was={"outputs": {"a": 1}}, will={"outputs": {"a": 2}})[0]
    model = from_lines(log.lines(extra=[{"resOutputsEvent": {"metadata": step_}}]))
    assert verdict(model, []) is Verdict.OK


@pytest.mark.parametrize("severity", list(Severity))
def test_what_blocks_can_not_be_acknowledged(severity: Severity) -> None:
    assert is_acknowledged(risk(severity), {"R-abcd"}) is (severity is not Severity.BLOCK)
    assert not is_acknowledged(risk(severity), {"R-abce"})


@pytest.mark.parametrize("pair", list(itertools.product(Verdict, Verdict)))
def test_the_exit_code_is_the_worst_stack_s_whatever_their_order(pair: tuple[Verdict, Verdict]) -> None:
    worst = max(pair)
    for detailed in (False, True):
        expected = 0 if worst is Verdict.OK and not detailed else int(worst)
        assert exit_code(pair, detailed) == exit_code(pair[::-1], detailed) == expected


def test_verdicts_have_the_documented_codes_and_words_of_their_own() -> None:
    assert [int(each) for each in Verdict] == [0, 10, 20, 30, 40]
    assert len({each.word for each in Verdict}) == len(Verdict)
    assert [each.word for each in Severity] == ["note", "warning", "needs acknowledgement", "blocks"]


def review(*stacks: tuple[str, ChangeModel, list[Severity]]) -> Review:
    return Review(
        tuple(
            StackReview(
                model.model_copy(update={"run": model.run.model_copy(update={"stack": name})}),
                tuple(map(risk, risks)),
                name,
            )
            for name, model, risks in stacks
        )
    )


@pytest.mark.parametrize(
    ("stacks", "headline"),
    [
        ([], "no change"),
        ([("dev", ChangeModel(), [])], "no change"),
        ([("dev", CHANGED, [])], "nothing that needs your attention"),
        ([("dev", CHANGED, [Severity.WARN])], "nothing that needs your attention"),
        ([("dev", CHANGED, [Severity.ACK])], "1 needs acknowledgement"),
        ([("dev", CHANGED, [Severity.ACK]), ("prod", CHANGED, [Severity.ACK])], "2 need acknowledgement"),
        ([("prod", CHANGED, [Severity.BLOCK])], "1 blocker in prod"),
        (
            [("dev", CHANGED, [Severity.BLOCK]), ("prod", CHANGED, [Severity.BLOCK, Severity.BLOCK, Severity.ACK])],
            "3 blockers in dev, prod · 1 needs acknowledgement",
        ),
        ([("prod", checked(MANDATORY, ADVISORY), [])], "1 blocker in prod"),
        ([("prod", failed(CHANGED), [])], "preview of prod failed"),
        (
            [("a", failed(CHANGED), []), ("b", CHANGED, [Severity.BLOCK])],
            "preview of a failed · 1 blocker in b",
        ),
    ],
)
def test_the_headline(stacks: list[Any], headline: str) -> None:
    assert review(*stacks).headline() == headline


@pytest.mark.parametrize(
    ("risks", "level"),
    [
        ([], "none"),
        ([Severity.NOTE], "low"),
        ([Severity.WARN, Severity.NOTE], "medium"),
        ([Severity.ACK], "high"),
        ([Severity.NOTE, Severity.BLOCK], "critical"),
    ],
)
def test_how_risky_a_stack_is_in_a_word(risks: list[Severity], level: str) -> None:
    assert review(("prod", CHANGED, risks)).stacks[0].level == level


def test_open_risks_are_those_that_somebody_has_to_look_at() -> None:
    every = tuple(risk(severity, severity.name) for severity in Severity)
    assert [each.rule for each in StackReview(CHANGED, every).open_risks] == ["WARN", "ACK", "BLOCK"]
    taken = StackReview(CHANGED, every, acknowledged={each.id for each in every})
    assert [each.rule for each in taken.open_risks] == ["BLOCK"]


@pytest.mark.parametrize(
    ("groups", "counts"),
    [
        ([], (0, 0, 0, 0, 0)),
        ([create("vm", "a"), step("import", "vm", "b", {}, {})], (2, 0, 0, 0, 0)),
        ([update("vm", "a", {"x": 1}, {"x": 2}), update("vm", "b", {"firmware": 1}, {"firmware": 2})], (0, 1, 1, 0, 0)),
        ([replace("vm", "a"), delete("vm", "b"), same("vm", "c"), step("read", "vm", "d", {}, {})], (0, 0, 0, 1, 1)),
    ],
)
def test_counts(groups: list[Steps], counts: tuple[int, ...]) -> None:
    assert StackReview.of(from_lines(log.lines(*groups))).counts() == counts


def test_a_stack_without_a_name_says_so() -> None:
    assert StackReview(ChangeModel(), ()).name == "(unknown stack)"


def test_a_review_s_fingerprint_is_that_of_all_its_stacks() -> None:
    other = CHANGED.model_copy(update={"resources": (VM.model_copy(update={"action": Action.DELETE}),)})
    one, two, three = review(("a", CHANGED, [])), review(("b", CHANGED, [])), review(("a", other, []))
    assert len({each.fingerprint() for each in (one, two, three)}) == 3
    assert one.fingerprint() == review(("a", CHANGED, [Severity.ACK])).fingerprint()


def test_json_tells_which_risks_were_acknowledged() -> None:
    stack = StackReview(CHANGED, (risk(Severity.ACK), risk(Severity.WARN, "Q")), "prod", {"R-abcd"})
    content = json.loads(data.render(Review((stack,), "shop", "h", "b", {"pulumi": "3"})))
    assert (content["project"], content["head"], content["base"]) == ("shop", "h", "b")
    assert content["provenance"] == {"pulumi": "3"}
    assert [(each["rule"], each["severity"], each["acknowledged"]) for each in content["stacks"][0]["risks"]] == [
        ("R", "ack", True),
        ("Q", "warn", False),
    ]
    assert ChangeModel.model_validate(content["stacks"][0]["model"]) == CHANGED


SIZE = {"numCpus": 2, "memory": 2048, "disks": [{"label": "a", "size": 10}, {"label": "b", "size": 5}]}
BIGGER = {"numCpus": 4, "memory": 3072, "disks": [{"label": "a", "size": 20}]}


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        ([], ""),
        ([create("vm", "a", **SIZE)], "+2 vCPU, +2 GiB memory, +15 GiB disk"),
        ([delete("vm", "a", SIZE)], "-2 vCPU, -2 GiB memory, -15 GiB disk"),
        ([update("vm", "a", SIZE, BIGGER)], "+2 vCPU, +1 GiB memory, +5 GiB disk"),
        ([replace("vm", "a", SIZE, SIZE)], ""),
        ([create("vm", "a", **SIZE), delete("vm", "b", SIZE)], ""),
        ([same("vm", "a", **SIZE), step("read", "vm", "b", SIZE, SIZE)], ""),
        ([create("container", "a", memory=2048)], ""),
        ([update("vm", "a", {"numCpus": 2}, {"numCpus": log.COMPUTED})], "-2 vCPU"),
        ([update("vm", "a", {"memory": 512}, {"memory": 1024})], "+0.5 GiB memory"),
    ],
)
def test_what_a_change_costs(groups: list[Steps], told: str) -> None:
    assert str(delta(from_lines(log.lines(*groups)))) == told


def test_nothing_costs_nothing() -> None:
    assert str(Capacity()) == ""


def test_a_review_is_assessed_in_the_surroundings_it_is_given() -> None:
    model = from_lines(log.lines(delete("volume", "a")))
    assert StackReview.of(model).verdict is Verdict.BLOCKED
    relaxed = StackReview.of(model, Surroundings(environment="dev"))
    assert (relaxed.verdict, relaxed.environment) == (Verdict.ACK, "dev")
