"""The gates that look at the environments before: is the release verified there, and for long enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from release import history
from release.facts import Facts
from release.gate import Gate, State, Step, passed, waits
from release.words import moment, span
from spec.base import whole_seconds


def order(facts: Facts) -> Gate:
    """Ask that the release is verified in the environments before this one."""
    before, asks_all = facts.environment.after, facts.environment.requires == "all"
    if facts.goes_back or not before:
        return passed("order", "ran here before" if facts.goes_back else "is where releases start", Step.PROMOTE)
    verified = [name for name in before if _is_verified(facts, name)]
    if verified and (not asks_all or len(verified) == len(before)):
        return passed("order", f"verified in {', '.join(verified)}", Step.PROMOTE)
    lacking = [name for name in before if name not in verified]
    told = "; ".join(_unverified(facts, name) for name in lacking)
    fix = _next(facts, lacking[0])
    return Gate(name="order", state=State.FAILED, found=told, fix=fix, step=Step.PROMOTE)


def soak(facts: Facts) -> Gate:
    """Ask that the release was verified for a while in the environments before this one."""
    asked = facts.environment.gates.soak
    before = facts.environment.after
    if facts.goes_back or not asked or not before:
        return passed("soak", "none is asked for", Step.PROMOTE)
    wanted = timedelta(seconds=whole_seconds(asked))
    spent = {name: _soaked(facts, name) for name in before}
    enough = [name for name, time in spent.items() if time >= wanted]
    if len(enough) == len(before) or (enough and facts.environment.requires == "any"):
        return passed("soak", f"{span(min(spent[name] for name in enough))} of {span(wanted)}", Step.PROMOTE)
    return _soaking(facts, wanted, {name: time for name, time in spent.items() if name not in enough})


def _is_verified(facts: Facts, name: str) -> bool:
    """Say whether a release was found good somewhere last, and nobody went back from it since."""
    records = facts.logs.get(name, ())
    last = history.verification(records, facts.release)
    return last is not None and last.ok and history.rolled_back(records, facts.release) is None


def _next(facts: Facts, name: str) -> str:
    """Return the command that takes a release a step further where it isn't verified."""
    records = facts.logs.get(name, ())
    if history.promoted(records) != facts.release:
        return f"`longshore release promote {facts.release} --to {name}` first"
    verb = "verify" if history.applied(records, facts.release) else "apply"
    return f"`longshore release {verb} {name}` first"


def _unverified(facts: Facts, name: str) -> str:
    records = facts.logs.get(name, ())
    back = history.rolled_back(records, facts.release)
    if back is not None:
        return f"{back.by} went back from it in {name}: {back.reason}"
    last = history.verification(records, facts.release)
    if last is not None:
        failed = ", ".join(each.name for each in last.checks if not each.ok)
        return f"was not found good in {name}{f': {failed}' if failed else ''}"
    return f"is not verified in {name}" if history.applied(records, facts.release) else f"was not applied to {name}"


def _soaked(facts: Facts, name: str) -> timedelta:
    stays = history.stays(facts.logs.get(name, ()), facts.release)
    return max((each.length(facts.now) for each in stays), default=timedelta())


def _soaking(facts: Facts, wanted: timedelta, short: dict[str, timedelta]) -> Gate:
    """Tell who is short, and when time alone will do: while the release is still verified there."""
    found = "; ".join(f"{span(time)} of {span(wanted)} in {name}" for name, time in short.items())
    ends = [_enough_at(facts, name, wanted) for name in short]
    known = [each for each in ends if each is not None]
    takes_all = facts.environment.requires == "all"
    if known and (len(known) == len(ends) or not takes_all):
        until = max(known) if takes_all else min(known)
        return waits("soak", found, f"wait until {moment(until)}", until, Step.PROMOTE)
    lost = next(name for name, each in zip(short, ends, strict=True) if each is None)
    fix = f"it has to run and be verified in {lost} for {span(wanted)}"
    return Gate(name="soak", state=State.FAILED, found=found, fix=fix, step=Step.PROMOTE)


def _enough_at(facts: Facts, name: str, wanted: timedelta) -> datetime | None:
    stays = history.stays(facts.logs.get(name, ()), facts.release)
    return stays[-1].start + wanted if stays and stays[-1].end is None else None
