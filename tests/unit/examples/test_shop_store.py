from __future__ import annotations

from typing import Any


def test_visits_are_counted(store: Any) -> None:
    assert [store.visit() for _ in range(3)] == [1, 2, 3]


def test_a_job_waits_for_its_result(store: Any) -> None:
    job = store.submit("one two")
    assert store.job(job.id) == job
    assert job.words is None


def test_jobs_are_taken_in_order_and_once(store: Any) -> None:
    first, second = store.submit("first"), store.submit("second")
    assert [store.take(1), store.take(1), store.take(1)] == [first, second, None]


def test_a_result_is_found_by_the_jobs_id(store: Any) -> None:
    job = store.submit("one two")
    store.finish(job, 2, "worker-1")
    done = store.job(job.id)
    assert (done.text, done.words, done.worker) == ("one two", 2, "worker-1")


def test_the_newest_jobs_come_first_and_old_ones_go(store: Any, shop: Any) -> None:
    jobs = [store.submit(str(number)) for number in range(15)]
    assert store.recent() == jobs[::-1][: shop("store").RECENT_JOBS]


def test_jobs_are_not_kept_for_ever(store: Any, redis: Any, shop: Any) -> None:
    job = store.submit("x")
    assert redis.seconds == {f"shop:job:{job.id}": shop("store").JOB_SECONDS}


def test_a_job_that_is_gone_is_left_out(store: Any, redis: Any) -> None:
    job = store.submit("x")
    del redis.values[f"shop:job:{job.id}"]
    assert store.job(job.id) is None
    assert store.recent() == []
    assert store.take(1) is None
