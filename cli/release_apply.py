"""`longshore release apply` and `verify`: what was promoted is made so, and looked at."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.console import console
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

Name = Annotated[str, typer.Argument(metavar="ENVIRONMENT", help="The environment.")]
Gone = Annotated[str, typer.Option("--override", metavar="GATE,…", help="Go past these gates; needs a reason.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is logged.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON, for machines.")]


def apply(name: Name, override: Gone = "", reason: Reason = "") -> None:
    """Make an environment what its promotion says, then verify it; run it again to go on after a failure.

    Exit code: 0 applied and verified, 41 not what was approved any more, 7 anything else.
    """
    declared = environments.load(ROOT)
    environment = environments.environment(declared, name)
    with alone():
        now, world = standing(name, log.read(ROOT, name)), ReleaseWorld(name)
        release = promoted(name, environment, now)
        if override:
            world.record(_override(world, release, override, reason))
        _require(declared, name, release, now)
        Apply(name, environment, release, now, world).run()
    typer.echo(f"{name}: {release.id} is applied and verified")


def verify(name: Name, as_json: Json = False) -> None:
    """Check that an environment's release works there, and record the result: a verified one may go on.

    Exit code: 0 verified, 7 not.
    """
    environment = environments.environment(environments.load(ROOT), name)
    with alone():
        now, world = standing(name, log.read(ROOT, name)), ReleaseWorld(name)
        release = promoted(name, environment, now)
        _require_applied(name, environment, now)
        found = world.verify(environment, environment.all_stacks, release)
        made = verification(release, found, world.now(), world.user())
        world.record(made)
    if as_json:
        typer.echo(made.model_dump_json(indent=2))
    else:
        show(found)
    if not holds(found):
        raise unverified(name, release, found)


def show(found: tuple[Check, ...]) -> None:
    """Print checks, one a line."""
    for each in found:
        console().print(f"{'✓' if each.ok else '✗'} {each.name}: {each.found}", markup=False, highlight=False)


def promoted(name: str, environment: Environment, now: Standing) -> Release:
    """Return the release that was promoted. Raises ReleaseError when a stack file names another one."""
    release = releases.load(ROOT, now.promotion.release)
    for stack in environment.all_stacks:
        named = lock.locked(ROOT, stack)
        if named != release.id:
            found = f"names {named or 'no release'}, and {release.id} was promoted to {name}"
            raise ReleaseError(lock.file_of(stack), found, "check out the promotion as it was merged")
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
    if not reason:
        raise ReleaseError("--override", "goes past a gate without saying why", "add --reason")
    passed = tuple(filter(None, named.split(",")))
    return Override(at=world.now(), by=world.user(), release=release.id, gates=passed, reason=reason)


def _require(declared: Environments, name: str, release: Release, now: Standing) -> None:
    """Raise ReleaseError when a gate is shut. The risk is the approved preview's: no other one is applied."""
    known = facts.gathered(ROOT, declared, name, release.id, datetime.now(UTC), risk=now.promotion.risk)
    gates.require(gates.gates(known), Step.APPLY, f"environment {name}")


def _require_applied(name: str, environment: Environment, now: Standing) -> None:
    for stack in environment.all_stacks:
        last = now.last(stack)
        if last is None or last.result != "succeeded":
            found = f"{now.promotion.release} is not applied to {stack}"
            raise ReleaseError(f"environment {name}", found, f"apply it: `longshore release apply {name}`")
