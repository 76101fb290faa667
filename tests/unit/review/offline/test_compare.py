"""Two rehearsals as one model."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.model import Action, ChangeModel
from review.offline.compare import CONTENT, IMMUTABLE, compare
from review.offline.rehearsal import Registration, Rehearsal
from review.redact import Redactor
from review.report.content import Review, StackReview
from review.report.detail import Detail
from review.report.dialect import GITHUB
from review.report.markdown import render

SERVICE = "docker:index/service:Service"
VM = "vsphere:index/virtualMachine:VirtualMachine"


def one(name: str, kind: str = SERVICE, inputs: dict[str, Any] | None = None, **more: Any) -> Registration:
    return Registration(urn=f"urn:pulumi:prod::shop::{kind}::{name}", type=kind, inputs=inputs or {}, **more)


def compared(base: list[Registration], head: list[Registration]) -> ChangeModel:
    old, new = (Rehearsal(project="shop", resources=tuple(each)) for each in (base, head))
    return compare("prod", old, new, Redactor())


def actions(model: ChangeModel) -> dict[str, str]:
    return {each.name: each.action.value for each in model.resources}


def test_what_comes_goes_changes_and_stays() -> None:
    base = [one("a", inputs={"x": 1}), one("b", inputs={"x": 1}), one("c")]
    head = [one("a", inputs={"x": 1}), one("b", inputs={"x": 2}), one("d")]
    model = compared(base, head)
    assert actions(model) == {"a": "same", "b": "update", "c": "delete", "d": "create"}
    assert [(each.path, each.before, each.after) for each in model.by_urn[head[1].urn].changes] == [("x", 1, 2)]


def test_it_says_that_it_is_not_compared_with_real_state() -> None:
    model = compared([one("a")], [one("a")])
    assert (model.run.offline, model.run.stack, model.run.project, model.run.cut_off) == (True, "prod", "shop", False)
    text = render(Review((StackReview.of(model),)), GITHUB, Detail.BARE)
    assert text.index("> [!IMPORTANT]\n> Not compared with real state") < text.index("| Stack |")


@pytest.mark.parametrize(("first", "order"), [(True, "delete-first"), (False, "create-first")])
def test_a_raised_generation_replaces(first: bool, order: str) -> None:
    base, head = (one("m", VM, {"x": 1}, trigger=n, delete_before_replace=first) for n in (1, 2))
    (machine,) = compared([base], [head]).resources
    assert (machine.action, machine.order, machine.reasons) == (Action.REPLACE, order, ("replacementTrigger",))


@pytest.mark.parametrize("kind", sorted(CONTENT))
def test_another_content_is_another_generation_and_another_number_of_them_is_not(kind: str) -> None:
    base = one("s", kind, {"data": "a", "keep": 2})
    for changed, action in (({"data": "b", "keep": 2}, Action.REPLACE), ({"data": "a", "keep": 3}, Action.UPDATE)):
        (resource,) = compared([base], [one("s", kind, changed)]).resources
        assert resource.action is action


@pytest.mark.parametrize("kind", sorted(IMMUTABLE))
def test_what_can_not_change_is_replaced(kind: str) -> None:
    (found,) = compared(
        [one("v", kind, {"labels": "a", "name": "n"})], [one("v", kind, {"labels": "b", "name": "n"})]
    ).resources
    assert (found.action, found.reasons) == (Action.REPLACE, ("labels",))


@pytest.mark.parametrize(
    ("ignored", "base", "head", "action"),
    [
        (("clone",), {"clone": 1}, {"clone": 2}, "same"),
        (("clone",), {}, {"clone": 2}, "same"),
        (("clone",), {"clone": 1}, {}, "same"),
        (("spec.place.platforms",), {"spec": {"image": "a"}}, {"spec": {"image": "b"}}, "update"),
        (("spec.place",), {"spec": {"place": 1, "image": "a"}}, {"spec": {"place": 2, "image": "a"}}, "same"),
        (("spec.place",), {"spec": {"image": "a"}}, {"spec": {"place": 2, "image": "a"}}, "same"),
        (("list[0].a",), {"list": [{"a": 1}]}, {"list": [{"a": 2}]}, "update"),
        ((), {"clone": 1}, {"clone": 2}, "update"),
    ],
)
def test_what_the_program_ignores_stays_as_it_was(
    ignored: tuple[str, ...], base: dict[str, Any], head: dict[str, Any], action: str
) -> None:
    model = compared([one("a", inputs=base)], [one("a", inputs=head, ignore_changes=ignored)])
    assert actions(model) == {"a": action}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda each: st.lists(each, max_size=3)
)
programs = st.dictionaries(
    st.text("abc", min_size=1, max_size=2), st.dictionaries(st.text("xyz", min_size=1), values), max_size=5
)


@settings(deadline=None)
@given(programs, programs)
def test_every_resource_of_either_side_is_told_once(base: dict[str, Any], head: dict[str, Any]) -> None:
    model = compared(
        [one(name, inputs=each) for name, each in base.items()], [one(n, inputs=e) for n, e in head.items()]
    )
    assert {each.name for each in model.resources} == base.keys() | head.keys()
    assert len(model.resources) == len(base.keys() | head.keys())
    assert {each.name for each in model.resources if each.action is Action.CREATE} == head.keys() - base.keys()


@settings(deadline=None)
@given(programs)
def test_a_program_compared_with_itself_changes_nothing(program: dict[str, Any]) -> None:
    side = [one(name, inputs=each) for name, each in program.items()]
    assert compared(side, side).changed == ()


@pytest.mark.parametrize(("side", "says"), [("base", "rehearsal of the base: x"), ("head", "rehearsal of the head: x")])
def test_a_failed_rehearsal_is_a_failed_preview(side: str, says: str) -> None:
    sides = {"base": Rehearsal(), "head": Rehearsal(), side: Rehearsal(resources=(one("a"),), error="x")}
    model = compare("prod", sides["base"], sides["head"], Redactor())
    assert (model.run.failed, model.run.error, model.changed) == (True, says, ())
