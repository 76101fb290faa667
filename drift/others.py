"""Every other resource: what the provider itself says has changed or gone, and what could not be asked."""

from __future__ import annotations

from collections.abc import Iterator

from drift.finding import Finding, Harm
from drift.refreshed import Refresh, Refreshed

CLUSTER = "swarm:index:Cluster"
CONTRACT = "swarm:index:Contract"
FIRST_LINE = 200
"""Characters of a provider's complaint that are shown."""


def other_drift(resources: list[Refreshed]) -> Iterator[Finding]:
    """Yield what has changed or gone of `resources`, by the provider's word."""
    for each in resources:
        if each.type.startswith("pulumi:"):
            continue
        kind = each.type.rpartition(":")[2]
        if each.after is None:
            yield _differs("resource-gone", each, f"the {kind} is no longer there", "makes it anew")
        elif each.paths:
            yield _differs("resource-changed", each, f"the {kind} was changed: {', '.join(each.paths)}", "sets it back")


def unanswered(refresh: Refresh) -> Iterator[Finding]:
    """Yield one finding for all the resources that could not be asked, and one for each other error."""
    if refresh.unanswered:
        names = sorted({urn.rpartition("::")[2] for urn in refresh.unanswered})
        first = brief(next(iter(refresh.unanswered.values())))
        yield _unasked(", ".join(names), f"{len(names)} resources could not be asked: {first}")
    elif refresh.errors:
        yield _unasked("refresh", brief(refresh.errors[0]))


def brief(reason: str) -> str:
    """Return the end of a provider's complaint, where the cause is, on one line."""
    lines = [line.strip() for line in reason.splitlines() if line.strip()]
    telling = [line for line in lines if "rror" in line] or lines
    return (
        telling[0] if telling and len(telling[0]) <= FIRST_LINE else f"…{telling[0][-FIRST_LINE:]}" if telling else ""
    )


def _differs(kind: str, each: Refreshed, what: str, up: str) -> Finding:
    return Finding(
        kind=kind,
        harm=Harm.HARMFUL,
        subject=each.known_as,
        what=what,
        against="what the last update declared",
        up=f"`longshore up --refresh` {up}",
        fix="keep a change by declaring it in the stack file, or run `longshore up --refresh`",
    )


def _unasked(subject: str, what: str) -> Finding:
    return Finding(
        kind="not-asked",
        harm=Harm.HARMFUL,
        subject=subject,
        what=what,
        against="a refresh that asks every resource",
        up="fails until they answer",
        fix="mend that first, then ask again",
    )
