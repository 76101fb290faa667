"""One comment, whoever else writes it at the same moment.

Platforms have no transaction over comments, so: look, look again at the one to be written, write, and look once more.
Of several comments the oldest stays and gets the newest report; every writer decides the same, so none undoes another's
work. What is left is a writer that is stopped between its last look and its write: a lock of the pipeline closes that.
"""

from __future__ import annotations

from enum import StrEnum

from review.publish.comment import Comment, Text
from review.publish.thread import GoneError, Thread
from spec.errors import ReviewError

ROUNDS = 12
"""Looks before it gives up: others change the comments all the time."""


class Outcome(StrEnum):
    """What became of a report."""

    CREATED = "created"
    UPDATED = "updated"
    SAME = "unchanged, nothing written"
    SILENT = "nothing to say, and no comment to correct"
    OLDER = "not published: a later run has already reported"


def upsert(thread: Thread, text: Text, silent: bool = False) -> Outcome:
    """Make `text` the one comment of its key. `silent`: correct a comment, but don't begin one.

    Raises ReviewError when the platform refuses, or the comments don't come to rest.
    """
    outcome: Outcome | None = None
    for _ in range(ROUNDS):
        found = sorted(thread.comments(text.key), key=lambda comment: comment.id)
        if not found:
            if silent or outcome:
                return outcome or Outcome.SILENT
            thread.create(text)
            outcome = Outcome.CREATED
        elif outcome and len(found) == 1:
            return outcome
        else:
            outcome = _settle(thread, text, found, outcome) or outcome
            if outcome in (Outcome.SAME, Outcome.OLDER) and len(found) == 1:
                return outcome
    raise ReviewError("comment", "is changed by others all the time", "let one pipeline at a time publish")


def _settle(thread: Thread, text: Text, found: list[Comment], outcome: Outcome | None) -> Outcome | None:
    """Write the report that should stand into the oldest comment and remove the others. None: look again first."""
    oldest = found[0]
    newest = max(found, key=lambda comment: (comment.content.order, comment.id)).content
    older = text.is_older_than(newest)
    wanted = newest if outcome or older else text
    result = outcome or (Outcome.OLDER if older else Outcome.SAME)
    if not wanted.says_the_same(oldest.content):
        if thread.read(oldest.id) != oldest.content:
            return None
        try:
            thread.update(oldest.id, wanted)
        except GoneError:
            return None
        result = outcome or (Outcome.OLDER if older else Outcome.UPDATED)
    for each in found[1:]:
        thread.delete(each.id)
    return result
