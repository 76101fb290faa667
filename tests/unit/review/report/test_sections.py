"""The parts of the Markdown report, in each dialect and at each level of detail."""

from __future__ import annotations

from typing import Any

import pytest

from review.build import from_lines
from review.model import Change, ChangeModel, Diagnostic, Drift, Policies, Run, Violation
from review.report.content import Review, StackReview
from review.report.detail import Detail
from review.report.dialect import GITHUB, GITLAB, PLAIN, Dialect
from review.report.markdown import marker, render
from review.report.plan import fit
from review.report.sections import MOST
from review.risk import Risk, Severity
from tests.unit.review import log, stories
from tests.unit.review.ask import Steps, create, delete, update

GRAVE, OPEN, MILD, NOTE = Severity.BLOCK, Severity.ACK, Severity.WARN, Severity.NOTE


def stack(name: str = "prod", risks: tuple[Risk, ...] = (), acks: tuple[str, ...] = (), **fields: Any) -> StackReview:
    model = ChangeModel(**{"run": Run(stack=name), **fields})
    return StackReview(model, risks, name, acks)


def changing(*groups: Steps, name: str = "prod") -> StackReview:
    text = "\n".join(log.lines(*groups)).replace("urn:pulumi:prod::", f"urn:pulumi:{name}::")
    return StackReview(from_lines(text.split("\n")), (), name)


def risk(severity: Severity, rule: str = "SOME-RULE", **more: str) -> Risk:
    return Risk(rule=rule, severity=severity, what="`w1` does *it*.", fingerprint="abcd", **more)


def report(*stacks: StackReview, dialect: Dialect = GITHUB, detail: Detail = Detail.FULL, **more: Any) -> str:
    return render(Review(stacks, **more), dialect, detail)


@pytest.mark.parametrize(
    ("severity", "heading", "alert"),
    [(GRAVE, "### Blocks", "> [!CAUTION]"), (OPEN, "### Needs acknowledgement", "> [!WARNING]")],
)
@pytest.mark.parametrize("detail", list(Detail))
def test_what_needs_attention_stands_out_in_every_report(
    severity: Severity, heading: str, alert: str, detail: Detail
) -> None:
    text = report(stack(risks=(risk(severity),)), detail=detail)
    assert f"{heading}\n{alert}\n" in text
    assert "**SOME-RULE** (prod) `w1` does \\*it\\*." in text
    assert "<details" not in text.partition(heading)[0]


def test_a_risk_comes_with_its_reason_and_its_way_out() -> None:
    text = report(stack(risks=(risk(OPEN, why="a `b` <c>", do="wait"),)))
    assert "> Why: a `b` &lt;c&gt;.  \n> Instead: wait.  \n> Or: " in text
    assert "SOME-RULE-abcd" in text


@pytest.mark.parametrize(("severity", "title"), [(MILD, "Warnings: 1"), (NOTE, "Notes: 1")])
def test_warnings_and_notes_are_folded(severity: Severity, title: str) -> None:
    text = report(stack(risks=(risk(severity),)))
    assert f"<details><summary>{title}</summary>\n\n- **SOME-RULE** (prod) `w1` does \\*it\\*.\n\n</details>" in text


def test_when_room_is_short_a_rule_is_told_once() -> None:
    many = stack(risks=(risk(MILD), risk(MILD), risk(MILD, "OTHER")))
    text = report(many, detail=Detail.PATHS)
    assert "- **SOME-RULE** (prod) `w1` does \\*it\\*. … and 1 more" in text
    assert text.count("SOME-RULE") == 1


def test_an_acknowledged_risk_is_told_and_asks_nothing() -> None:
    text = report(stack(risks=(risk(OPEN),), acks=("SOME-RULE-abcd",)))
    assert "<summary>Acknowledged: 1</summary>" in text
    assert "### Needs acknowledgement" not in text
    assert "✅" in text.split("\n")[1]


def violation(name: str, enforcement: str = "mandatory") -> Violation:
    where = log.urn(log.VM, "w1")
    return Violation(policy=name, pack="k 1", enforcement=enforcement, severity="", message="no <limit>", urn=where)


@pytest.mark.parametrize("detail", [each for each in Detail if each is not Detail.BARE])
def test_policies_are_told_in_full(detail: Detail) -> None:
    text = report(stack(policies=Policies(passed=3, failed=1, violations=(violation("limits"),))), detail=detail)
    assert "### Policies: 1 failed\n- `limits` (mandatory, prod) `w1`: no &lt;limit&gt;\n" in text
    assert "| 3/4 |" in text


def test_a_bare_report_counts_policies_and_the_rest_of_them() -> None:
    violations = tuple(violation(f"p{n:02}") for n in range(MOST + 3) for _ in range(2))
    text = report(stack(policies=Policies(violations=violations)), detail=Detail.BARE)
    assert "- `p00`: 2" in text
    assert f"- `p{MOST:02}`" not in text
    assert "- … 3 more policies" in text


def test_an_enforcement_level_can_not_become_markup() -> None:
    text = report(stack(policies=Policies(violations=(violation("p", "<b>@all*"),))))
    assert "<b>" not in text
    assert "@all" not in text


