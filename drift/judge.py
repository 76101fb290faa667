"""All judgements over one refresh and one look at the Swarm, as one report."""

from __future__ import annotations

from collections.abc import Iterator

from drift.engines import ENGINE, born_with, engine_drift
from drift.finding import Finding, Harm, Report, in_order
from drift.machines import MACHINE, RULE, Names, machine_drift
from drift.nodes import NODE, node_drift
from drift.observed import Observed
from drift.orphans import CONFIG, SECRET, SHELF, orphan_drift
from drift.others import CLUSTER, other_drift, unanswered
from drift.refreshed import Refresh
from drift.services import READY, SERVICE, service_drift
from drift.tasks import task_drift

TOLD = {MACHINE, NODE, ENGINE, SERVICE, READY}
"""Resource types that have a judgement of their own."""
DOWN = ("node-down", "manager-down", "machine-gone")


def judge(stack: str, refresh: Refresh, observed: Observed, names: Names | None = None) -> Report:
    """Return what differs on `stack`. `names`: vCenter's names by identifier, where they are known."""
    findings = list(_all(refresh, observed, names or {}))
    down = {each.subject for each in findings if each.kind in DOWN}
    # A node that is down can't have an engine that answers: one cause, one finding.
    kept = [each for each in findings if each.kind != "engine-away" or each.subject not in down]
    return Report(stack=stack, findings=in_order(kept))


def _all(refresh: Refresh, observed: Observed, names: Names) -> Iterator[Finding]:
    machines, engines = refresh.of(MACHINE), refresh.of(ENGINE)
    yield from machine_drift(machines, refresh.of(RULE), names)
    born = {each.known_as: text for each in machines if (text := born_with(each)) is not None}
    yield from engine_drift(engines, observed.daemons, born)
    if observed.unreachable:
        yield _no_manager(observed.unreachable)
    else:
        yield from _of_swarm(refresh, observed)
    yield from other_drift([each for each in refresh.resources if each.type not in TOLD])
    yield from unanswered(refresh)


def _of_swarm(refresh: Refresh, observed: Observed) -> Iterator[Finding]:
    platform = "contract" in refresh.stack_outputs
    makes_nodes = bool(refresh.of(CLUSTER, NODE))
    if makes_nodes:
        yield from node_drift(refresh.of(NODE), observed.nodes)
    if platform:
        return  # its services are other stacks'
    services = refresh.of(SERVICE)
    yield from service_drift(services, observed.services, strangers=makes_nodes)
    ids = {str(each.before.get("id")) for each in services}
    yield from task_drift(observed.services, observed.tasks, observed.nodes, ids, observed.at)
    ours = {str(each.before.get("id")) for each in refresh.of(SECRET, CONFIG)}
    stacks = {str(each.declared.get("stack")) for each in refresh.of(SHELF)}
    objects = {"secret": observed.secrets, "config": observed.configs}
    yield from orphan_drift(observed.services, objects, ours, stacks)


def _no_manager(reason: str) -> Finding:
    return Finding(
        kind="swarm-unreachable",
        harm=Harm.HARMFUL,
        subject="swarm",
        what=f"no manager could be asked: {reason}",
        against="a manager that answers over ssh",
        up="fails until one answers",
        fix="bring a manager back; where the quorum is lost for good: `docker swarm init --force-new-cluster` on one",
    )
