"""Plain git: the report as a note of the commit that was reviewed, in `refs/notes/longshore-review`.

`git log --notes=longshore-review` shows it; it travels with `git push origin refs/notes/longshore-review`.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from review.clean import clean
from review.publish.comment import Comment, Text
from review.publish.wait import Clock
from spec.errors import ReviewError

REF = "refs/notes/longshore-review"
AUTHOR = {f"GIT_{who}_{what}": "longshore" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
"""A note is the tool's: a pipeline has no identity of its own."""
TRIES = 20
"""Git locks the ref for each write, and refuses a second writer at once."""


class GitNotes:
    """A thread that holds one comment: the note of a commit."""

    def __init__(self, repository: Path, commit: str, clock: Clock) -> None:
        self._repository = repository
        self._commit = self._git("rev-parse", "--verify", "--end-of-options", f"{commit}^{{commit}}").stdout.strip()
        self._clock = clock
        if not self._commit:
            raise ReviewError(f"commit {commit}", "is not in this repository", "name another one: --commit")

    def comments(self, key: str) -> list[Comment]:
        """Return the note, if there is one of this key."""
        text = self.read(0)
        return [Comment(0, text)] if text and text.key == key else []

    def read(self, comment: int) -> Text | None:  # noqa: ARG002  a commit has one note
        """Return the note as it is now."""
        return Text.parse(self._git("notes", f"--ref={REF}", "show", self._commit).stdout)

    def create(self, text: Text) -> None:
        """Write the note, in place of whatever it was."""
        for _ in range(TRIES):
            done = self._git("notes", f"--ref={REF}", "add", "--force", "--file=-", self._commit, given=text.body)
            if not done.returncode:
                return
            if "lock" not in done.stderr and "cannot update" not in done.stderr.lower():
                break
            self._clock.sleep(0.05 + 0.1 * self._clock.chance())
        raise ReviewError(
            f"note of {self._commit[:12]}", " ".join(clean(done.stderr).split())[:300], "check the repository"
        )

    def update(self, comment: int, text: Text) -> None:  # noqa: ARG002  a commit has one note
        """Replace the note."""
        self.create(text)

    def delete(self, comment: int) -> None:  # noqa: ARG002  a commit has one note
        """Remove the note; one that is gone already is fine."""
        self._git("notes", f"--ref={REF}", "remove", "--ignore-missing", self._commit)

    def _git(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = ["git", "-C", str(self._repository), *arguments]
        environment = {**os.environ, **AUTHOR}
        return subprocess.run(command, input=given, capture_output=True, text=True, env=environment, check=False)
