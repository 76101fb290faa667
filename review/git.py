"""What git knows of a change: revisions, touched files, files as they were, and a second checkout beside the first."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spec.errors import ReviewError

SHARED = (".venv", ".lab")
"""What no revision holds and every checkout needs: a second one borrows it from the first."""


class Git:
    """The repository that a project folder lies in."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def commit(self, revision: str) -> str:
        """Return a revision's commit. Raises ReviewError when there is none."""
        return self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()

    def head(self) -> str:
        """Return the commit that is checked out; empty where there is no repository or no commit yet."""
        done = self._run("rev-parse", "--verify", "--quiet", "HEAD")
        return done.stdout.strip() if done.returncode == 0 else ""

    def is_dirty(self) -> bool:
        """Say whether anything differs from the commit that is checked out."""
        done = self._run("status", "--porcelain", "--", ".")
        return done.returncode == 0 and bool(done.stdout.strip())

    def touched(self, revisions: str) -> tuple[str, ...]:
        """Return the files, relative to the project, that `BASE..HEAD` touches; a renamed one by both names."""
        base, _, head = revisions.partition("...") if "..." in revisions else revisions.partition("..")
        # Compared with where they parted: what others merged into the base meanwhile is not this change.
        between = f"{self.commit(base)}...{self.commit(head or 'HEAD')}"
        return tuple(
            filter(None, self._ask("diff", "--name-only", "--no-renames", "--relative", "-z", between).split("\0"))
        )

    def file(self, revision: str, path: str) -> str | None:
        """Return a file, by its path in the project, as it was; None when it wasn't there."""
        done = self._run("show", f"{self.commit(revision)}:./{path}")
        return done.stdout if done.returncode == 0 else None

    def tracks(self, path: str) -> bool:
        """Say whether a file of the project is one that git keeps."""
        return self._run("ls-files", "--error-unmatch", "--", path).returncode == 0

    def user(self) -> str:
        """Return who commits here, by name; empty when git wasn't told."""
        return self._run("config", "user.name").stdout.strip()

    @contextmanager
    def checkout(self, revision: str) -> Iterator[Path]:
        """Check a revision out in a folder of its own for a while, and return the project in it."""
        commit, inside = self.commit(revision), self._ask("rev-parse", "--show-prefix").strip()
        folder = Path(tempfile.mkdtemp(prefix="longshore-base-"))
        try:
            self._ask("worktree", "add", "--detach", "--quiet", str(folder / "tree"), commit)
            project = folder / "tree" / inside
            for name in SHARED:
                if (self.root / name).exists() and not (project / name).exists():
                    (project / name).symlink_to((self.root / name).resolve())
            yield project
        finally:
            self._run("worktree", "remove", "--force", str(folder / "tree"))
            shutil.rmtree(folder, ignore_errors=True)

    def _ask(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode:
            found = done.stderr.strip() or "not found"
            raise ReviewError(f"git {' '.join(arguments)}", found, "give a revision that this repository has")
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        try:
            command = ["git", *arguments]
            return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            raise ReviewError("git", "is not on PATH", "install it, or name the stacks: `-s STACK`") from None
