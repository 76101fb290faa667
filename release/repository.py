"""What a promotion does to git: commits of a few files, and branches that only one promotion can have."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from review.git import Git
from spec.errors import ReleaseError

NOWHERE = "0" * 40
"""What git calls the commit of a branch that doesn't exist."""
NOT_PROGRAM = (":(exclude)stacks", ":(exclude)docs", ":(exclude)tests", ":(exclude)*.md")
"""What changes nothing that runs, beside the stack files, which each environment has for itself."""
SOURCES = ("*.py", "*.yaml", "*.yml")
"""What a file that git doesn't know yet has to be called to count as a part of the program."""
NOT_CHANGES = (":(exclude)stacks/promotions", ":(exclude)stacks/releases")
"""What is written down about changes, and is none itself."""


class Repository(Git):
    """The repository of a project, written to as well."""

    def branch(self) -> str:
        """Return the branch that is checked out. Raises ReleaseError when none is."""
        done = self._run("symbolic-ref", "--quiet", "--short", "HEAD")
        if done.returncode:
            raise ReleaseError("git", "no branch is checked out", "check one out: `git switch BRANCH`")
        return done.stdout.strip()

    def here(self) -> str:
        """Return the commit that is checked out. Raises ReleaseError when there is none."""
        found = self.head()
        if not found:
            raise ReleaseError("git", "this is no repository, or has no commit yet", "`git init`, and commit")
        return found

    def tip(self, branch: str) -> str | None:
        """Return a branch's newest commit; None when there is no such branch."""
        done = self._run("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}")
        return done.stdout.strip() if done.returncode == 0 else None

    def has(self, commit: str) -> bool:
        """Say whether a commit is in this repository at all."""
        return self._run("cat-file", "-e", f"{commit}^{{commit}}").returncode == 0

    def contains(self, commit: str, revision: str = "HEAD") -> bool:
        """Say whether a commit is part of a revision's history."""
        return self._run("merge-base", "--is-ancestor", commit, revision).returncode == 0

    def changed(self, paths: Sequence[str] = (".",)) -> tuple[str, ...]:
        """Return the files among `paths` that differ from the checked-out commit, new ones included."""
        told = self._told("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", *paths)
        return tuple(each[3:] for each in told.split("\0") if each)

    def program_is_dirty(self) -> tuple[str, ...]:
        """Return the program's files that aren't as committed, new ones among them; reports are no program."""
        tracked = self._told("diff", "--name-only", "--no-renames", "--relative", "-z", "HEAD", "--", ".", *NOT_PROGRAM)
        new = self._told("ls-files", "--others", "--exclude-standard", "-z", "--", *SOURCES, *NOT_PROGRAM)
        return tuple(filter(None, (tracked + new).split("\0")))

    def program_changes(self, commit: str) -> tuple[str, ...]:
        """Return the program's files, as they lie there now, that differ from those of a commit."""
        if not self.has(commit):
            return (f"(commit {commit[:12]} is not in this repository)",)
        told = self._told("diff", "--name-only", "--no-renames", "--relative", "-z", commit, "--", ".", *NOT_PROGRAM)
        return tuple(filter(None, told.split("\0")))

    def subjects(self, since: str | None, limit: int = 50) -> tuple[str, ...]:
        """Return the subjects of the newest commits since a commit, newest first; of all commits without one."""
        revisions = f"{since}..HEAD" if since and self.contains(since) else "HEAD"
        return self._subjects(revisions, limit)

    def between(self, one: str, other: str, limit: int = 50) -> tuple[str, ...]:
        """Return the subjects of the commits that `other` has and `one` hasn't, newest first."""
        return self._subjects(f"{one}..{other}", limit)

    def author(self) -> str:
        """Return who commits here. Raises ReleaseError when git wasn't told: every record has a name."""
        found = self.user()
        if not found:
            raise ReleaseError("git", "doesn't know who you are", "`git config user.name …`, and user.email")
        return found

    def commit_files(self, paths: Sequence[str], message: str) -> str:
        """Commit these files and nothing else on what is checked out here, and return the commit."""
        self._told("add", "--force", "--", *paths)
        self._told("commit", "--quiet", "--only", "--message", message, "--", *paths)
        return self.here()

    def claim(self, branch: str, commit: str, before: str | None) -> bool:
        """Point a branch at a commit if it still is at `before` (None: if there is none); say whether it was."""
        done = self._run("update-ref", f"refs/heads/{branch}", commit, before or NOWHERE)
        return done.returncode == 0

    def drop(self, branch: str, commit: str) -> None:
        """Remove a branch if it still is at a commit."""
        self._run("update-ref", "-d", f"refs/heads/{branch}", commit)

    def forward(self, commit: str) -> bool:
        """Move the checked-out branch and its files forward to a commit; say whether that was possible."""
        return self._run("merge", "--ff-only", "--quiet", commit).returncode == 0

    def push(self, remote: str, branch: str) -> str:
        """Push a branch that is new there, or follows what is there; return what git said if it refused."""
        done = self._run("push", "--quiet", remote, f"refs/heads/{branch}:refs/heads/{branch}")
        return done.stderr.strip() if done.returncode else ""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes that write this repository's records waiting."""
        folder = self.root / self._told("rev-parse", "--git-common-dir").strip()
        with (folder / "longshore.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _subjects(self, revisions: str, limit: int) -> tuple[str, ...]:
        told = self._told("log", "--format=%s", f"--max-count={limit}", revisions, "--", ".", *NOT_CHANGES)
        return tuple(filter(None, told.split("\n")))

    def _told(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode:
            found = (done.stderr.strip() or done.stdout.strip())[-600:]
            raise ReleaseError(f"git {arguments[0]}", found or "failed", "mend that in git, then try again")
        return done.stdout
