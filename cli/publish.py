"""`longshore review publish`: one comment on the pull request, updated in place."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from ruamel.yaml import YAML

from cli.root import ROOT
from review.gate import Verdict
from review.publish.comment import Order
from review.publish.github import GitHub
from review.publish.gitlab import GitLab
from review.publish.notes import GitNotes
from review.publish.place import needed
from review.publish.publish import publish as put
from review.publish.wait import Clock
from review.redact import Redactor
from review.report.dialect import DIALECTS, GITHUB_SUMMARY
from review.report.load import load
from review.report.plan import fit

CLOCK = Clock()


PullRequest = Annotated[int | None, typer.Option(help="The pull or merge request; by default the pipeline's own.")]
Key = Annotated[str, typer.Option(help="One comment for each key; by default the project's name.")]
Commit = Annotated[str, typer.Option(help="The commit a git note is put on.")]


class Place(StrEnum):
    """Where a report can go."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GIT_NOTES = "git-notes"


def publish(
    files: Annotated[
        list[Path], typer.Argument(help="What `review run --output` wrote: a directory, models or reports.")
    ],
    to: Annotated[Place, typer.Option(help="Where to.")],
    pr: PullRequest = None,
    key: Key = "",
    commit: Commit = "HEAD",
    status: Annotated[bool, typer.Option("--status", help="Set the commit's status as well.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Write GitHub's step summary as well.")] = False,
    mask_env: Annotated[list[str] | None, typer.Option(help="A variable whose value must not be shown.")] = None,
) -> None:
    """Put a report on the pull request: one comment, updated in place. The token is in GITHUB_TOKEN or GITLAB_TOKEN."""
    review = load(files)
    tokens = [os.environ[name] for name in ("GITHUB_TOKEN", "GITLAB_TOKEN") if os.environ.get(name)]
    redactor = Redactor([*tokens, *(needed(os.environ, name, "what must not be shown") for name in mask_env or [])])
    thread, order = thread_of(to, pr, commit)
    dialect = DIALECTS["plain" if to is Place.GIT_NOTES else to.value]
    key = key or review.project or project()
    outcome = put(review, thread, dialect, redactor.verify, key, order)
    if summary:
        with Path(needed(os.environ, "GITHUB_STEP_SUMMARY", "a file")).open("a") as stream:
            stream.write(redactor.verify(fit(review, GITHUB_SUMMARY)))
    if status and not isinstance(thread, GitNotes):
        thread.status(f"longshore review ({key})", review.verdict <= Verdict.OK, review.headline())
    typer.echo(f"{to.value}: {outcome.value}")


def thread_of(to: Place, pr: int | None, commit: str) -> tuple[GitHub | GitLab | GitNotes, Order]:
    """Return where the comments are, and which run of the pipeline this is. Raises ReviewError for what is not set."""
    if to is Place.GITHUB:
        return GitHub.of(os.environ, pr, CLOCK), GitHub.order(os.environ)
    if to is Place.GITLAB:
        return GitLab.of(os.environ, pr, CLOCK), GitLab.order(os.environ)
    return GitNotes(Path.cwd(), commit, CLOCK), ()


def project() -> str:
    """Return the project's name: a report on no stack doesn't know it, and has to find the comment all the same."""
    return str(YAML(typ="safe").load(ROOT / "Pulumi.yaml")["name"])
