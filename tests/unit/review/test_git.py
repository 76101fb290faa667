"""What git is asked, by a repository of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from review.git import Git
from spec.errors import ReviewError
from tests.unit.review.repository import Repository


@pytest.fixture
def git(repository: Repository) -> Git:
    repository.write("stacks/Pulumi.dev.yaml", "config: {}\n")
    repository.write("old.py", "x = 1\n" * 20)
    repository.commit()
    return Git(repository.root)


def test_touched_files_are_those_since_the_two_parted(git: Git, repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "change")
    repository.write("components/new.py", "")
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("others.py", "")
    repository.commit()
    for revisions in ("main..change", "main...change"):
        assert git.touched(revisions) == ("components/new.py",)


def test_a_range_without_an_end_goes_to_what_is_checked_out(git: Git, repository: Repository) -> None:
    repository.write("a b\n.txt", "")
    repository.commit()
    assert git.touched("HEAD~1..") == ("a b\n.txt",)


def test_a_renamed_file_counts_under_both_names(git: Git, repository: Repository) -> None:
    repository.git("mv", "old.py", "new.py")
    repository.commit()
    assert git.touched("HEAD~1..HEAD") == ("new.py", "old.py")


@pytest.mark.usefixtures("git")
def test_paths_are_relative_to_a_project_below_the_top(repository: Repository) -> None:
    repository.write("infra/stacks/Pulumi.dev.yaml", "inner: 1\n")
    commit = repository.commit()
    below = Git(repository.root / "infra")
    assert below.touched("HEAD~1..HEAD") == ("stacks/Pulumi.dev.yaml",)
    assert below.file(commit, "stacks/Pulumi.dev.yaml") == "inner: 1\n"
    with below.checkout(commit) as project:
        assert (project / "stacks/Pulumi.dev.yaml").read_text() == "inner: 1\n"


def test_a_file_as_it_was(git: Git, repository: Repository) -> None:
    repository.write("stacks/Pulumi.dev.yaml", "config: {a: 1}\n")
    assert git.file("HEAD", "stacks/Pulumi.dev.yaml") == "config: {}\n"
    assert git.file("HEAD", "stacks/Pulumi.other.yaml") is None


@pytest.mark.parametrize("revision", ["no-such", "--output=/tmp/x", ""])
def test_what_is_no_revision_is_refused(git: Git, revision: str) -> None:
    with pytest.raises(ReviewError, match="give a revision"):
        git.file(revision, "old.py")


def test_a_checkout_is_another_folder_and_is_gone_afterwards(git: Git, repository: Repository) -> None:
    repository.write("old.py", "changed")
    (repository.root / ".venv").mkdir()
    with git.checkout("HEAD") as project:
        assert (project / "old.py").read_text().startswith("x = 1")
        assert (project / ".venv").resolve() == repository.root / ".venv"
        assert not (project / ".lab").exists()
    assert not project.exists()
    assert len(repository.git("worktree", "list").splitlines()) == 1
    assert (repository.root / ".venv").exists()
    assert (repository.root / "old.py").read_text() == "changed"


def test_a_checkout_is_gone_after_an_error_too(git: Git, repository: Repository) -> None:
    with pytest.raises(RuntimeError), git.checkout("HEAD") as project:
        raise RuntimeError
    assert not project.exists()
    assert len(repository.git("worktree", "list").splitlines()) == 1


def test_what_is_kept_and_what_differs(git: Git, repository: Repository) -> None:
    assert git.tracks("old.py")
    assert not git.tracks("new.py")
    assert not git.is_dirty()
    repository.write("new.py", "")
    assert git.is_dirty()
    assert git.user() == "Ann"


def test_without_a_repository_there_is_no_head(tmp_path: Path) -> None:
    git = Git(tmp_path)
    assert (git.head(), git.is_dirty(), git.tracks("a")) == ("", False, False)
    with pytest.raises(ReviewError, match="git rev-parse"):
        git.touched("a..b")


def test_without_git_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReviewError, match="is not on PATH"):
        Git(tmp_path).head()
