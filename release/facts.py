"""What is known when a gate is judged, and how it is gathered."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from release import history, log, releases
from release.repository import Repository
from spec.environments import Environment, Environments
from spec.promotion import Override, Promotion, Record

SEVERITIES = ("note", "warn", "ack", "block")
EMERGENCY = "LONGSHORE_FREEZE"
"""The variable that stops everything: its value is the reason."""


@dataclass(frozen=True)
class Facts:
    """What is known. `logs`: of every environment; `program`: files that differ from the release's commit.

    `risk`: the gravest risk of a fresh preview that nobody acknowledged (a word of `SEVERITIES`, empty for none);
    None when nothing was previewed. `emergency`: the reason that LONGSHORE_FREEZE gives.
    """

    environments: Environments
    name: str
    release: str
    logs: Mapping[str, Sequence[Record]]
    now: datetime
    program: tuple[str, ...] = ()
    risk: str | None = None
    emergency: str = ""
    goes_back: bool = False

    @property
    def environment(self) -> Environment:
        """The environment itself."""
        return self.environments.environments[self.name]

    @property
    def records(self) -> Sequence[Record]:
        """Its log."""
        return self.logs.get(self.name, ())

    def promoting(self, kind: str) -> Facts:
        """Return what is known when a promotion of a kind is about to be made: earlier overrides don't count."""
        since = [each for each in self.records if not isinstance(each, Override)]
        return replace(self, goes_back=kind == "rollback", logs={**self.logs, self.name: since})


def gathered(
    root: Path, environments: Environments, name: str, release: str, now: datetime, risk: str | None = None
) -> Facts:
    """Read what is known about a release on its way to an environment. Raises ReleaseError for a log or release."""
    logs = {each: log.read(root, each) for each in environments.environments}
    last = history.promotion(logs[name])
    return Facts(
        environments,
        name,
        release,
        logs,
        now,
        program=Repository(root).program_changes(releases.load(root, release).commit),
        risk=risk,
        emergency=os.environ.get(EMERGENCY, ""),
        goes_back=_goes_back(last, release),
    )


def _goes_back(last: Promotion | None, release: str) -> bool:
    return last is not None and last.release == release and last.kind == "rollback"
