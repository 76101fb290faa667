"""The world behind `longshore release apply` and `verify`: Pulumi, the Swarm, git and the environment's log."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TextIO

import typer

from cli import pulumi, review_run
from cli.recover import recover, unsettled
from cli.release_common import now
from cli.revive import revive
from cli.roll import live_cluster
from cli.root import ROOT, stack_file
from providers.swarm.clock import Clock
from release.apply import Result
from release.record import record
from release.repository import Repository
from release.state import fingerprint, generations
from release.verify import Live, verified
from release.waves import Waves
from review.model import ChangeModel
from review.preview import Place, preview
from review.redact import Redactor
from spec.environments import Environment
from spec.errors import LongshoreError
from spec.promotion import Application, Check, Entry, Override, Verification
from spec.release import Release
from upkeep.live import LiveCluster
from upkeep.pools import StackFile


class ReleaseWorld:
    """One environment's stacks as they are. `aside`: what Pulumi says goes to standard error."""

    def __init__(self, name: str, repository: Repository, aside: bool = False) -> None:
        self.name, self.repository = name, repository
        self.out = sys.stderr if aside else None
        self.swarms = Live(lambda stack: pulumi.outputs(stack).get("cluster", {}), Clock())
        self.packs = tuple(str(ROOT / pack) for pack in review_run.settings_of(self.repository, "").policy_packs)

    def state(self, stack: str) -> str:
        """Return the fingerprint of a stack's state."""
        return fingerprint(pulumi.deployment(stack))

    def preview(self, stack: str) -> ChangeModel:
        """Preview a stack as it would be updated now."""
        return preview(stack, Place(ROOT, pulumi.environment_of(stack)), self.packs).model(Redactor())

    def update(self, stack: str, release: Release) -> Result:
        """Update a stack, machine by machine where a pool gets a new generation, and wait until it has ended."""
        ended = _Updated(stack, f"release {release.id}", self.out)
        try:
            recover(stack, pulumi.deployment(stack), yes=True)
            deployment = pulumi.deployment(stack)
            revive(stack, deployment, yes=True)
            Waves(StackFile(stack_file(stack)), ended.cluster(), generations(deployment), self.say).run()
            pulumi.tag(stack, "release", release.id)
        except LongshoreError as error:
            typer.echo(f"error: {error}", err=True)
            return "interrupted" if ended.interrupted else "failed"
        return "succeeded"

    def last_update(self, stack: str) -> str:
        """Return what tells the last update in Pulumi's history: its end time, in seconds of the epoch."""
        return pulumi.last_update(stack)

    def verify(self, environment: Environment, stacks: Sequence[str], release: Release) -> tuple[Check, ...]:
        """Check stacks after their update."""
        return verified(environment.verify, tuple(stacks), release, self.swarms)

    def record(self, entry: Entry) -> None:
        """Append to the environment's log, and commit that."""
        record(self.repository, self.name, f"{self.name}: {_told(entry)}", entry)

    def now(self) -> datetime:
        """Return the time."""
        return now()

    def user(self) -> str:
        """Return who does this. Raises ReleaseError when git doesn't know."""
        return self.repository.author()

    def say(self, text: str) -> None:
        """Tell how far it is."""
        typer.echo(text, err=True)


class _Updated:
    """Updates of one stack by Pulumi, and whether somebody pressed Ctrl-C meanwhile."""

    def __init__(self, stack: str, message: str, out: TextIO | None) -> None:
        self.stack, self.message, self.out = stack, message, out
        self.interrupted = False

    def cluster(self) -> LiveCluster:
        """Return the running cluster, updated so."""
        return live_cluster(self.stack, yes=True, update=self.update)

    def update(self) -> bool:
        """Update without another preview. After a failed rollout, what really runs is looked at first."""
        refresh = ["--refresh"] * bool(unsettled(pulumi.deployment(self.stack)))
        flags = ["--yes", "--skip-preview", "--suppress-outputs", "--message", self.message, *refresh]
        return pulumi.run(self.stack, ["up", "--stack", self.stack, *flags], self._interrupt, self.out) == 0

    def _interrupt(self) -> None:
        self.interrupted = True


def _told(entry: Entry) -> str:
    """Return what a commit says of a record."""
    if isinstance(entry, Application):
        return (
            f"the update of {entry.stack} to {entry.release} {'has begun' if entry.result == 'begun' else entry.result}"
        )
    if isinstance(entry, Verification):
        return f"{entry.release} is {'verified' if entry.ok else 'not verified'}"
    if isinstance(entry, Override):
        return f"{', '.join(entry.gates)} overridden: {entry.reason}"
    raise TypeError(entry)
