"""The host's packet filter: our engine's chains are taken out again when it stops."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from lab.command import run
from lab.record import Firewall

TABLES = ("filter", "nat")
IP_FORWARD = Path("/proc/sys/net/ipv4/ip_forward")


def look() -> Firewall:
    """Return what an engine is about to change: the FORWARD policy and IP forwarding."""
    rules = _rules("filter")
    policy = next((rule.split()[2] for rule in rules if rule.startswith("-P FORWARD ")), "ACCEPT")
    return Firewall(forward_policy=policy, ip_forward=IP_FORWARD.read_text().strip())


def restore(before: Firewall) -> None:
    """Remove an engine's chains, with the rules that lead to them, and put the policy and IP forwarding back."""
    for table in TABLES:
        for change in removals(_rules(table)):
            run(["iptables", "--wait", "-t", table, *change])
    run(["iptables", "--wait", "-P", "FORWARD", before.forward_policy])
    IP_FORWARD.write_text(before.ip_forward)


def other_engine() -> bool:
    """Tell whether another Docker Engine runs here, whose chains these may be."""
    return any(_read(path) == "dockerd" for path in _process_names())


def removals(rules: Iterable[str]) -> list[list[str]]:
    """Return the iptables arguments that remove Docker's chains from a table, given as `iptables -S` prints it."""
    lines = [rule.split() for rule in rules]
    chains = [line[1] for line in lines if line[0] == "-N" and line[1].startswith("DOCKER")]
    jumps = [["-D", *line[1:]] for line in lines if line[0] == "-A" and line[-1] in chains and line[1] not in chains]
    return jumps + [["-F", chain] for chain in chains] + [["-X", chain] for chain in chains]


def _rules(table: str) -> list[str]:
    return run(["iptables", "--wait", "-t", table, "-S"]).splitlines() if shutil.which("iptables") else []


def _read(name: Path) -> str:
    """Return a process's name; nothing when it has ended meanwhile."""
    try:
        return name.read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _process_names() -> list[Path]:
    return list(Path("/proc").glob("[0-9]*/comm"))
