"""The report in a terminal: everything is there, in colour, and nothing in it is obeyed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from review.build import from_lines
from review.model import Change, ChangeModel, Drift, Policies, Run, Violation
from review.report.content import Review, StackReview
from review.report.terminal import show
from review.risk import Risk, Severity
from tests.unit.review import log
from tests.unit.review.ask import Steps, create, delete, update


def printed(*stacks: StackReview, width: int = 120, colour: bool = False) -> str:
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    show(Review(stacks), console)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def stack(*risks: Risk, name: str = "prod", **fields: Any) -> StackReview:
    return StackReview(ChangeModel(**{"run": Run(stack=name), **fields}), risks, name)


def changing(*groups: Steps) -> StackReview:
    return StackReview(from_lines(log.lines(*groups)), (), "prod")


def risk(severity: Severity, rule: str, **more: str) -> Risk:
    return Risk(rule=rule, severity=severity, what=f"`w1` does {rule}.", fingerprint="abcd", **more)


def test_risks_of_all_stacks_come_the_gravest_first() -> None:
    dev = stack(risk(Severity.NOTE, "A"), risk(Severity.BLOCK, "B"), name="dev")
    prod = stack(risk(Severity.WARN, "C"), risk(Severity.ACK, "D"))
    found = [line for line in printed(dev, prod).splitlines() if "-abcd" in line]
    assert [line.strip() for line in found] == [
        "blocks: B-abcd (dev) w1 does B.",
        "needs acknowledgement: D-abcd (prod) w1 does D.",
        "or: longshore review ack D-abcd all -s prod --reason …",
        "warning: C-abcd (prod) w1 does C.",
        "note: A-abcd (dev) w1 does A.",
    ]


def test_a_risk_has_its_reason_and_its_way_out_below_it() -> None:
    text = printed(stack(risk(Severity.ACK, "A", why="`x` changes", do="wait")))
    assert "  why: x changes\n  instead: wait\n" in text


@pytest.mark.parametrize(
    ("severity", "code"), [(Severity.BLOCK, "1;31"), (Severity.ACK, "33"), (Severity.WARN, "36"), (Severity.NOTE, "2")]
)
def test_each_class_has_its_colour(severity: Severity, code: str) -> None:
    assert f"\x1b[{code}m{severity.word}: " in printed(stack(risk(severity, "A")), colour=True)


def test_changes_are_told_by_group_with_their_differences() -> None:
    text = printed(
        changing(delete("volume", "v"), update("vm", "w1", {"memory": 2, "x": "a"}, {"memory": 1, "x": "b"}))
    )
    assert text.index("Delete (1)") < text.index("Reboot (1)")
    assert "prod: 2 changes" in text
    assert "w1  vsphere VirtualMachine  memory 2 → 1 MiB: memory can't be taken from a running machine" in text
    assert [line.strip() for line in text.splitlines() if line.strip()[:2] in ("- ", "+ ")] == [
        "- memory: 2 MiB",
        "+ memory: 1 MiB",
        "- x: a",
        "+ x: b",
    ]


def test_signs_have_their_colours() -> None:
    text = printed(changing(update("service", "a", {"x": 1, "password": "p"}, {"x": 2, "password": "q"})), colour=True)
    assert "\x1b[31m- x: 1" in text
    assert "\x1b[32m+ x: 2" in text
    assert "\x1b[33m~ password: «hidden, changed»" in text


@pytest.mark.parametrize("enforcement", ["mandatory", "advisory"])
def test_policies_are_told_with_their_force(enforcement: str) -> None:
    each = Violation(policy="limits", pack="k", enforcement=enforcement, severity="", message="no [limit]", urn="u")
    text = printed(stack(policies=Policies(violations=(each,))), colour=True)
    assert f"policy limits ({enforcement}, prod): no [limit]" in text
    assert ("\x1b[1;31mpolicy" in text) is (enforcement == "mandatory")


def test_drift_failures_and_notes_are_told() -> None:
    change = Change(path="x", kind="update", before=1, after=2)
    drift = (
        Drift(urn="u", type="t", name="w1", kind="update", changes=(change,)),
        Drift(urn="v", type="t", name="w2", kind="delete"),
    )
    text = printed(
        stack(run=Run(stack="prod", failed=True, error="no [b]template[/b]", notes=("half a log",)), drift=drift)
    )
    assert "prod: preview failed: no [b]template[/b]" in text
    assert "prod: half a log" in text
    assert "  w1 differs\n    - x: 1\n    + x: 2\n  w2 was deleted\n" in text


@pytest.mark.parametrize("nasty", ["[red]x[/red]", "[link=https://x]y[/link]", "[/]", "[bold", ":boom:"])
def test_what_looks_like_rich_s_markup_is_shown_as_it_stands(nasty: str) -> None:
    review = changing(create("vm", nasty), update("service", "s", {"x": "a"}, {"x": nasty, nasty: "1"}))
    text = printed(review, stack(risk(Severity.ACK, "A", why=nasty), name=nasty), width=300)
    assert text.count(nasty) >= 5


def test_the_table_has_a_row_for_each_stack_with_its_counts() -> None:
    text = printed(changing(create("vm", "a"), create("vm", "b"), delete("vm", "c")), stack(name="empty"))
    rows = [line.split() for line in text.splitlines() if line.startswith(("  prod", "  empty"))]
    assert rows == [["prod", "ok", "none", "2", "0", "0", "0", "1"], ["empty", "no", "change", "none", *"00000"]]


def test_a_narrow_terminal_loses_no_stack() -> None:
    names = [f"environment-number-{n}" for n in range(3)]
    text = printed(*(stack(name=name) for name in names), width=60)
    assert all(str(n) in text for n in range(3))
