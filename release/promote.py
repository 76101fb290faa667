"""Promotes a release: a commit that changes one line of each stack file, on a branch that one promotion has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from release import branch, facts, gates, history, lock, log, releases
from release import environments as environments_file
from release.gate import Gate, Step
from release.repository import Repository
from spec.environments import Environment, Environments
from spec.errors import ReleaseError
from spec.promotion import Entry, Override, Promotion
from spec.release import Release

Kind = Literal["promote", "rollback", "hotfix"]
UPSTREAM = ("order", "soak")
"""The gates that a hotfix goes past."""


@dataclass(frozen=True)
class Wish:
    """What is asked for. `past`: gates to go past; `direct`: on the checked-out branch instead of one of its own.

    `again`: although it is promoted already, to approve a new preview of it.
    """

    environment: str
    release: str
    kind: Kind = "promote"
    reason: str = ""
    past: tuple[str, ...] = ()
    direct: bool = False
    again: bool = False


@dataclass(frozen=True)
class Previewed:
    """What the real previews said, by stack. `risk`: the gravest one that nobody acknowledged; empty for none."""

    plans: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    risk: str = ""
    acknowledged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ready:
    """A promotion that may be made: nothing is written yet."""

    wish: Wish
    environment: Environment
    release: Release
    before: Release | None
    base: str
    gates: tuple[Gate, ...]

    def with_risk(self, risk: str) -> Ready:
        """Return it as it is after its previews, whose gravest open risk this is."""
        judged = gates.risk_of(risk, self.environment)
        return replace(self, gates=tuple(judged if each.name == "risk" else each for each in self.gates))


@dataclass(frozen=True)
class Made:
    """A promotion that was made."""

    commit: str
    branch: str
    record: Promotion


def ready(
    repository: Repository, environments: Environments, wish: Wish, now: datetime, more: tuple[Gate, ...] = ()
) -> Ready:
    """Return a promotion that may be made. `more`: further gates of this kind of promotion.

    Raises ReleaseError with everything that stands in its way.
    """
    environment = environments_file.environment(environments, wish.environment)
    release = releases.load(repository.root, wish.release)
    records = log.read(repository.root, wish.environment)
    before = history.promoted(records)
    branch.refuse_unclean(repository, environment, release)
    branch.refuse_open(repository, wish.environment)
    locked = {lock.locked(repository.root, each) for each in environment.all_stacks}
    if locked == {before} == {release.id} and not wish.again:
        fix = "apply it; or, when it was changed past that, approve a new preview: --again"
        raise ReleaseError(f"environment {wish.environment}", f"{before} is promoted to it already", fix)
    found = facts.gathered(repository.root, environments, wish.environment, release.id, now)
    judged = (*gates.gates(found.promoting(wish.kind)), *more)
    kept = [each for each in judged if each.name not in wish.past or (each.name == "freeze" and found.emergency)]
    gates.require(kept, Step.PROMOTE, f"{release.id} for {wish.environment}")
    old = releases.load(repository.root, before) if before else None
    return Ready(wish, environment, release, old, repository.here(), judged)


def make(repository: Repository, plan: Ready, previewed: Previewed, now: datetime) -> Made:
    """Commit a promotion. Raises ReleaseError when another one was faster; then nothing of this one is left."""
    record = _record(repository, plan, previewed, now)
    entries: list[Entry] = [record]
    past = _gone_past(plan)
    if past:
        entries.append(Override(at=now, by=record.by, release=plan.release.id, gates=past, reason=plan.wish.reason))
    with repository.checkout(plan.base) as project:
        paths = lock.lock(project, plan.environment.all_stacks, plan.release.id)
        paths.append(log.append(project, plan.wish.environment, *entries))
        commit = Repository(project).commit_files(paths, _message(plan, record))
    if plan.wish.direct:
        return Made(commit, branch.forwarded(repository, commit, plan.wish.environment), record)
    return Made(commit, branch.claimed(repository, commit, plan.wish.environment), record)


def _gone_past(plan: Ready) -> tuple[str, ...]:
    """Return the gates that are gone past: named, and not passed."""
    return tuple(each.name for each in plan.gates if each.blocks(Step.APPLY) and each.name in plan.wish.past)


def _record(repository: Repository, plan: Ready, previewed: Previewed, now: datetime) -> Promotion:
    return Promotion(
        kind=plan.wish.kind,
        at=now,
        by=repository.author(),
        release=plan.release.id,
        before=plan.before.id if plan.before else None,
        commit=plan.base,
        plans=dict(previewed.plans),
        states=dict(previewed.states),
        risk=previewed.risk,
        acknowledged=previewed.acknowledged,
        reason=plan.wish.reason,
    )


def _message(plan: Ready, record: Promotion) -> str:
    verb = {"promote": "Promote", "rollback": "Roll back to", "hotfix": "Hotfix"}[record.kind]
    lines = [f"{verb} {record.release}: {plan.wish.environment}", ""]
    lines += [f"{plan.wish.reason}\n"] if plan.wish.reason else []
    lines += [f"Before: {record.before or 'none'}"]
    lines += [f"Previewed: {stack} {fingerprint[:16]}" for stack, fingerprint in sorted(record.plans.items())]
    return "\n".join(lines)