@pytest.mark.parametrize(
    ("error", "shown"), [("", "no error was given"), ("no *template* <b>", "no \\*template\\* &lt;b&gt;")]
)
def test_a_failed_preview_tells_its_error(error: str, shown: str) -> None:
    text = report(stack(run=Run(stack="prod", failed=True, error=error)))
    assert f"### Preview failed\n- **prod**: {shown}\n" in text
    assert "**Next**: fix the error and push again" in text


def test_changes_told_of_one_stack_are_only_counted_of_the_next() -> None:
    steps = [update("service", "web", {"x": 1}, {"x": 2}), create("volume", "data")]
    text = report(changing(*steps, name="dev"), changing(*steps, delete("vm", "w1"), name="prod"))
    assert text.count("`web` docker Service") == 2
    assert "2 changes are the same as in dev." in text
    assert "<summary>dev: 2 changes</summary>" in text
    assert "<summary>prod: 3 changes</summary>" in text


def test_the_number_of_changes_counts_each_even_when_two_are_alike() -> None:
    data = create("volume", "data")
    twin = [{**each, "urn": each["urn"].replace("$docker", "$other$docker")} for each in data]
    text = report(changing(data, twin))
    assert "<summary>prod: 2 changes</summary>" in text
    assert "**Create (2)**" in text


@pytest.mark.parametrize("dialect", [GITHUB, GITLAB, PLAIN], ids=lambda each: str(each.name))
def test_drift_stands_apart_from_what_is_proposed(dialect: Dialect) -> None:
    change = Change(path="memory", kind="update", before=1, after=2)
    drift = (
        Drift(urn="u", type="t", name="w1", kind="update", changes=(change,)),
        Drift(urn="v", type="t", name="w2", kind="delete"),
    )
    text = report(stack(drift=drift), dialect=dialect)
    assert "Drift in prod: 2 (not caused by this change)" in text
    assert "- `w1` differs: `memory`" in text
    assert "- memory: 1 MiB\n+ memory: 2 MiB" in text
    assert "- `w2` was deleted outside" in text
    assert "1 MiB" not in report(stack(drift=drift), dialect=dialect, detail=Detail.PATHS)


def test_only_the_last_messages_that_matter_are_told() -> None:
    given = tuple(Diagnostic(severity="warning", message=f"w{n}.") for n in range(25))
    text = report(stack(diagnostics=(*given, Diagnostic(severity="info", message="chatter"))))
    assert "Messages of prod: 20" in text
    assert "- warning: w5." in text
    assert "- warning: w4." not in text
    assert "chatter" not in text


def test_the_footer_tells_where_the_report_comes_from_and_what_it_costs() -> None:
    machine = changing(create("vm", "w1", memory=2048))
    text = report(machine, base="0123456789", provenance={"pulumi": "3.2", "by <b>": "@me"})
    footer = text.strip().split("\n")[-1]
    assert footer.startswith("<sub>base 0123456 · pulumi 3.2 · by &lt;b&gt; @\u200bme · prod: +2 GiB memory · change ")
    assert report(machine, dialect=PLAIN).strip().split("\n")[-1].startswith("prod: +2 GiB memory")


@pytest.mark.parametrize("detail", list(Detail))
def test_a_report_says_what_it_leaves_out(detail: Detail) -> None:
    footer = report(stack(), detail=detail).strip().split("\n")[-1]
    assert (f"**{detail.omission}**" in footer) is (detail is not Detail.FULL)


def test_a_bare_table_keeps_the_worst_stacks_and_counts_the_rest() -> None:
    stacks = [stack(f"s{n:02}") for n in range(MOST)] + [stack("grave", risks=(risk(GRAVE),)), stack("last")]
    text = report(*stacks, detail=Detail.BARE)
    assert "| **grave** | ⛔ blocked | critical |" in text
    assert "| … 2 more |" in text
    assert "last" in report(*stacks)


@pytest.mark.parametrize(
    ("dialect", "start", "ends"), [(GITHUB, "<!-- ", " -->"), (GITLAB, "<!-- ", " -->"), (PLAIN, "[//]: # (", ")")]
)
def test_a_report_is_found_again_by_its_first_line(dialect: Dialect, start: str, ends: str) -> None:
    review = Review((stack(),), project="shop --> <b>", head="3f2c1ab9")
    first = render(review, dialect, Detail.FULL).split("\n")[0]
    assert first.startswith(f"{start}longshore:review v1 project=shop - b head=3f2c1ab9 model=")
    assert first.endswith(ends)
    assert review.fingerprint()[:16] in marker(review)


def test_the_planner_takes_the_most_detailed_that_fits() -> None:
    review = stories.three_stacks()
    sizes = {detail: len(render(review, GITHUB, detail).encode()) for detail in Detail}
    for detail, size in sizes.items():
        roomier = [each for each in Detail if sizes[each] <= size]
        chosen = fit(review, Dialect("x", size, alerts=True, folds=True))
        assert chosen == render(review, GITHUB, min(roomier)), detail
