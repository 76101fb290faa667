"""Updates that no promotion asked for: Pulumi's history and state, against the environment's log. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from review.model import Frozen
from spec.promotion import Application, OutOfBand, Record

SLACK = timedelta(seconds=2)
"""How far apart Pulumi's clock, which tells whole seconds, and the log's may be."""


class Update(Frozen):
    """One entry of `pulumi stack history`. `id`: its end, in seconds of the epoch, as records name it."""

    id: str
    kind: str
    start: datetime
    end: datetime
    result: str
    message: str = ""
    author: str = ""


class Finding(Frozen):
    """Something that the log doesn't explain. `update`: empty when it is the state itself."""

    stack: str
    what: str
    when: datetime | None = None
    update: str = ""
    author: str = ""
    message: str = ""


def updates(history: Iterable[Mapping[str, Any]]) -> tuple[Update, ...]:
    """Return what `pulumi stack history --json` printed, oldest first, without one that still runs: it has no end."""
    found = [_update(each) for each in history if each.get("endTime")]
    return tuple(sorted(found, key=lambda each: each.end))


def audited(stack: str, history: Sequence[Update], records: Sequence[Record], state: str) -> tuple[Finding, ...]:
    """Return what happened to a stack beside its promotions, since the first one was applied. `state`: as it is now."""
    own = [each for each in records if isinstance(each, Application) and each.stack == stack]
    if not own:
        return ()
    accepted = {each.update for each in records if isinstance(each, OutOfBand) and each.stack == stack}
    strange = [each for each in history if each.start >= own[0].at - SLACK and not _is_own(each, own)]
    open_ = [each for each in strange if each.id not in accepted]
    found = [_finding(stack, each) for each in open_]
    return (*found, *_state(stack, own, strange, state))


def _is_own(update: Update, own: Sequence[Application]) -> bool:
    """Say whether an update is one of an apply's: it ended when one did, or ran while one did."""
    if any(each.update == update.id for each in own):
        return True
    return any(_spans(start, end, update) for start, end in _runs(own))


def _runs(own: Sequence[Application]) -> Iterator[tuple[Application, Application | None]]:
    """Yield each apply's beginning and end; None when nobody was left to tell of its end."""
    for index, each in enumerate(own):
        if each.result == "begun":
            after = own[index + 1] if index + 1 < len(own) else None
            yield each, after if after and after.result != "begun" else None


def _spans(start: Application, end: Application | None, update: Update) -> bool:
    if update.start < start.at - SLACK:
        return False
    if end is not None:
        return update.end <= end.at + SLACK
    return update.message == f"release {start.release}"


def _state(stack: str, own: Sequence[Application], strange: Sequence[Update], state: str) -> Iterator[Finding]:
    """Yield the state itself when it isn't what the last apply left, and no update tells why."""
    last = own[-1]
    if last.state and last.state != state and not any(each.end >= last.at - SLACK for each in strange):
        what = "the state is not what the last apply left, and no update tells why: it was edited, or brought back"
        yield Finding(stack=stack, what=what, when=last.at)


def _finding(stack: str, update: Update) -> Finding:
    what = f"{update.kind} that no promotion asked for: {update.result}"
    return Finding(
        stack=stack, what=what, when=update.end, update=update.id, author=update.author, message=update.message
    )


def _update(entry: Mapping[str, Any]) -> Update:
    around = entry.get("environment") or {}
    end = _time(entry["endTime"])
    return Update(
        id=str(int(end.timestamp())),
        kind=str(entry.get("kind") or "update"),
        start=_time(entry["startTime"]),
        end=end,
        result=str(entry.get("result") or ""),
        message=str(entry.get("message") or ""),
        author=str(around.get("git.author") or around.get("git.committer") or ""),
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
