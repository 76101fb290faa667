"""The size planner: the most detailed report that fits. Never cuts a text, so markup is always whole."""

from __future__ import annotations

from review.report.content import Review
from review.report.detail import Detail
from review.report.dialect import Dialect
from review.report.markdown import render
from spec.errors import ReviewError


def fit(review: Review, dialect: Dialect) -> str:
    """Return the most detailed report within the dialect's budget. Raises ReviewError when not even the barest fits."""
    for detail in Detail:
        text = render(review, dialect, detail)
        if len(text.encode()) <= dialect.budget:
            return text
    raise ReviewError(
        f"report for {dialect.name}",
        f"does not fit into {dialect.budget} bytes",
        "review fewer stacks at once",
    )
