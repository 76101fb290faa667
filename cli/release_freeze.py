"""`longshore release freeze|unfreeze|approve`: who says stop, go on, and yes; a commit each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.release_common import EnvironmentName, Json, Reason, Remote, chosen, now, project, pushed, put, stated
from cli.root import ROOT
from release import history, log
from release.record import record
from spec.errors import ReleaseError
from spec.promotion import Approval, Entry, FreezeOff, FreezeOn

Which = Annotated[str | None, typer.Argument(metavar="[ENVIRONMENT]", help="By default all of them.")]
Until = Annotated[str, typer.Option(metavar="TIME", help="When it ends by itself, such as 2026-12-31T08:00+01:00.")]


def freeze(
    reason: Reason, environment: Which = None, until: Until = "", push: Remote = "", as_json: Json = False
) -> None:
    """Let no release through to an environment, until a time or `unfreeze`. Commits a line of its log."""
    repository, known = project()
    end = _moment(until)
    entry = FreezeOn(at=now(), by=repository.author(), reason=stated(reason), until=end)
    for name in chosen(known, environment):
        record(repository, name, f"Freeze {name}: {entry.reason}", entry)
        _tell(as_json, f"{name} is frozen{f' until {end.isoformat()}' if end else ''}", name, entry)
    pushed(repository, push)


def unfreeze(reason: Reason, environment: Which = None, push: Remote = "", as_json: Json = False) -> None:
    """Let releases through again. Commits a line of each log that was frozen."""
    repository, known = project()
    entry = FreezeOff(at=now(), by=repository.author(), reason=stated(reason))
    frozen = [name for name in chosen(known, environment) if history.freeze(log.read(ROOT, name), entry.at)]
    if not frozen:
        fix = "a planned freeze is in stacks/environments.yaml: change it there"
        raise ReleaseError(environment or "environments", "nobody froze it by `longshore release freeze`", fix)
    for name in frozen:
        record(repository, name, f"Unfreeze {name}: {entry.reason}", entry)
        _tell(as_json, f"{name} is open again", name, entry)
    pushed(repository, push)


def approve(environment: EnvironmentName, reason: Reason = "", push: Remote = "", as_json: Json = False) -> None:
    """Agree to the promotion that is checked out: a line of the environment's log, in a commit of your own."""
    repository, known = project()
    chosen(known, environment)
    promotion = history.promotion(log.read(ROOT, environment))
    if promotion is None:
        raise ReleaseError(environment, "nothing was promoted to it", f"`git switch promote/{environment}`")
    who = repository.author()
    if who == promotion.by:
        raise ReleaseError(environment, f"{who} promoted {promotion.release}", "somebody else has to agree")
    entry = Approval(at=now(), by=who, release=promotion.release, reason=reason)
    record(repository, environment, f"Approve {promotion.release} for {environment}", entry)
    _tell(as_json, f"{who} agrees to {promotion.release} in {environment}", environment, entry)
    pushed(repository, push)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ReleaseError("--until", f"{text} is no time", "write it as 2026-12-31T08:00+01:00") from None
    if found.tzinfo is None:
        raise ReleaseError("--until", f"{text} has no time zone", f"write it as {text}+01:00, or {text}Z for UTC")
    if found <= now():
        raise ReleaseError("--until", f"{text} is over", "give a time to come")
    return found.astimezone(UTC)


def _tell(as_json: bool, text: str, environment: str, entry: Entry) -> None:
    if as_json:
        put({"environment": environment, **entry.model_dump(mode="json", exclude={"previous"})})
    else:
        typer.echo(text)
