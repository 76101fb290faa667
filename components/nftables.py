"""The ports matrix as an nftables ruleset for the nodes of one role (nft(8)).

Three chains: what reaches the node itself, what Docker would forward to a container (seen before its translation), and
what the node sends. Containers' own traffic is Docker's: the forward hook is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from components.addresses import Party
from components.ports import Flow, matrix
from spec.pool import Role
from spec.stack import StackSpec

TABLE = "longshore"
PASSING = ("ct state established,related accept", "meta l4proto { icmp, ipv6-icmp } accept")


def ruleset(spec: StackSpec, role: Role) -> str:
    """Return the ruleset. Loading it (`nft -f`) replaces what an earlier one of ours said, and nothing else."""
    flows = matrix(spec)
    inward = [flow for flow in flows if _concerns(flow.target, role)]
    outward = [flow for flow in flows if _concerns(flow.source, role)]
    named = {party.name: party for flow in [*inward, *outward] for party in (flow.source, flow.target)}
    lines = [
        f"# {spec.cluster.name}, {role}s: from `longshore ports --format nftables --role {role}`",
        f"table inet {TABLE}",
        f"delete table inet {TABLE}",
        f"table inet {TABLE} {{",
        *(line for party in named.values() if not party.anywhere for line in _set(party)),
        *_chain("input", "input priority filter; policy drop;", _input(inward)),
        *_chain("published", "prerouting priority mangle; policy accept;", _published(inward)),
        *_chain("output", "output priority filter; policy drop;", _output(outward)),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _input(flows: list[Flow]) -> Iterator[str]:
    yield from (*PASSING, 'iifname "lo" accept')
    for flow in flows:
        if not flow.published and flow.protocol != "icmp":
            yield _rule(_match(flow.source, "saddr"), _port(flow), "accept", flow)


def _published(flows: list[Flow]) -> Iterator[str]:
    """Drop what comes from elsewhere: a port that is published is open to everyone else by Docker's own rules."""
    for flow in flows:
        if flow.published and not flow.source.anywhere:
            yield _rule("fib daddr type local", _port(flow), f"ip saddr != @{_name(flow.source)} drop", flow)


def _output(flows: list[Flow]) -> Iterator[str]:
    yield from (*PASSING, 'oifname "lo" accept', 'oifname "docker*" accept')
    for flow in flows:
        if flow.protocol != "icmp":
            yield _rule(_match(flow.target, "daddr"), _port(flow), "accept", flow)


def _concerns(party: Party, role: Role) -> bool:
    return party.name in ("nodes", f"{role}s")


def _rule(*parts: str | Flow) -> str:
    texts = [part if isinstance(part, str) else f'comment "{_comment(part.why)}"' for part in parts]
    return " ".join(filter(None, texts))


def _match(party: Party, side: str) -> str:
    return "" if party.anywhere else f"ip {side} @{_name(party)}"


def _port(flow: Flow) -> str:
    return f"{flow.protocol} dport {flow.port}" if flow.port else f"meta l4proto {flow.protocol}"


def _set(party: Party) -> list[str]:
    elements = ", ".join(str(network) for network in party.networks)
    return [f"    set {_name(party)} {{", "        type ipv4_addr; flags interval;",
            f"        elements = {{ {elements} }}", "    }"]  # fmt: skip


def _chain(name: str, hook: str, rules: Iterable[str]) -> list[str]:
    body = [f"        {rule}" for rule in rules]
    return [f"    chain {name} {{", f"        type filter hook {hook}", *body, "    }"]


def _name(party: Party) -> str:
    return re.sub(r"[^a-z0-9]+", "_", party.name.lower())


def _comment(text: str) -> str:
    """Return a comment as nft takes it: no quotes, at most 128 bytes."""
    return text.replace('"', "'")[:120]
