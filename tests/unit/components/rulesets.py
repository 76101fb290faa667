"""A small reader of the rulesets we write: what nftables would do with a packet, for the statements that we use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

SET = re.compile(r"set (\w+) \{\s+type ipv4_addr; flags interval;\s+elements = \{ ([^}]*) \}\s+\}")
CHAIN = re.compile(r"chain (\w+) \{\s+type filter hook \w+ priority \w+; policy (\w+);\n(.*?)\n?    \}", re.DOTALL)
STATEMENT = re.compile(
    r"ip [sd]addr (?:!= )?@\w+|\w+ dport \d+|meta l4proto (?:\{[^}]*\}|\w+)|ct state \S+|[io]ifname \S+"
    r"|fib daddr type local|accept|drop"
)


@dataclass(frozen=True)
class Packet:
    """The first packet of something new, over a real network card."""

    source: IPv4Address
    target: IPv4Address
    protocol: str
    port: int | None = None


class Ruleset:
    def __init__(self, text: str) -> None:
        self.sets: dict[str, list[IPv4Network]] = {
            name: [IPv4Network(each) for each in elements.split(", ")] for name, elements in SET.findall(text)
        }
        self.chains: dict[str, tuple[str, list[str]]] = {
            name: (policy, body.splitlines()) for name, policy, body in CHAIN.findall(text)
        }

    def accepts(self, chain: str, packet: Packet) -> bool:
        policy, rules = self.chains[chain]
        for rule in rules:
            statement = re.sub(r' comment "[^"]*"$', "", rule.strip())
            *matches, verdict = STATEMENT.findall(statement)
            assert verdict in ("accept", "drop"), statement
            if all(self._matches(match, packet) for match in matches):
                return str(verdict) == "accept"
        return policy == "accept"

    def _matches(self, match: str, packet: Packet) -> bool:
        words = match.replace("{", "").replace("}", "").replace(",", "").split()
        if words[0] == "ip":
            address = packet.source if words[1] == "saddr" else packet.target
            within = any(address in network for network in self.sets[words[-1].removeprefix("@")])
            return within is ("!=" not in words)
        if words[1:2] == ["dport"]:
            return (packet.protocol, packet.port) == (words[0], int(words[2]))
        if words[0] == "meta":
            return packet.protocol in words[2:]
        return words[0] == "fib"  # neither known already, nor from this node itself
