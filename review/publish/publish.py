"""From a review to a published report: which text, how long, and whether there is anything to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from review.gate import Verdict
from review.publish.comment import Order, Text
from review.publish.thread import Thread, TooLongError
from review.publish.upsert import Outcome, upsert
from review.report.content import Review
from review.report.dialect import Dialect
from review.report.plan import fit

SMALLER = (1.0, 0.5, 0.25)
"""Parts of the dialect's budget that are tried when a platform finds a report too long."""
NOTHING = "**No changes any more**: what was reported here before has become none.\n\n"


def publish(
    review: Review, thread: Thread, dialect: Dialect, verify: Callable[[str], str], key: str, order: Order = ()
) -> Outcome:
    """Put the report into the thread. `verify`: refuses a text that must not be shown.

    Raises ReviewError when the platform refuses the report, and RedactionError when `verify` does.
    """
    silent = is_silent(review)
    for part in SMALLER:
        sized = replace(dialect, budget=int(dialect.budget * part))
        text = verify((NOTHING if silent else "") + fit(review, sized))
        try:
            return upsert(thread, Text(key, text, order), silent)
        except TooLongError as error:
            refused = error
    raise refused


def is_silent(review: Review) -> bool:
    """Say whether a report has nothing to say to somebody who didn't ask."""
    return review.verdict is Verdict.UNCHANGED and not any(
        stack.risks or stack.model.drift or stack.model.policies.violations for stack in review.stacks
    )
