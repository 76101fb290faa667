"""Nodes, as the Swarm sees them now: drained or relabelled by hand, down, gone, or not ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from drift.finding import Finding, Harm
from drift.refreshed import Refreshed
from providers.swarm.member import Member, member_from

NODE = "swarm:index:Node"
DECLARED = "what the last update declared"
BACK = "`longshore up --refresh` sets it back"
KEEP = "keep it by declaring it in the stack file, or run `longshore up --refresh`"
DOING = {"drain": "it is drained: no task runs on it", "pause": "it is paused: it takes no new task"}


def node_drift(declared: list[Refreshed], nodes: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield what differs between the nodes of the last deployment and the Swarm's own list."""
    members = {member.id: member for member in map(member_from, nodes)}
    for node in declared:
        member = members.pop(str(node.before.get("nodeId")), None)
        yield from _differences(node, member) if member else [_gone(node)]
    yield from (_unknown(member) for member in members.values())


def _differences(node: Refreshed, member: Member) -> Iterator[Finding]:
    if not alive(member):
        yield _down(node, member)
    yield from _availability(node, member)
    if member.role != node.declared.get("role"):
        what = f"it is a {member.role}" + (", so the quorum is another" if "manager" in _roles(node, member) else "")
        yield _set_back("node-role", node, what, f"a {node.declared.get('role')}, {DECLARED}")
    yield from _labels(node, member)


def alive(member: Member) -> bool:
    """Whether the Swarm hears from a node, and from a manager as a manager."""
    return member.state == "ready" and member.reachability in (None, "reachable")


def _roles(node: Refreshed, member: Member) -> tuple[str, str]:
    return str(node.declared.get("role")), member.role


def _down(node: Refreshed, member: Member) -> Finding:
    manager = member.role == "manager"
    seen = f"{member.state}, {member.reachability}" if manager and member.reachability else member.state
    return Finding(
        kind="manager-down" if manager else "node-down",
        harm=Harm.HARMFUL,
        subject=node.known_as,
        what=f"the Swarm sees it as {seen}" + ("; one more loss may cost the quorum" if manager else ""),
        against="ready, as at the last update",
        up="`longshore up --refresh` waits for its engine, or joins it again when its machine is a new one",
        fix="look at the machine's console and at `journalctl -u docker` on it; then `longshore up --refresh`",
    )


def _availability(node: Refreshed, member: Member) -> Iterator[Finding]:
    wanted = str(node.declared.get("availability") or "active")
    if member.availability != wanted:
        what = DOING.get(member.availability, f"it is {member.availability} again")
        yield _set_back("node-availability", node, f"{what}, by hand", f"{wanted}, {DECLARED}")


def _labels(node: Refreshed, member: Member) -> Iterator[Finding]:
    wanted = dict(node.declared.get("labels") or {})
    for key in sorted({*wanted, *member.labels}):
        old, new = wanted.get(key), member.labels.get(key)
        if old != new:
            what = f"label {key} is {_quoted(new)}: placement constraints may match otherwise"
            yield _set_back("node-label", node, what, f"{_quoted(old)}, {DECLARED}")


def _quoted(value: str | None) -> str:
    return "absent" if value is None else repr(value)


def _set_back(kind: str, node: Refreshed, what: str, against: str) -> Finding:
    return Finding(kind=kind, harm=Harm.HARMFUL, subject=node.known_as, what=what, against=against, up=BACK, fix=KEEP)


def _gone(node: Refreshed) -> Finding:
    return Finding(
        kind="node-gone",
        harm=Harm.HARMFUL,
        subject=node.known_as,
        what="it is no longer in the Swarm's list",
        against="a member at the last update",
        up="`longshore up --refresh` joins it again",
        fix="find out who took it out, then run `longshore up --refresh`",
    )


def _unknown(member: Member) -> Finding:
    return Finding(
        kind="node-unknown",
        harm=Harm.HARMFUL,
        subject=member.hostname,
        what=f"a {member.role} ({member.state}) that this stack did not make is in the Swarm",
        against="the nodes of the last update",
        up="nothing: it isn't the stack's",
        fix="if it was joined by hand: drain it, `docker swarm leave` on it, `docker node rm` on a manager",
    )
