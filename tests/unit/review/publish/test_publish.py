"""From a review to a comment: what is said, how long it is, and when nothing is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from review.errors import RedactionError
from review.publish.comment import Text
from review.publish.publish import is_silent, publish
from review.publish.upsert import Outcome
from review.redact import Redactor
from review.report.content import Review
from review.report.dialect import DIALECTS, Dialect
from spec.errors import ReviewError
from tests.unit.review import log, stories
from tests.unit.review.fixtures import TYPES
from tests.unit.review.publish.conftest import Watch, thread_of
from tests.unit.review.publish.fake import PLATFORMS, Fake, Reply


def dialect(fake: Fake) -> Dialect:
    return DIALECTS[next(name for name, platform in PLATFORMS.items() if platform is fake.platform)]


def put(fake: Fake, watch: Watch, review: Review) -> Outcome:
    return publish(review, thread_of(fake, watch), dialect(fake), Redactor().verify, "shop")


def only(fake: Fake) -> str:
    (body,) = fake.bodies
    return body


def test_a_review_becomes_one_comment_that_begins_with_its_stamp(fake: Fake, watch: Watch) -> None:
    assert put(fake, watch, stories.three_stacks()) is Outcome.CREATED
    assert put(fake, watch, stories.three_stacks()) is Outcome.SAME
    assert "SWARM-QUORUM-LOST" in only(fake)
    published = Text.parse(only(fake))
    assert published is not None
    assert published.key == "shop"
    assert published.text.startswith("<!-- longshore:review v1 project=shop")


def test_a_failed_preview_is_published_too(fake: Fake, watch: Watch) -> None:
    put(fake, watch, stories.three_stacks())
    assert put(fake, watch, stories.failed()) is Outcome.UPDATED
    assert "preview of prod failed" in only(fake)


def test_no_change_makes_no_comment_but_corrects_one(fake: Fake, watch: Watch) -> None:
    assert put(fake, watch, stories.unchanged()) is Outcome.SILENT
    put(fake, watch, stories.three_stacks())
    assert put(fake, watch, stories.unchanged()) is Outcome.UPDATED
    assert "**No changes any more**" in only(fake)
    assert put(fake, watch, stories.unchanged()) is Outcome.SAME
    assert put(fake, watch, stories.three_stacks()) is Outcome.UPDATED
    assert "any more" not in only(fake)


def test_too_long_a_report_is_planned_anew_not_cut(github: Fake, watch: Watch) -> None:
    machine = stories.machine("w", annotation="a")
    steps = [
        stories.steps("update", "vm", f"worker-{n}", machine, {**machine, "annotation": f"{n} " + "very long " * 20})
        for n in range(150)
    ]
    review = stories.review_of(("dev", steps))
    github.limit = dialect(github).budget // 2
    assert put(github, watch, review) is Outcome.CREATED
    assert github.writes["POST"] > 1
    assert only(github).count("<details>") == only(github).count("</details>") > 0
    assert only(github).count("```") % 2 == 0


def test_a_platform_that_takes_no_length_is_told(fake: Fake, watch: Watch) -> None:
    fake.limit = 10
    with pytest.raises(ReviewError, match="too long"):
        put(fake, watch, stories.three_stacks())
    assert not fake.comments


def test_a_proxy_that_refuses_the_size_counts_as_too_long(fake: Fake, watch: Watch) -> None:
    fake.fail("POST", Reply(413))
    assert put(fake, watch, stories.three_stacks()) is Outcome.CREATED


def test_nothing_is_sent_of_a_report_that_shows_a_secret(fake: Fake, watch: Watch) -> None:
    review = replace(stories.three_stacks(), provenance={"built by": "-----BEGIN PRIVATE KEY----- canary"})
    with pytest.raises(RedactionError):
        put(fake, watch, review)
    assert not fake.calls


def test_drift_alone_is_something_to_say() -> None:
    kind = TYPES["volume"]
    old, new = ({"labels": {"a": side}} for side in ("1", "2"))
    metadata = {
        "op": "refresh", "urn": log.urn(kind, "data"), "type": kind,
        "old": log.state(kind, "data", old), "new": log.state(kind, "data", new),
    }  # fmt: skip
    drifted = stories.stack_of("prod", stories.cluster(), [{"resOutputsEvent": {"metadata": metadata}}])
    assert drifted.model.drift
    assert not is_silent(Review((drifted,), project="shop"))
    assert is_silent(stories.unchanged())
    assert not is_silent(stories.failed())
