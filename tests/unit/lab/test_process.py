from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import process
from lab.process import Process
from spec.errors import LabError


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Process]:
    started = process.start(["sleep", "60"], tmp_path / "log")
    yield started
    started.stop()


def test_a_started_process_lives_and_ends_when_stopped(sleeper: Process) -> None:
    assert sleeper.alive()
    sleeper.stop()
    assert not sleeper.alive()


def test_stopping_twice_does_nothing(sleeper: Process) -> None:
    sleeper.stop()
    sleeper.stop()


def test_a_later_process_with_the_same_number_is_not_ours(sleeper: Process) -> None:
    reused = sleeper.model_copy(update={"began": sleeper.began - 1})
    assert not reused.alive()
    reused.stop()
    assert sleeper.alive()


def test_a_process_of_an_earlier_boot_is_not_ours(sleeper: Process) -> None:
    earlier = sleeper.model_copy(update={"boot": "another"})
    earlier.stop()
    assert sleeper.alive()


def test_a_number_without_a_process_is_none() -> None:
    assert Process.of(2**22 + 1) is None


def test_one_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    stubborn = process.start(
        ["sh", "-c", f"trap '' TERM; touch {ready}; while :; do sleep 0.1; done"], tmp_path / "log"
    )
    while not ready.exists():
        time.sleep(0.01)
    stubborn.stop(patience=0.2)
    assert not stubborn.alive()


def test_it_is_out_of_reach_of_our_ctrl_c(sleeper: Process) -> None:
    assert os.getpgid(sleeper.pid) != os.getpgid(0)
    assert os.getsid(sleeper.pid) == sleeper.pid


def test_output_is_appended_to_a_private_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for word in ("one", "two"):
        finished = process.start(["sh", "-c", f"echo {word}; sleep 0.2"], log)
        while finished.alive():
            time.sleep(0.01)
    assert log.read_text() == "one\ntwo\n"
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_command_that_is_not_there_is_a_lab_error(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="nonesuch: can't be started"):
        process.start(["nonesuch"], tmp_path / "log")


def test_the_tail_of_a_log_is_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert process.tail(log) == ""
    log.write_text("".join(f"{number}\n" for number in range(9)))
    assert process.tail(log, 2) == "7\n8"
