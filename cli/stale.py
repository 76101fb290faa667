"""`longshore review stale`: says on the pull request that its report is of an earlier commit."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from cli.publish import Commit, Key, Place, PullRequest, project, thread_of
from cli.root import ROOT
from review.git import Git
from review.publish.stale import mark
from review.redact import Redactor


def stale(
    to: Annotated[Place, typer.Option(help="Where the report is.")],
    pr: PullRequest = None,
    key: Key = "",
    commit: Commit = "HEAD",
) -> None:
    """Mark a published report as one of an earlier commit, before the next review begins; none begins by it."""
    tokens = [os.environ[name] for name in ("GITHUB_TOKEN", "GITLAB_TOKEN") if os.environ.get(name)]
    thread, _ = thread_of(to, pr, commit)
    outcome = mark(thread, key or project(), Git(ROOT).commit(commit), Redactor(tokens).verify)
    typer.echo(f"{to.value}: {outcome.value}")
