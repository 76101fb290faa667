"""The branch of an environment's open promotion: one wins, the other is told."""

from __future__ import annotations

from release import environments as environments_file
from release import history, lock, log
from release.repository import Repository
from spec.environments import Environment
from spec.errors import ReleaseError
from spec.promotion import Promotion, environment_file
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
    tip = repository.tip(name)  # read once: what is judged is what is replaced
    is_free = tip is None or _is_merged(repository, environment, tip)
    if not is_free or not repository.claim(name, commit, tip):
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


def refuse_open(repository: Repository, environment: str) -> None:
    """Raise ReleaseError while another promotion to the environment is open: one wins, the other is told."""
    tip = repository.tip(branch_of(environment))
    if tip is None or _is_merged(repository, environment, tip):
        return
    last = _promotion(repository, environment, tip)
    who = f"{last.by} promotes {last.release} since {last.at:%Y-%m-%d %H:%M} UTC" if last else "it is in use"
    name = branch_of(environment)
    fix = f"merge it, or give it up: `git branch -D {name}`; then promote again"
    raise ReleaseError(f"branch {name}", f"another promotion to {environment} is open: {who}", fix)


def _is_merged(repository: Repository, environment: str, tip: str) -> bool:
    """Say whether a promotion's branch is part of what is checked out, as it is or squashed: its line is in the log."""
    if repository.contains(tip):
        return True
    last = _promotion(repository, environment, tip)
    return last is not None and last in log.read(repository.root, environment)


def _promotion(repository: Repository, environment: str, tip: str) -> Promotion | None:
    path = environment_file(environment)
    return history.promotion(log.parse(repository.file(tip, path) or "", f"{branch_of(environment)}: {path}"))


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
