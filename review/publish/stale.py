"""A published report whose commit is no longer the head: marked as such until the next one replaces it."""

from __future__ import annotations

from collections.abc import Callable

from review.publish.comment import Text
from review.publish.thread import GoneError, Thread, TooLongError
from review.publish.upsert import Outcome

MARK = "**Stale:** "
SENTENCE = (
    MARK + "this report is of an earlier commit than `{head}`. A new one replaces it; if none comes, "
    "the review could not be made: see the pipeline.\n\n"
)
GONE = "The earlier report is left out here: with this mark on top it would be too long.\n"


def mark(thread: Thread, key: str, head: str, verify: Callable[[str], str]) -> Outcome:
    """Put a sentence above the comment of `key`, once; begin none. `head`: the commit that a new review is of.

    The comment keeps its place among the pipeline's runs, so that whichever review ends next replaces it.
    Raises ReviewError when the platform refuses, and RedactionError when `verify` does.
    """
    found = sorted(thread.comments(key), key=lambda comment: comment.id)
    if not found:
        return Outcome.SILENT
    old = found[0].content
    sentence = SENTENCE.format(head=head[:12])
    marked = Text(key, verify(sentence + _unmarked(old.text)), old.order)
    if marked.says_the_same(old):
        return Outcome.SAME
    if thread.read(found[0].id) != old:  # a review has ended in the meantime
        return Outcome.OLDER
    try:
        _update(thread, found[0].id, marked, Text(key, verify(sentence + GONE), old.order))
    except GoneError:
        return Outcome.SILENT
    return Outcome.UPDATED


def _update(thread: Thread, comment: int, text: Text, shorter: Text) -> None:
    try:
        thread.update(comment, text)
    except TooLongError:
        thread.update(comment, shorter)


def _unmarked(text: str) -> str:
    return text.partition("\n\n")[2] if text.startswith(MARK) else text
