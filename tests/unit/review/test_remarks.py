"""What a report says about itself: banners, remarks, what is pending, the way to acknowledge."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from review.build import from_lines
from review.model import Change, ChangeModel
from review.report import page, terminal
from review.report.content import Review, StackReview
from review.report.detail import Detail
from review.report.dialect import DIALECTS, GITHUB, GITLAB, PLAIN, Dialect
from review.report.fold import broken
from review.report.markdown import render
from review.report.remarks import MOST, OFFLINE, acknowledge
from review.risk import Risk, Severity
from review.withhold import withheld
from tests.unit.review import log
from tests.unit.review.repository import grown


def stack(model: ChangeModel | None = None, **more: object) -> StackReview:
    return replace(StackReview.of(model or from_lines(grown())), **more)  # type: ignore[arg-type]


def offline() -> ChangeModel:
    model = from_lines(grown())
    change = Change(path="config.image", kind="update", before="web:1", after="web:2")
    run = model.run.model_copy(update={"offline": True})
    return model.model_copy(update={"run": run, "stack_file": (change,)})


def on_terminal(review: Review) -> str:
    buffer = io.StringIO()
    terminal.show(review, Console(file=buffer, width=200, color_system=None))
    return buffer.getvalue()


@pytest.mark.parametrize("dialect", list(DIALECTS.values()))
@pytest.mark.parametrize("detail", list(Detail))
def test_that_nothing_was_compared_with_real_state_is_said_in_every_report(dialect: Dialect, detail: Detail) -> None:
    text = render(Review((stack(offline()),)), dialect, detail)
    assert OFFLINE[:40] in text
    assert text.index(OFFLINE[:40]) < text.index("| Stack |")


def test_it_is_said_on_the_terminal_and_on_the_page_too() -> None:
    review = Review((stack(offline()),))
    assert OFFLINE in on_terminal(review)
    assert OFFLINE in page.render(review)


def test_a_report_of_real_state_says_nothing_of_it() -> None:
    assert OFFLINE[:40] not in render(Review((stack(),)), GITHUB, Detail.FULL)


def test_what_differs_in_the_stack_file_is_told_until_room_is_short() -> None:
    review = Review((stack(offline()),))
    assert "1 difference in the stack file" in render(review, GITLAB, Detail.FULL)
    assert "+ config.image: web:2" in render(review, GITLAB, Detail.FULL)
    assert "config.image" not in render(review, GITLAB, Detail.PATHS)


def test_no_value_of_the_stack_file_is_shown_where_values_are_withheld() -> None:
    text = render(Review((stack(withheld(offline())),)), PLAIN, Detail.FULL)
    assert "config.image" in text
    assert "web:" not in text


@pytest.mark.parametrize("detail", list(Detail))
def test_remarks_are_in_every_report_and_counted_when_there_are_many(detail: Detail) -> None:
    remarks = tuple(f"the acknowledgement number {n} is void" for n in range(MOST + 2))
    text = render(Review((stack(remarks=remarks),)), PLAIN, detail)
    assert "- **prod**: the acknowledgement number 0 is void" in text
    assert "- … 2 more" in text


def test_remarks_are_on_the_terminal() -> None:
    assert "prod: it is void" in on_terminal(Review((stack(remarks=("it is `void`",)),)))


def test_a_remark_is_never_markup() -> None:
    text = render(Review((stack(remarks=("by @team <b>x</b> [a](http://b)",)),)), GITHUB, Detail.FULL)
    assert "<b>" not in text
    assert "@team" not in text


def test_many_pending_changes_are_named_until_room_is_short() -> None:
    steps = [log.steps("update", log.VM, f"w{n}", {"memory": n}, {"memory": n + 1}) for n in range(50)]
    model = from_lines(log.lines(*steps))
    pending = frozenset(each.urn for each in model.changed)
    text = render(Review((stack(model, pending=pending),)), PLAIN, Detail.FULL)
    assert "prod: pending on the base already: 50 of 50 changes" in text
    assert "and 14 more" in text
    assert "pending on the base" not in render(Review((stack(model, pending=pending),)), PLAIN, Detail.COUNTS)


def test_a_risk_is_pending_when_all_that_it_names_is() -> None:
    one, two = log.urn(log.VM, "w1"), log.urn(log.VM, "w2")
    risk = Risk(rule="VM-REBOOT", severity=Severity.ACK, what="x", urns=(one, two))
    assert not stack(pending=frozenset({one})).is_pending(risk)
    assert stack(pending=frozenset({one, two})).is_pending(risk)
    assert not stack(pending=frozenset({one})).is_pending(risk.model_copy(update={"urns": ()}))


@pytest.mark.parametrize(
    ("names", "resource"),
    [(["w1"], "w1"), (["w1", "w2"], "all"), ([], "all"), (["a b"], "all"), (["$(reboot)"], "all"), (["x;y"], "all")],
)
def test_the_command_names_the_resource_when_that_is_safe_to_paste(names: list[str], resource: str) -> None:
    risk = Risk(
        rule="VM-REBOOT", severity=Severity.ACK, what="x", fingerprint="7c1e02aa",
        urns=tuple(log.urn(log.VM, name) for name in names),
    )  # fmt: skip
    assert acknowledge(stack(), risk) == f"longshore review ack VM-REBOOT-7c1e02aa {resource} -s prod --reason …"


def test_a_stack_of_a_strange_name_is_quoted() -> None:
    model = from_lines(grown())
    strange = model.model_copy(update={"run": model.run.model_copy(update={"stack": "a; reboot"})})
    assert "-s 'a; reboot' --reason" in acknowledge(stack(strange), stack(strange).risks[0])


def test_the_lines_of_a_risk_stay_lines_everywhere() -> None:
    assert broken(["a", "b", "c"]) == ["a  ", "b  ", "c"]
    assert broken([]) == []
    assert "> Why: a shutdown of at most 3 min, then a hard power-off.  \n> Instead:" in render(
        Review((stack(),)), GITHUB, Detail.FULL
    )


def test_the_legend_is_no_list() -> None:
    assert not [line for line in render(Review((stack(),)), GITHUB, Detail.FULL).splitlines() if line.startswith("+ c")]
