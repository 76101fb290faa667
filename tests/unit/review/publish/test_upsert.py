"""One comment, in place, whatever else happens to the pull request; on both platforms."""

from __future__ import annotations

import threading

import pytest

from review.publish.comment import Text
from review.publish.upsert import Outcome, upsert
from spec.errors import ReviewError
from tests.unit.review.publish.conftest import Watch, thread_of
from tests.unit.review.publish.fake import OTHER, Fake, Reply

FIRST, SECOND = Text("shop", "one change\n", (1, 1)), Text("shop", "two changes\n", (2, 1))


def shown(fake: Fake) -> list[str]:
    texts = [Text.parse(body) for body in fake.bodies]
    return [text.text.strip() for text in texts if text]


def test_a_report_is_created_then_updated_in_place(fake: Fake, watch: Watch) -> None:
    assert upsert(thread_of(fake, watch), FIRST) is Outcome.CREATED
    assert upsert(thread_of(fake, watch), SECOND) is Outcome.UPDATED
    assert shown(fake) == ["two changes"]
    assert fake.writes == {"POST": 1, fake.platform.update: 1}


def test_the_same_report_again_writes_nothing(fake: Fake, watch: Watch) -> None:
    upsert(thread_of(fake, watch), FIRST)
    fake.calls.clear()
    assert upsert(thread_of(fake, watch), Text("shop", FIRST.text, (9, 9))) is Outcome.SAME
    assert not fake.writes


def test_a_comment_that_somebody_edited_is_put_right(fake: Fake, watch: Watch) -> None:
    upsert(thread_of(fake, watch), FIRST)
    identifier, (author, body) = next(iter(fake.comments.items()))
    fake.comments[identifier] = (author, body.replace("one change", "no change"))
    assert upsert(thread_of(fake, watch), FIRST) is Outcome.UPDATED
    assert shown(fake) == ["one change"]


def test_it_is_found_behind_hundreds_of_comments(fake: Fake, watch: Watch) -> None:
    for number in range(230):
        fake.put(f"comment {number}", OTHER)
    fake.put(FIRST.body)
    for number in range(120):
        fake.put(f"comment {number}", OTHER)
    assert upsert(thread_of(fake, watch), SECOND) is Outcome.UPDATED
    assert shown(fake) == ["two changes"]
    assert len(fake.comments) == 351


def test_comments_of_others_are_left_alone_even_with_our_stamp(fake: Fake, watch: Watch) -> None:
    forged = fake.put(FIRST.body, OTHER)
    assert upsert(thread_of(fake, watch), SECOND) is Outcome.CREATED
    assert fake.comments[forged] == (OTHER, FIRST.body)
    assert shown(fake) == ["two changes"]


def test_a_quoted_stamp_is_no_stamp(fake: Fake, watch: Watch) -> None:
    quoted = fake.put(f"> {FIRST.body}")
    assert upsert(thread_of(fake, watch), SECOND) is Outcome.CREATED
    assert quoted in fake.comments


def test_each_key_has_a_comment_of_its_own(fake: Fake, watch: Watch) -> None:
    upsert(thread_of(fake, watch), FIRST)
    upsert(thread_of(fake, watch), Text("other", "mine\n"))
    assert sorted(shown(fake)) == ["mine", "one change"]


def test_with_nothing_to_say_no_comment_is_begun(fake: Fake, watch: Watch) -> None:
    assert upsert(thread_of(fake, watch), FIRST, silent=True) is Outcome.SILENT
    assert not fake.comments


def test_with_nothing_left_to_say_a_comment_is_corrected(fake: Fake, watch: Watch) -> None:
    upsert(thread_of(fake, watch), FIRST)
    assert upsert(thread_of(fake, watch), SECOND, silent=True) is Outcome.UPDATED
    assert shown(fake) == ["two changes"]


def test_an_earlier_run_does_not_overwrite_a_later_one(fake: Fake, watch: Watch) -> None:
    upsert(thread_of(fake, watch), SECOND)
    assert upsert(thread_of(fake, watch), FIRST) is Outcome.OLDER
    assert shown(fake) == ["two changes"]


