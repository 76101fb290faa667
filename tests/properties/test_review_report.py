"""Any change model makes a report: within its budget, of whole markup, and without a secret."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.build import from_lines
from review.model import Action, Change, ChangeModel, Diagnostic, Drift, Policies, Resource, Run, Violation
from review.redact import Redactor
from review.report import data
from review.report.content import Review, StackReview
from review.report.detail import Detail
from review.report.dialect import GITHUB, GITLAB, PLAIN, Dialect
from review.report.markdown import render
from review.report.plan import fit
from review.risk import Surroundings
from review.view import CONTAINER, MEMBER, SERVICE, VM
from tests.unit.review import log

NASTY = st.sampled_from(
    [
        "</details>",
        "`",
        "```",
        "````diff",
        "<script>alert(1)</script>",
        "<!--",
        "-->",
        "@everyone",
        "#1",
        "|",
        "a\nb\n\nc",
    ]
)
TEXTS = st.lists(NASTY | st.text(max_size=20), max_size=3).map("".join)
NAMES = st.sampled_from(["w-1", "shop-managers-2", "web"]) | TEXTS.filter(bool)
VALUES = st.none() | st.booleans() | st.integers(0, 10**10) | TEXTS | st.text(max_size=3000)
TYPES = st.sampled_from([VM, SERVICE, CONTAINER, MEMBER, "docker:index/volume:Volume", "x"])
PATHS = st.sampled_from(["memory", "disks[data].size", "clone.templateUuid", "image", 'a["`"]', "extraConfig"])
CHANGES = st.builds(
    Change,
    path=PATHS,
    kind=st.sampled_from(["add", "delete", "update"]),
    before=VALUES,
    after=VALUES,
    replaces=st.booleans(),
)
INPUTS = st.none() | st.dictionaries(st.sampled_from(["name", "role", "memory", "image", "ports"]), VALUES, max_size=3)
RESOURCES = st.builds(
    Resource,
    urn=st.uuids().map(str),
    type=TYPES,
    name=NAMES,
    action=st.sampled_from(Action),
    order=st.sampled_from(["create-first", "delete-first", ""]),
    reasons=st.lists(st.sampled_from(["clone", "provider", "`"]), max_size=2).map(tuple),
    changes=st.lists(CHANGES, max_size=3).map(tuple),
    before=INPUTS,
    after=INPUTS,
)
MODELS = st.builds(
    ChangeModel,
    run=st.builds(Run, stack=NAMES, failed=st.booleans(), error=TEXTS, notes=st.lists(TEXTS, max_size=2).map(tuple)),
    resources=st.lists(RESOURCES, max_size=6).map(tuple),
    drift=st.lists(
        st.builds(
            Drift,
            urn=TEXTS,
            type=TYPES,
            name=NAMES,
            kind=st.just("update"),
            changes=st.lists(CHANGES, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    policies=st.builds(
        Policies,
        violations=st.lists(
            st.builds(
                Violation, policy=TEXTS, pack=TEXTS, enforcement=st.just("mandatory"), severity=TEXTS, message=TEXTS
            ),
            max_size=2,
        ).map(tuple),
    ),
    diagnostics=st.lists(
        st.builds(Diagnostic, severity=st.sampled_from(["warning", "error"]), message=TEXTS), max_size=2
    ).map(tuple),
)
RELAXED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def multiplied(model: ChangeModel, times: int) -> ChangeModel:
    """The same model with its resources many times over, each with an identity of its own."""
    resources = tuple(
        each.model_copy(update={"urn": f"{each.urn}-{n}", "name": f"{each.name}-{n}"})
        for n in range(times)
        for each in model.resources
    )
    return model.model_copy(update={"resources": resources})


def reviewed(*models: ChangeModel) -> Review:
    return Review(tuple(StackReview.of(model, Surroundings(environment="prod")) for model in models), project="p")


class Tags(HTMLParser):
    """Fails on a tag that is not ours or not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("details", "summary", "sub"), tag
        assert attrs in ([], [("open", None)]), attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check_markup(text: str, dialect: Dialect) -> None:
    outside, fence = [], ""
    for line in text.split("\n"):
        bare = line.removeprefix("> ")
        ticks = re.match(r"`{3,}", bare)
        if fence:
            fence = "" if bare == fence else fence
        elif ticks:
            fence = ticks.group()
        else:
            outside.append(re.sub(r"`[^`]+`", "", line))
    assert not fence, "a code block stays open"
    assert not [line for line in outside if "`" in line], "a code span stays open"
    tags = Tags()
    tags.feed("\n".join(outside))
    tags.close()
    assert tags.open == []
    assert dialect.folds or "<details" not in "\n".join(outside)


@RELAXED
@given(st.lists(MODELS, min_size=1, max_size=3), st.sampled_from([GITHUB, GITLAB, PLAIN]))
def test_any_model_makes_whole_markup_at_every_level(models: list[ChangeModel], dialect: Dialect) -> None:
    for detail in Detail:
        check_markup(render(reviewed(*models), dialect, detail), dialect)


@settings(RELAXED, max_examples=12)
@given(MODELS, st.sampled_from([1, 20, 300]), st.sampled_from([1, 60]))
def test_any_number_of_changes_and_stacks_fits(model: ChangeModel, times: int, stacks: int) -> None:
    review = reviewed(multiplied(model, times), *[model] * stacks)
    text = fit(review, GITHUB)
    assert len(text.encode()) <= GITHUB.budget
    check_markup(text, GITHUB)
    for stack in review.stacks[:1]:
        blockers = {risk.rule for risk in stack.risks if risk.severity.name == "BLOCK"}
        assert all(rule in text for rule in blockers), "a risk that blocks is missing"


PLACES = ("env", "text", "diagnostic", "userdata")


@RELAXED
@given(st.text("abcXYZ0189-_", min_size=12, max_size=30), st.sampled_from(PLACES))
def test_no_canary_in_any_report(canary: str, place: str) -> None:
    values: dict[str, Any] = {
        "env": {"env": {"NOTE": canary}},
        "text": {"text": f"first\nsecond {canary}\nthird\nfourth"},
        "userdata": {"extraConfig": {"guestinfo.userdata": f"#cloud-config\nnote: '{canary}'\n"}},
    }
    extra = (
        [{"diagnosticEvent": {"severity": "error", "message": f"refused: {canary}"}}] if place == "diagnostic" else []
    )
    steps = log.steps("update", log.VM, "a", {"x": 1}, values.get(place, {"x": 2}))
    redactor = Redactor([canary])
    review = reviewed(from_lines(log.lines(steps, extra=extra), redactor))
    for text in (*(render(review, GITHUB, detail) for detail in Detail), data.render(review)):
        assert canary not in text
        redactor.verify(text)


def test_the_actions_and_kinds_tried_are_all_there_are() -> None:
    assert {"add", "delete", "update"} == set(get_args(Change.model_fields["kind"].annotation))
