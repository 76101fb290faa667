"""Notes in a real repository."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from review.publish.comment import Text
from review.publish.notes import REF, GitNotes
from review.publish.upsert import Outcome, upsert
from review.publish.wait import Clock
from spec.errors import ReviewError

TEXT = Text("shop", "one change\n")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    git(tmp_path, "init", "--quiet")
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    git(tmp_path, *identity, "commit", "--quiet", "--allow-empty", "--message", "first")
    return tmp_path


def git(repository: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(repository), *arguments], capture_output=True, text=True, check=True
    ).stdout.strip()


def note(repository: Path) -> str:
    return git(repository, "notes", f"--ref={REF}", "show", "HEAD")


def notes(repository: Path) -> GitNotes:
    return GitNotes(repository, "HEAD", Clock())


def test_a_note_is_made_replaced_and_left_alone(repository: Path) -> None:
    assert upsert(notes(repository), TEXT) is Outcome.CREATED
    assert note(repository).endswith("\none change")
    first = git(repository, "rev-parse", REF)
    assert upsert(notes(repository), TEXT) is Outcome.SAME
    assert git(repository, "rev-parse", REF) == first
    assert upsert(notes(repository), Text("shop", "two changes\n")) is Outcome.UPDATED
    assert note(repository).endswith("\ntwo changes")


def test_it_needs_no_identity_and_is_shown_by_git_log(repository: Path) -> None:
    upsert(notes(repository), TEXT)
    assert "one change" in git(repository, "log", "--notes=longshore-review")
    assert git(repository, "log", "-1", "--format=%an", REF) == "longshore"


def test_nothing_to_say_makes_no_note(repository: Path) -> None:
    assert upsert(notes(repository), TEXT, silent=True) is Outcome.SILENT
    with pytest.raises(subprocess.CalledProcessError):
        note(repository)


def test_many_writers_at_once_leave_one_whole_note(repository: Path) -> None:
    texts = [Text("shop", f"report {number}\n") for number in range(6)]
    errors: list[BaseException] = []

    def write(text: Text) -> None:
        try:
            upsert(notes(repository), text)
        except ReviewError as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(text,)) for text in texts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not errors
    assert Text.parse(note(repository) + "\n") in texts


def test_a_note_can_be_removed_twice(repository: Path) -> None:
    thread = notes(repository)
    thread.create(TEXT)
    thread.delete(0)
    thread.delete(0)
    assert thread.comments("shop") == []


@pytest.mark.parametrize("commit", ["nonsense", "--help", "HEAD:file"])
def test_what_is_no_commit_is_refused(repository: Path, commit: str) -> None:
    with pytest.raises(ReviewError, match="is not in this repository"):
        GitNotes(repository, commit, Clock())


def test_outside_a_repository_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match="is not in this repository"):
        GitNotes(tmp_path, "HEAD", Clock())


def test_a_repository_that_can_not_be_written_is_told(repository: Path) -> None:
    thread = notes(repository)
    (repository / ".git" / "refs" / "notes").write_text("in the way")
    with pytest.raises(ReviewError, match=r"^note of "):
        thread.create(TEXT)
