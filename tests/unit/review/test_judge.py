"""From models to a stack's review: settings, acknowledgements, the base."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from review.acks import Ack
from review.build import from_lines
from review.gate import Verdict
from review.judge import Bench, judge
from review.model import ChangeModel
from review.pending import pending
from review.report.content import Review
from review.report.detail import Detail
from review.report.dialect import GITHUB, PLAIN
from review.report.markdown import render
from review.settings import Settings, parse
from tests.unit.review import log, stories
from tests.unit.review.repository import grown, quiet

TODAY = date(2026, 11, 24)
BENCH = Bench(Settings(), today=TODAY)


def failed(error: str) -> ChangeModel:
    model = from_lines(quiet())
    return model.model_copy(update={"run": model.run.model_copy(update={"failed": True, "error": error})})


def test_the_environment_is_the_settings_or_by_hand() -> None:
    model = from_lines(grown())
    assert judge("prod", model, None, BENCH).verdict is Verdict.ACK
    lenient = Bench(parse("environments: {prod: dev}"), today=TODAY)
    assert judge("prod", model, None, lenient).verdict is Verdict.OK
    by_hand = Bench(parse("environments: {prod: dev}"), today=TODAY, environment="staging")
    assert judge("prod", model, None, by_hand).environment == "staging"


def test_an_acknowledgement_opens_the_gate_until_the_change_is_another() -> None:
    (risk,) = judge("prod", from_lines(grown()), None, BENCH).risks
    at = datetime(2026, 11, 24, tzinfo=UTC)
    acks = (Ack(stack="prod", risk=risk.id, resource="w1", reason="drained", by="ann", at=at),)
    bench = Bench(Settings(), acks, TODAY)
    assert judge("prod", from_lines(grown()), None, bench).verdict is Verdict.OK
    moved = judge("prod", from_lines(grown(to=16384)), None, bench)
    assert moved.verdict is Verdict.ACK
    assert "is void" in moved.remarks[0]
    assert "### To be known" in render(Review((moved,)), GITHUB, Detail.BARE)


def test_a_blocker_is_not_opened_by_an_acknowledgement_but_by_the_table() -> None:
    model = from_lines(log.lines(*stories.template_bump()))
    bench = Bench(Settings(), today=TODAY)
    blockers = [risk for risk in judge("prod", model, None, bench).risks if risk.severity.name == "BLOCK"]
    at = datetime(2026, 11, 24, tzinfo=UTC)
    acks = tuple(
        Ack(stack="prod", risk=risk.id, resource="all", reason="we know", by="ann", at=at)
        for risk in judge("prod", model, None, bench).risks
    )
    assert judge("prod", model, None, Bench(Settings(), acks, TODAY)).verdict is Verdict.BLOCKED
    lowered = "\n".join(f"  {risk.rule}: {{prod: ack}}" for risk in blockers)
    assert judge("prod", model, None, Bench(parse(f"classes:\n{lowered}"), acks, TODAY)).verdict is Verdict.OK


def test_what_the_base_would_do_just_as_well_is_pending() -> None:
    both = [log.steps("update", log.VM, name, {"memory": 1}, {"memory": 2}) for name in ("w1", "w2")]
    head, base = from_lines(log.lines(*both)), from_lines(log.lines(both[0]))
    assert pending(head, base) == {log.urn(log.VM, "w1")}
    assert pending(head, head) == {log.urn(log.VM, "w1"), log.urn(log.VM, "w2")}
    assert pending(head, from_lines(quiet())) == frozenset()


def test_another_change_of_the_same_resource_is_this_change() -> None:
    assert pending(from_lines(grown(to=16384)), from_lines(grown())) == frozenset()


def test_the_report_tells_what_is_pending() -> None:
    model = from_lines(grown())
    review = Review((judge("prod", model, model, BENCH),))
    assert review.stacks[0].verdict is Verdict.ACK  # applying the change does it all the same
    text = render(review, PLAIN, Detail.FULL)
    assert "prod: pending on the base already: 1 of 1 change" in text
    assert "*(already pending, not by this change)*" in text


def test_of_a_base_that_fails_nothing_is_pending_and_that_is_said() -> None:
    found = judge("prod", from_lines(grown()), failed("no template"), BENCH)
    assert found.pending == frozenset()
    assert found.remarks == ("the preview of the base failed, so what is pending there is not known: no template",)


def test_another_key_for_the_secrets_is_a_risk() -> None:
    bench = Bench(Settings(), today=TODAY, encryption={"prod": ("encryptionsalt",)})
    assert [risk.rule for risk in judge("prod", from_lines(quiet()), None, bench).risks] == ["ENCRYPTION-CHANGED"]
    assert judge("dev", from_lines(quiet()), None, bench).risks == ()


@pytest.mark.parametrize(
    ("model", "verdict"), [(failed("x"), Verdict.FAILED), (from_lines(quiet()), Verdict.UNCHANGED)]
)
def test_the_verdict_of_a_failure_and_of_nothing(model: ChangeModel, verdict: Verdict) -> None:
    assert judge("prod", model, None, BENCH).verdict is verdict
