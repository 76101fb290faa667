"""`longshore release apply` and `verify`: what was promoted is made so, and looked at."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cli.console import console
from cli.release_common import EnvironmentName, Json, Remote, gate_names, now, project, pushed, put, stated
from cli.release_world import ReleaseWorld
from cli.root import ROOT
from release import environments, facts, gates, lock, log, releases
from release.apply import Apply, unverified, verification
from release.gate import Step
from release.standing import Standing, standing
from release.verify import holds
from spec.environments import Environment, Environments
from spec.errors import ReleaseError
from spec.promotion import Check, Override
from spec.release import Release

Gone = Annotated[str, typer.Option("--override", metavar="GATE,…", help="Go past these gates; needs --reason.")]
Why = Annotated[str, typer.Option("--reason", help="Why gates are gone past; it is logged.")]


def apply(
    environment: EnvironmentName, override: Gone = "", reason: Why = "", push: Remote = "", as_json: Json = False
) -> None:
    """Make an environment what its promotion says, then verify it; run it again to go on after a failure.

    Exit code: 0 applied and verified, 41 not what was approved any more, 7 anything else.
    """
    repository, known = project()
    declared = environments.environment(known, environment)
    with alone():
        world, found = (
            ReleaseWorld(environment, repository, aside=as_json),
            standing(environment, log.read(ROOT, environment)),
        )
        release = promoted(environment, declared, found)
        try:
            if override:
                world.record(_override(world, release, override, reason))
            _require(known, environment, release, found)
            Apply(environment, declared, release, found, world).run()
        finally:
            pushed(repository, push)
    if as_json:
        put({"environment": environment, "release": release.id, "verified": True})
    else:
        typer.echo(f"{environment}: {release.id} is applied and verified")


def verify(environment: EnvironmentName, push: Remote = "", as_json: Json = False) -> None:
    """Check that an environment's release works there, and record the result: a verified one may go on.

    Exit code: 0 verified, 7 not.
    """
    repository, known = project()
    declared = environments.environment(known, environment)
    with alone():
        world, found = ReleaseWorld(environment, repository), standing(environment, log.read(ROOT, environment))
        release = promoted(environment, declared, found)
        _require_applied(environment, declared, found)
        checks = world.verify(declared, declared.all_stacks, release)
        made = verification(release, checks, world.now(), world.user())
        world.record(made)
        pushed(repository, push)
    if as_json:
        put(made.model_dump(mode="json"))
    else:
        show(checks)
    if not holds(checks):
        raise unverified(environment, release, checks)


def show(found: tuple[Check, ...]) -> None:
    """Print checks, one a line."""
    for each in found:
        console().print(f"{'✓' if each.ok else '✗'} {each.name}: {each.found}", markup=False, highlight=False)


def promoted(name: str, environment: Environment, found: Standing) -> Release:
    """Return the release that was promoted. Raises ReleaseError when a stack file names another one."""
    release = releases.load(ROOT, found.promotion.release)
    for stack in environment.all_stacks:
        named = lock.locked(ROOT, stack)
        if named != release.id:
            told = f"names {named or 'no release'}, and {release.id} was promoted to {name}"
            raise ReleaseError(lock.file_of(stack), told, "check out the promotion as it was merged")
    return release


@contextmanager
def alone() -> Iterator[None]:
    """Keep a second apply in this folder out. Raises ReleaseError while one runs."""
    with (ROOT / environments.FILE).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReleaseError("release", "another apply or verify runs in this folder", "wait until it ends") from None
        yield


def _override(world: ReleaseWorld, release: Release, named: str, reason: str) -> Override:
    return Override(at=world.now(), by=world.user(), release=release.id, gates=gate_names(named), reason=stated(reason))


def _require(known: Environments, name: str, release: Release, found: Standing) -> None:
    """Raise ReleaseError when a gate is shut. The risk is the approved preview's: no other one is applied."""
    told = facts.gathered(ROOT, known, name, release.id, now(), risk=found.promotion.risk)
    gates.require(gates.gates(told), Step.APPLY, f"environment {name}")


def _require_applied(name: str, environment: Environment, found: Standing) -> None:
    for stack in environment.all_stacks:
        last = found.last(stack)
        if last is None or last.result != "succeeded":
            told = f"{found.promotion.release} is not applied to {stack}"
            raise ReleaseError(f"environment {name}", told, f"apply it: `longshore release apply {name}`")
