"""The branch of an environment's open promotion: one wins, the other is told."""

from __future__ import annotations

from release import environments as environments_file
from release import history, lock, log
from release.repository import Repository
from spec.environments import Environment
from spec.errors import ReleaseError
from spec.promotion import environment_file
from spec.release import Release


def branch_of(environment: str) -> str:
    """Return the branch of an environment's open promotion."""
    return f"promote/{environment}"


def forwarded(repository: Repository, commit: str, environment: str) -> str:
    """Move the checked-out branch to a promotion, and return it. Raises ReleaseError when it has moved on meanwhile."""
    name = repository.branch()
    if not repository.forward(commit):
        found = f"{name} has moved on since the promotion began, or its files were changed"
        raise ReleaseError(f"environment {environment}", found, "look at what is new, then promote again")
    return name


def claimed(repository: Repository, commit: str, environment: str) -> str:
    """Make a promotion the environment's open one, and return its branch: git compares and sets it in one step.

    Raises ReleaseError when somebody else was faster, saying who.
    """
    name = branch_of(environment)
    if not repository.claim(name, commit, repository.tip(name) if _is_done(repository, name) else None):
        refuse_open(repository, environment)
        raise ReleaseError(f"branch {name}", "somebody else promoted at the same time", "promote again after theirs")
    return name


def published(repository: Repository, made: str, commit: str, remote: str) -> None:
    """Push a promotion's branch. Raises ReleaseError when that is refused; then the branch isn't here either."""
    refused = repository.push(remote, made)
    if refused:
        repository.drop(made, commit)
        fix = f"`git fetch {remote} {made}`, and look: another promotion is open there, or the remote can't be reached"
        raise ReleaseError(f"push of {made} to {remote}", refused, fix)


def _is_done(repository: Repository, branch: str) -> bool:
    tip = repository.tip(branch)
    return tip is not None and repository.contains(tip)


def refuse_open(repository: Repository, environment: str) -> None:
    """Raise ReleaseError while another promotion to the environment is open: one wins, the other is told."""
    branch = branch_of(environment)
    tip = repository.tip(branch)
    if tip is None or repository.contains(tip):
        return
    text = repository.file(tip, environment_file(environment)) or ""
    last = history.promotion(log.parse(text, f"{branch}: {environment_file(environment)}"))
    who = f"{last.by} promotes {last.release} since {last.at:%Y-%m-%d %H:%M} UTC" if last else "it is in use"
    fix = f"merge it, or give it up: `git branch -D {branch}`; then promote again"
    raise ReleaseError(f"branch {branch}", f"another promotion to {environment} is open: {who}", fix)


def refuse_unclean(repository: Repository, environment: Environment, release: Release) -> None:
    """What is previewed has to be what is committed: program, stack files, release and log."""
    paths = [lock.file_of(stack) for stack in environment.all_stacks]
    unknown = [path for path in (*paths, f"stacks/{release.file}") if not repository.tracks(path)]
    if unknown:
        raise ReleaseError(unknown[0], "is not in git", "commit it: a promotion is a commit that changes it")
    changed = [*repository.program_is_dirty(), *repository.changed((*paths, "stacks/releases"))]
    changed += repository.changed(("stacks/promotions", environments_file.FILE))
    if changed:
        raise ReleaseError(changed[0], "is not committed", "commit it first: what is previewed is what is committed")