def test_what_somebody_publishes_by_hand_is_never_too_old(fake: Fake, watch: Watch) -> None:
    upsert(thread_of(fake, watch), SECOND)
    assert upsert(thread_of(fake, watch), Text("shop", "by hand\n")) is Outcome.UPDATED
    assert shown(fake) == ["by hand"]


@pytest.mark.parametrize(("mine", "theirs"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_of_two_that_create_at_once_the_later_report_stays_in_one_comment(
    fake: Fake, watch: Watch, mine: Text, theirs: Text
) -> None:
    fake.hooks["POST"] = lambda: _put(fake, theirs)
    upsert(thread_of(fake, watch), mine)
    assert shown(fake) == ["two changes"]


def test_a_later_report_that_arrives_between_look_and_write_stays(fake: Fake, watch: Watch) -> None:
    identifier = fake.put(Text("shop", "at first\n", (0, 1)).body)
    reads: list[str] = []

    def other_writer() -> None:
        """Let the search pass, and write before the last look."""
        reads.append("")
        if len(reads) == 3:
            fake.comments[identifier] = (1, SECOND.body)
        else:
            fake.hooks["GET"] = other_writer

    fake.hooks["GET"] = other_writer
    assert upsert(thread_of(fake, watch), FIRST) is Outcome.OLDER
    assert shown(fake) == ["two changes"]
    assert not fake.writes


def test_a_comment_deleted_before_the_write_is_made_anew(fake: Fake, watch: Watch) -> None:
    fake.put(FIRST.body)
    fake.hooks[fake.platform.update] = fake.comments.clear
    assert upsert(thread_of(fake, watch), SECOND) is Outcome.CREATED
    assert shown(fake) == ["two changes"]


def test_left_over_duplicates_are_removed_and_others_comments_kept(fake: Fake, watch: Watch) -> None:
    first = fake.put(FIRST.body)
    talk = fake.put("looks good", OTHER)
    fake.put(SECOND.body)
    fake.put(FIRST.body)
    assert upsert(thread_of(fake, watch), SECOND) is Outcome.UPDATED
    assert set(fake.comments) == {first, talk}
    assert shown(fake) == ["two changes"]


def test_a_duplicate_that_another_removed_first_does_no_harm(fake: Fake, watch: Watch) -> None:
    fake.put(SECOND.body)
    gone = fake.put(FIRST.body)
    fake.hooks["DELETE"] = lambda: _drop(fake, gone)
    upsert(thread_of(fake, watch), SECOND)
    assert shown(fake) == ["two changes"]


def test_a_create_that_answered_with_an_error_but_worked_is_no_duplicate(fake: Fake, watch: Watch) -> None:
    fake.hooks["POST"] = lambda: _put(fake, FIRST)
    fake.fail("POST", Reply(502))
    assert upsert(thread_of(fake, watch), FIRST) is Outcome.CREATED
    assert shown(fake) == ["one change"]


def test_many_writers_at_once_leave_one_whole_comment(fake: Fake, watch: Watch) -> None:
    texts = [Text("shop", f"report {number}\n", (number,)) for number in range(1, 9)]
    start = threading.Barrier(len(texts))
    errors: list[ReviewError] = []

    def write(text: Text) -> None:
        start.wait()
        try:
            upsert(thread_of(fake, watch), text)
        except ReviewError as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(text,)) for text in texts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not errors
    assert len(fake.bodies) == 1
    assert Text.parse(fake.bodies[0] + "\n") in texts


def test_a_comment_that_never_rests_is_an_error_not_a_loop(fake: Fake, watch: Watch) -> None:
    def again() -> None:
        fake.put(Text("shop", f"again {len(fake.calls)}\n", (0,)).body)
        fake.hooks["GET"] = again

    fake.hooks["GET"] = again
    with pytest.raises(ReviewError, match="by others all the time"):
        upsert(thread_of(fake, watch), FIRST)


def _put(fake: Fake, text: Text) -> None:
    fake.put(text.body)


def _drop(fake: Fake, identifier: int) -> None:
    del fake.comments[identifier]
