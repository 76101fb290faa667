"""Services, as the Swarm runs them now: rolled back, stuck, changed by hand, gone, or not ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from drift.finding import Finding, Harm
from drift.refreshed import Refreshed

SERVICE = "docker:index/service:Service"
READY = "swarm:index:ServiceReady"
"""A service's rollout: what there is to say of it is said of its service."""
ROLLED_BACK = {"rollback_started": "is being rolled back", "rollback_completed": "was rolled back"}
STUCK = {"paused": "an update was paused half-way", "rollback_paused": "a rollback was paused half-way"}
DECLARED = "what the last update declared"


def service_drift(
    declared: list[Refreshed], services: Sequence[Mapping[str, Any]], strangers: bool
) -> Iterator[Finding]:
    """Yield what differs between the services of the last deployment and the Swarm's own.

    `strangers`: whether a service of another stack would be a finding.
    """
    running = {service["ID"]: service for service in services}
    for each in declared:
        service = running.pop(str(each.before.get("id")), None)
        yield from _differences(each, service) if service else [_gone(each)]
    if strangers:
        yield from (_unknown(str(service["Spec"]["Name"])) for service in running.values())


def _differences(declared: Refreshed, service: Mapping[str, Any]) -> Iterator[Finding]:
    status = service.get("UpdateStatus") or {}
    state = str(status.get("State", ""))
    if state in ROLLED_BACK or state in STUCK:
        yield _unfinished(declared, status)
    elif declared.paths:
        yield Finding(
            kind="service-changed",
            harm=Harm.HARMFUL,
            subject=declared.known_as,
            what=f"changed by hand: {', '.join(declared.paths)}",
            against=f"{DECLARED}; the Swarm changed it last at {moment(service.get('UpdatedAt'))}",
            up="`longshore up --refresh` rolls the declared service out again",
            fix="keep it by declaring it in the stack file, or run `longshore up --refresh`",
        )


def _unfinished(declared: Refreshed, status: Mapping[str, Any]) -> Finding:
    state = str(status["State"])
    back = state in ROLLED_BACK
    what = ROLLED_BACK[state] if back else STUCK[state]
    said = str(status.get("Message") or "").strip()
    differs = f"; {', '.join(declared.paths)} differ from it" if declared.paths else "; it runs what that declared"
    return Finding(
        kind="service-rolled-back" if back else "service-stuck",
        harm=Harm.HARMFUL,
        subject=declared.known_as,
        what=f"{what} at {moment(status.get('CompletedAt') or status.get('StartedAt'))}"
        + (f": {said}" if said else ""),
        against=f"the last update's spec{differs}",
        up="`longshore up --refresh` rolls the declared service out again"
        if declared.paths
        else "nothing: the service is as declared",
        fix="see why its new tasks failed (`docker service ps --no-trunc` on a manager), mend it, then deploy again",
    )


def _gone(declared: Refreshed) -> Finding:
    return Finding(
        kind="service-gone",
        harm=Harm.HARMFUL,
        subject=declared.known_as,
        what="the service is no longer in the Swarm",
        against=DECLARED,
        up="`longshore up --refresh` makes it anew",
        fix="find out who removed it, then run `longshore up --refresh`",
    )


def _unknown(name: str) -> Finding:
    return Finding(
        kind="service-unknown",
        harm=Harm.HARMFUL,
        subject=name,
        what="a service that this stack did not make runs in its Swarm",
        against="the services of the last update",
        up="nothing: it isn't the stack's",
        fix=f"declare it in the stack file, or remove it: `docker service rm {name}` on a manager",
    )


def moment(timestamp: Any) -> str:
    """Return a moment of the Engine API to the second."""
    return f"{str(timestamp)[:19]}Z" if timestamp else "an unknown time"
