"""Records are committed one writer after another, each alone in its commit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from release.record import record
from release.repository import Repository
from spec.errors import ReleaseError
from spec.promotion import FreezeOn
from tests.releases import NOON
from tests.unit.release.project import Project, log_file


def on(reason: str) -> FreezeOn:
    return FreezeOn(at=NOON, by="Ada", reason=reason)


def test_writers_at_once_lose_nothing_and_break_no_chain(project: Project) -> None:
    reasons = [f"reason {number}" for number in range(6)]

    def write(reason: str) -> str:
        return record(Repository(project.root), "dev", f"Freeze: {reason}", on(reason))

    with ThreadPoolExecutor(max_workers=6) as pool:
        commits = list(pool.map(write, reasons))
    written = [each.reason for each in project.log("dev") if isinstance(each, FreezeOn)]
    assert sorted(written) == reasons
    assert len(set(commits)) == 6
    assert project.git("rev-list", "--count", "HEAD") == "7"


def test_what_else_was_changed_or_staged_stays_as_it_was(project: Project) -> None:
    project.write("__main__.py", "changed")
    project.write("staged.py", "new")
    project.git("add", "staged.py")
    record(project.committed, "dev", "Freeze", on("x"))
    assert project.git("show", "--name-only", "--format=").split() == [log_file("dev")]
    assert set(project.git("status", "--porcelain").split("\n")) == {"M __main__.py", "A  staged.py"}


def test_a_damaged_log_is_not_written_to(project: Project) -> None:
    record(project.committed, "dev", "Freeze", on("x"))
    file = project.root / log_file("dev")
    file.write_text(file.read_text().replace("Ada", "Eve") + file.read_text())
    before = file.read_text()
    with pytest.raises(ReleaseError, match="something was changed"):
        record(project.committed, "dev", "Freeze", on("y"))
    assert file.read_text() == before


def test_outside_of_a_repository_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no repository"):
        Repository(tmp_path).here()
