from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def worker(shop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    module = shop("worker")
    monkeypatch.setattr(module, "ALIVE", tmp_path / "alive")
    monkeypatch.setattr(module.time, "sleep", lambda _seconds: None)
    return module


@pytest.mark.parametrize(("text", "words"), [("", 0), ("one", 1), ("  one\ttwo\nthree ", 3)])
def test_words_are_counted(worker: Any, text: str, words: int) -> None:
    assert worker.count(text) == words


def test_a_job_gets_its_result_and_the_workers_name(worker: Any, store: Any) -> None:
    job = store.submit("one two")
    done = worker.work(store, "worker-1", 0)
    assert (done.id, done.words, done.worker) == (job.id, 2, "worker-1")
    assert store.job(job.id) == done


def test_no_job_is_no_result(worker: Any, store: Any) -> None:
    assert worker.work(store, "worker-1", 0) is None


class Rounds(threading.Event):
    """Tells to stop after so many rounds; may change the world before each."""

    def __init__(self, *before: Any) -> None:
        super().__init__()
        self.before = list(before)

    def is_set(self) -> bool:
        if not self.before:
            return True
        self.before.pop(0)()
        return False


def test_it_gets_over_a_cache_that_is_away_and_is_alive_meanwhile(
    worker: Any, store: Any, redis: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    job = store.submit("one two three")
    worker.run(store, Rounds(lambda: setattr(redis, "away", True), lambda: setattr(redis, "away", False)))
    assert capsys.readouterr().out == f"the cache does not answer: no route to cache\njob {job.id}: 3 words\n"
    assert worker.ALIVE.exists()


def test_it_stops_when_told(worker: Any, store: Any) -> None:
    stop = threading.Event()
    stop.set()
    worker.run(store, stop)
    assert not worker.ALIVE.exists()
