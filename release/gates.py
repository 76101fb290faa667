"""Judges whether a release may go to an environment. Pure: facts in, gates out, and `now` is one of the facts."""

from __future__ import annotations

from collections.abc import Iterable

from release import history
from release.facts import SEVERITIES, Facts
from release.gate import Gate, State, Step, passed, waits
from release.upstream import order, soak
from release.words import moment
from spec.environments import Environment
from spec.errors import ReleaseError
from spec.promotion import Override

NAMES = ("order", "soak", "freeze", "window", "approvals", "program", "risk", "reversibility")
"""Every gate. `reversibility` is asked of a rollback only."""


def gates(facts: Facts) -> tuple[Gate, ...]:
    """Return every gate of an environment, as it stands for a release."""
    every = (order(facts), soak(facts), freeze(facts), window(facts), approvals(facts), program(facts), risk(facts))
    overridden = history.overrides(facts.records, facts.release)
    return tuple(_overridden(each, facts, overridden.get(each.name)) for each in every)


def require(found: Iterable[Gate], step: Step, where: str) -> None:
    """Raise ReleaseError, with every gate that stands in the way of a step and what it misses."""
    shut = [each for each in found if each.blocks(step)]
    if shut:
        lines = [f"{each.name}: {each.found}{f' -> {each.fix}' if each.fix else ''}" for each in shut]
        fix = f"mend that, or go past it: `--override {','.join(each.name for each in shut)} --reason …` is logged"
        raise ReleaseError(where, "\n  ".join(["is not let through", *lines]), fix)


def freeze(facts: Facts) -> Gate:
    """Ask that nobody said stop: by a command, by a plan, or by LONGSHORE_FREEZE."""
    if facts.emergency:
        found = f"LONGSHORE_FREEZE: {facts.emergency}"
        return Gate(name="freeze", state=State.FAILED, found=found, fix="unset it when it is over", step=Step.PROMOTE)
    by_hand = history.freeze(facts.records, facts.now)
    if by_hand:
        found = f"{by_hand.by} since {moment(by_hand.at)}: {by_hand.reason}"
        fix = f"`longshore release unfreeze {facts.name} --reason …` when it is over"
        state = State.WAITING if by_hand.until else State.FAILED
        return Gate(name="freeze", state=state, found=found, fix=fix, until=by_hand.until, step=Step.PROMOTE)
    planned = [each for each in facts.environments.freezes_of(facts.name) if each.is_on(facts.now)]
    if planned:
        longest = max(planned, key=lambda each: each.span()[1])
        end = longest.span()[1]
        return waits("freeze", f"planned: {longest.reason}", f"wait until {moment(end)}", end, Step.PROMOTE)
    return passed("freeze", "none", Step.PROMOTE)


def window(facts: Facts) -> Gate:
    """Ask that one of the environment's windows is open."""
    windows = facts.environment.gates.windows
    if not windows or any(each.is_open(facts.now) for each in windows):
        return passed("window", "is open" if windows else "always open")
    opens = min(each.opens(facts.now) for each in windows)
    return waits("window", "is shut", f"wait until {moment(opens)}", opens)


def approvals(facts: Facts) -> Gate:
    """Ask that enough people agreed to this very promotion."""
    asked = facts.environment.gates.approvals
    if asked is None:
        return passed("approvals", "none is asked for")
    names = [each for each in history.approvers(facts.records, facts.release) if not asked.by or each in asked.by]
    found = f"{len(names)} of {asked.count}" + (f": {', '.join(names)}" if names else "")
    if len(names) >= asked.count:
        return passed("approvals", found)
    who = f" by {' or '.join(asked.by)}" if asked.by else " by somebody else than who promoted it"
    return waits("approvals", found, f"`longshore release approve {facts.name}`{who}")


def program(facts: Facts) -> Gate:
    """Ask that the checked-out program is the one that was verified before."""
    if not facts.program:
        return passed("program", "is the release's own", Step.PROMOTE)
    count = len(facts.program)
    found = f"{count} file{'s' * (count != 1)} changed since the release was cut: {', '.join(facts.program[:3])}"
    if facts.goes_back or facts.environment.gates.program == "any":
        return passed("program", found, Step.PROMOTE)
    return Gate(
        name="program", state=State.FAILED, found=found, fix="cut a new release of this program", step=Step.PROMOTE
    )


def risk(facts: Facts) -> Gate:
    """Ask that the preview holds no graver risk than allowed that nobody acknowledged."""
    return risk_of(facts.risk, facts.environment)


def risk_of(found: str | None, environment: Environment) -> Gate:
    """Judge the gravest risk of a preview by what an environment lets through; None without a preview."""
    most = environment.gates.max_risk
    if found is None:
        fix = "`longshore release gates --preview` looks, and so does a promotion"
        return Gate(name="risk", state=State.UNKNOWN, found="nothing was previewed", fix=fix)
    if not found or SEVERITIES.index(found) <= SEVERITIES.index(most):
        return passed("risk", f"{found or 'none'}; up to {most} is let through")
    told = f"{found}, and only up to {most} is let through"
    fix = "acknowledge it (`longshore review ack`), commit that, and promote again"
    return Gate(name="risk", state=State.FAILED, found=told, fix=fix)


def _overridden(gate: Gate, facts: Facts, override: Override | None) -> Gate:
    """Return a gate that somebody went past as such. Of a freeze only the one that was on then counts."""
    if override is None or gate.state is State.PASSED:
        return gate
    frozen = history.freeze(facts.records, facts.now) if gate.name == "freeze" else None
    if gate.name == "freeze" and (facts.emergency or (frozen and frozen.at > override.at)):
        return gate
    fix = f"{override.by} went past it: {override.reason}"
    return gate.model_copy(update={"state": State.OVERRIDDEN, "fix": fix})
