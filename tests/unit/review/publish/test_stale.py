"""A report whose commit is no longer the head: said above it once, and gone with the next report."""

from __future__ import annotations

import pytest

from review.errors import RedactionError
from review.publish import stale
from review.publish.comment import Text
from review.publish.publish import publish
from review.publish.stale import mark
from review.publish.upsert import Outcome
from review.redact import Redactor
from tests.unit.review import stories
from tests.unit.review.publish.conftest import Watch, thread_of
from tests.unit.review.publish.fake import Fake
from tests.unit.review.publish.test_publish import dialect, only, put

HEAD, NEXT = "a" * 40, "b" * 40


def marked(fake: Fake, watch: Watch, head: str = HEAD) -> Outcome:
    return mark(thread_of(fake, watch), "shop", head, Redactor().verify)


def test_no_comment_is_begun(fake: Fake, watch: Watch) -> None:
    assert marked(fake, watch) is Outcome.SILENT
    assert not fake.bodies


def test_the_report_stays_under_the_mark_until_the_next_one(fake: Fake, watch: Watch) -> None:
    put(fake, watch, stories.three_stacks())
    before = only(fake).partition("\n")[2]
    assert marked(fake, watch) is Outcome.UPDATED
    assert f"earlier commit than `{HEAD[:12]}`" in only(fake)
    assert only(fake).endswith(before)
    assert put(fake, watch, stories.three_stacks()) is Outcome.UPDATED
    assert only(fake).partition("\n")[2] == before


def test_a_mark_is_renewed_and_never_doubled(fake: Fake, watch: Watch) -> None:
    put(fake, watch, stories.three_stacks())
    marked(fake, watch)
    assert marked(fake, watch) is Outcome.SAME
    assert marked(fake, watch, NEXT) is Outcome.UPDATED
    assert only(fake).count(stale.MARK) == 1
    assert NEXT[:12] in only(fake)
    assert HEAD[:12] not in only(fake)


def test_it_keeps_its_place_among_the_runs(fake: Fake, watch: Watch) -> None:
    thread = thread_of(fake, watch)
    publish(stories.three_stacks(), thread, dialect(fake), Redactor().verify, "shop", (7, 1))
    marked(fake, watch)
    found = Text.parse(only(fake))
    assert found is not None
    assert found.order == (7, 1)


def test_a_review_that_ended_in_the_meantime_is_not_marked(
    fake: Fake, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(fake, watch, stories.three_stacks())
    thread = thread_of(fake, watch)
    monkeypatch.setattr(thread, "read", lambda _comment: Text("shop", "another"))
    before = list(fake.bodies)
    assert mark(thread, "shop", HEAD, Redactor().verify) is Outcome.OLDER
    assert list(fake.bodies) == before


def test_what_must_not_be_shown_is_not_published_again(fake: Fake, watch: Watch) -> None:
    put(fake, watch, stories.three_stacks())
    before = list(fake.bodies)
    with pytest.raises(RedactionError):
        mark(thread_of(fake, watch), "shop", HEAD, Redactor(["SWARM-QUORUM-LOST"]).verify)
    assert list(fake.bodies) == before
