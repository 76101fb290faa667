"""Acknowledgements: written, read, and how far they reach."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.acks import Ack, accepted, added, parse, remarks, rule_of
from review.build import from_lines
from review.risk import Risk, Severity
from review.rules import assess
from spec.errors import ReviewError
from tests.unit.review import log
from tests.unit.review.repository import grown

FILE = ".review-acks.yaml"
TODAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 20, 14, 7, tzinfo=UTC)
(REBOOT,) = assess(from_lines(grown()))


def ack(**fields: Any) -> Ack:
    known = {"stack": "prod", "risk": REBOOT.id, "resource": "w1", "reason": "drained", "by": "ann", "at": AT}
    return Ack(**{**known, **fields})


def reboots(*sizes: int) -> tuple[Risk, ...]:
    """The risks of several machines that grow alike."""
    steps = [
        log.steps("update", log.VM, f"w{n}", {"memory": 4096}, {"memory": size}) for n, size in enumerate(sizes, 1)
    ]
    return tuple(risk for risk in assess(from_lines(log.lines(*steps))) if risk.rule == "VM-REBOOT")


def test_a_line_holds_everything_and_is_read_again() -> None:
    text = added(None, ack(until=date(2026, 12, 1)), FILE)
    (line,) = [line for line in text.splitlines() if not line.startswith("#")]
    start = f'- {{stack: prod, risk: {REBOOT.id}, resource: "w1", reason: "drained", by: "ann", '
    assert line == start + "at: '2026-11-24T20:14:07+00:00', until: 2026-12-01}"
    assert parse(text, FILE) == (ack(until=date(2026, 12, 1)),)


def test_lines_are_sorted_and_comments_stay() -> None:
    text = added(None, ack(resource="w2"), FILE)
    text = text.replace("- {stack", "# asked in the meeting\n- {stack")
    text = added(added(text, ack(resource="w1"), FILE), ack(stack="dev"), FILE)
    assert [each.key[::2] for each in parse(text, FILE)] == [("dev", "w1"), ("prod", "w1"), ("prod", "w2")]
    assert "# asked in the meeting\n" in text
    assert text.count("\n- {") == 3


def test_the_same_risk_again_replaces_its_line() -> None:
    text = added(added(None, ack(), FILE), ack(reason="drained, and backed up"), FILE)
    assert [each.reason for each in parse(text, FILE)] == ["drained, and backed up"]


words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30)


@settings(deadline=None)
@given(st.lists(st.tuples(words, words, words), min_size=1, max_size=5))
def test_whatever_is_written_is_read(texts: list[tuple[str, str, str]]) -> None:
    text: str | None = None
    for resource, reason, by in texts:
        text = added(text, ack(resource=resource, reason=reason, by=by), FILE)
    found = {each.resource: (each.reason, each.by) for each in parse(text, FILE)}
    assert found == {resource: (reason, by) for resource, reason, by in texts}
    assert [each.key for each in parse(text, FILE)] == sorted(each.key for each in parse(text, FILE))


def test_a_file_of_comments_alone_is_kept() -> None:
    assert added("# ours\n", ack(), FILE).startswith("# ours\n- {")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "is not YAML"),
        ("a: 1\n", "is no list"),
        ("# x\n- {stack: prod}\n", f"{FILE}:2: risk: Field required"),
        ("- 5\n", f"{FILE}:1"),
        (added(None, ack(), FILE).replace(REBOOT.id, "VM-REBOOT"), "risk: is no identifier of a risk"),
        (added(None, ack(), FILE).replace('by: "ann"', 'who: "ann"'), "by: Field required"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(text: str, says: str) -> None:
    with pytest.raises(ReviewError) as caught:
        parse(text, FILE)
    assert says in str(caught.value)
    assert FILE in str(caught.value)


@pytest.mark.parametrize(
    "risk", ["VM-REBOOT", "VM-REBOOT-", "VM-REBOOT-7c1e", "NO-RULE-7c1e02aa", "VM-REBOOT-7c1e02aZ"]
)
def test_what_names_no_change_is_no_risk(risk: str) -> None:
    with pytest.raises(ReviewError, match="is no identifier"):
        rule_of(risk)


def test_the_longest_rule_is_meant() -> None:
    assert rule_of("VM-REBOOT-FLEET-7c1e02aa") == "VM-REBOOT-FLEET"
    assert rule_of("VM-REBOOT-7c1e02aa") == "VM-REBOOT"


def test_it_covers_the_risk_it_was_written_for() -> None:
    assert accepted([REBOOT], [ack()], "prod", TODAY) == {REBOOT.id}


@pytest.mark.parametrize("other", [{"stack": "dev"}, {"resource": "w2"}, {"until": date(2026, 11, 23)}])
def test_it_covers_nothing_else(other: dict[str, Any]) -> None:
    assert accepted([REBOOT], [ack(**other)], "prod", TODAY) == frozenset()


def test_it_counts_on_its_last_day() -> None:
    assert accepted([REBOOT], [ack(until=TODAY)], "prod", TODAY)


def test_a_risk_of_several_resources_needs_each_of_them_or_all() -> None:
    (risk,) = reboots(8192, 8192)
    one, two, every = (ack(risk=risk.id, resource=name) for name in ("w1", "w2", "all"))
    assert not accepted([risk], [one], "prod", TODAY)
    assert accepted([risk], [one, two], "prod", TODAY)
    assert accepted([risk], [every], "prod", TODAY)


def test_one_more_machine_in_the_same_risk_voids_it() -> None:
    (before,), (after,) = reboots(8192), reboots(8192, 8192)
    assert not accepted([after], [ack(risk=before.id, resource="all")], "prod", TODAY)


def test_another_change_voids_it_and_the_report_says_so() -> None:
    (changed,) = reboots(16384)
    assert accepted([changed], [ack()], "prod", TODAY) == frozenset()
    says = f"the acknowledgement of {REBOOT.id} (w1) by ann is void: the change is another one now."
    assert list(remarks([changed], [ack()], "prod", TODAY)) == [says]


def test_what_is_over_is_said() -> None:
    (says,) = remarks([REBOOT], [ack(until=date(2026, 11, 1))], "prod", TODAY)
    assert says.endswith("was valid until 2026-11-01.")


def test_what_blocks_is_not_helped_and_that_is_said() -> None:
    blocking = REBOOT.model_copy(update={"severity": Severity.BLOCK})
    (says,) = remarks([blocking], [ack()], "prod", TODAY)
    assert "what blocks can't be acknowledged" in says


@pytest.mark.parametrize("other", [{"stack": "dev"}, {"resource": "w9", "risk": "VM-REBOOT-00000000"}, {}])
def test_of_the_rest_nothing_is_said(other: dict[str, Any]) -> None:
    assert list(remarks([REBOOT], [ack(**other)], "prod", TODAY)) == []
    assert list(remarks([], [ack()], "prod", TODAY)) == []
