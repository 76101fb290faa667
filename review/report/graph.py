"""The resource graph of a stack as plain data: what a page draws."""

from __future__ import annotations

from typing import Any

from review.gate import is_acknowledged
from review.model import Resource
from review.report.content import StackReview
from review.report.lines import lines
from review.report.tree import group
from review.risk import Surroundings
from review.view import View


def graph(stack: StackReview) -> dict[str, Any]:
    """Return nodes, their parents and what they use, and the risks that point at them."""
    numbers: dict[str, int] = {}
    for number, resource in enumerate(stack.model.resources):  # the one that lives before what is left over of it
        numbers.setdefault(resource.urn, number)
    uses = _uses(stack, numbers)
    return {
        "name": stack.name,
        "verdict": stack.verdict.word,
        "level": stack.level,
        "counts": stack.counts(),
        "error": stack.model.run.error,
        "notes": [*stack.remarks, *stack.model.run.notes],
        "risks": _risks(stack, numbers),
        "nodes": [
            _node(resource, numbers, uses.get(number, []), resource.urn in stack.pending)
            for number, resource in enumerate(stack.model.resources)
        ],
    }


def _uses(stack: StackReview, numbers: dict[str, int]) -> dict[int, list[int]]:
    """Return what each node uses, by number."""
    view = View(stack.model, Surroundings())
    found: dict[int, list[int]] = {}
    for used, users in view.dependents.items():
        for user in sorted(users):
            if user in numbers and used in numbers:
                found.setdefault(numbers[user], []).append(numbers[used])
    return found


def _risks(stack: StackReview, numbers: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "id": risk.id,
            "rule": risk.rule,
            "severity": int(risk.severity),
            "word": "acknowledged" if is_acknowledged(risk, stack.acknowledged) else risk.severity.word,
            "what": risk.what,
            "pending": stack.is_pending(risk),
            "why": risk.why,
            "do": risk.do,
            "nodes": [numbers[urn] for urn in risk.urns if urn in numbers],
        }
        for risk in stack.risks
    ]


def _node(resource: Resource, numbers: dict[str, int], uses: list[int], pending: bool) -> dict[str, Any]:
    return {
        "name": resource.name,
        "type": f"{resource.type.partition(':')[0]} {resource.type.rpartition(':')[2]}",
        "group": group(resource) if resource.is_changed else "same",
        "parent": numbers.get(resource.parent, -1),
        "uses": uses,
        "pending": pending,
        "lines": [[line.sign, line.text] for change in resource.changes for line in lines(change)],
    }
