"""The report as JSON, for other tools."""

from __future__ import annotations

import json
from typing import Any

from review.gate import exit_code, is_acknowledged
from review.report.content import Review, StackReview

VERSION = "longshore.review.report/1"


def render(review: Review) -> str:
    """Return verdict, risks and change model of every stack."""
    content = {
        "version": VERSION,
        "project": review.project,
        "head": review.head,
        "base": review.base,
        "verdict": review.verdict.name.lower(),
        "exitCode": exit_code(stack.verdict for stack in review.stacks),
        "headline": review.headline(),
        "fingerprint": review.fingerprint(),
        "provenance": review.provenance,
        "stacks": [_stack(stack) for stack in review.stacks],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _stack(stack: StackReview) -> dict[str, Any]:
    return {
        "stack": stack.name,
        "environment": stack.environment,
        "verdict": stack.verdict.name.lower(),
        "risk": stack.level,
        "counts": dict(zip(("create", "update", "reboot", "replace", "delete"), stack.counts(), strict=True)),
        "pending": sorted(stack.pending),
        "remarks": list(stack.remarks),
        "risks": [
            {
                "id": risk.id,
                **risk.model_dump(mode="json", exclude={"severity", "fingerprint"}),
                "severity": risk.severity.name.lower(),
                "acknowledged": is_acknowledged(risk, stack.acknowledged),
            }
            for risk in stack.risks
        ],
        "model": stack.model.model_dump(mode="json"),
    }
