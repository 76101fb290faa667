"""Writes records down: appended to an environment's log and committed, one writer after another."""

from __future__ import annotations

from pathlib import Path

from release import log
from release.repository import Repository
from spec.promotion import Entry, environment_file


def record(repository: Repository, environment: str, message: str, *records: Entry) -> str:
    """Append records to an environment's log, commit only that file on the branch here, and return the commit.

    Raises ReleaseError for a log that was changed, and when git refuses; then the log is as it was.
    """
    with repository.alone():
        file = Path(repository.root) / environment_file(environment)
        before = file.read_bytes() if file.exists() else None
        path = log.append(repository.root, environment, *records)
        try:
            return repository.commit_files([path], message)
        except BaseException:
            _put_back(file, before)
            raise


def _put_back(file: Path, before: bytes | None) -> None:
    if before is None:
        file.unlink(missing_ok=True)
    else:
        file.write_bytes(before)
