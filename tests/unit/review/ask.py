"""One rule asked about a few steps: what tests of rules are written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from review.build import StateFacts, from_lines
from review.risk import Risk, Surroundings
from review.rules import assess
from tests.unit.review import log
from tests.unit.review.fixtures import TYPES

Steps = list[dict[str, Any]]


def step(op: str, kind: str, name: str, old: Any = None, new: Any = None, **more: Any) -> Steps:
    """Steps of one resource; `kind`: a short name such as `vm`, or a whole type."""
    return log.steps(op, TYPES.get(kind, kind), name, old, new, **more)


def same(kind: str, name: str, /, **inputs: Any) -> Steps:
    return step("same", kind, name, inputs)


def update(kind: str, name: str, old: Any, new: Any, **more: Any) -> Steps:
    return step("update", kind, name, old, new, **more)


def replace(kind: str, name: str, old: Any = None, new: Any = None, **more: Any) -> Steps:
    """A replacement; without inputs, one that was asked for by a trigger."""
    old = old or {}
    return step("replace", kind, name, old, old if new is None else new, **more)


def forced(kind: str, name: str, old: Any, new: Any, path: str, **more: Any) -> Steps:
    """A replacement for the property at `path`."""
    detailed = {path: {"diffKind": "update-replace", "inputDiff": True}}
    return replace(kind, name, old, new, keys=[path.partition(".")[0]], detailedDiff=detailed, **more)


def create(kind: str, name: str, /, **inputs: Any) -> Steps:
    return step("create", kind, name, None, inputs)


def delete(kind: str, name: str, old: Any = None, **more: Any) -> Steps:
    return step("delete", kind, name, old or {}, **more)


def member(name: str, role: str = "manager", **labels: str) -> Steps:
    """A member of the Swarm to which nothing happens."""
    return same("node", f"{name}-member", name=name, role=role, **({"labels": labels} if labels else {}))


def ask(rule: str, *groups: Steps, needs: Mapping[str, list[str]] | None = None, **around: Any) -> list[Risk]:
    """Return what a rule says. `needs`: which names depend on which; `around`: the surroundings, in production."""
    urns = {each["urn"].rpartition("::")[2]: each["urn"] for group in groups for each in group}
    state = StateFacts({urns[name]: tuple(urns[each] for each in others) for name, others in (needs or {}).items()}, {})
    model = from_lines(log.lines(*groups), state=state)
    surroundings = Surroundings(**{"environment": "prod", **around})
    return [risk for risk in assess(model, surroundings) if risk.rule == rule]


def says(rule: str, *groups: Steps, **more: Any) -> str:
    """Return the one sentence a rule says, or nothing when it is silent."""
    return " | ".join(risk.what for risk in ask(rule, *groups, **more))


def named(risk: Risk) -> list[str]:
    """Return the names of the resources a risk points at."""
    return [urn.rpartition("::")[2] for urn in risk.urns]
