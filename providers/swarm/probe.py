"""The overlay probe: an agent on each node, all at once, over VXLAN on Swarm's own port."""

from __future__ import annotations

import base64
import json
import secrets
import shlex
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from providers.swarm.connection import Connection
from providers.swarm.handler import Call
from providers.swarm.overlay import Heard, faults
from providers.swarm.ssh import Outside, UnreachableError
from spec.errors import EngineError, SwarmError

AGENT = Path(__file__).with_name("agent.py")
SECONDS = 20
"""How long an agent waits for what is missing; one that has heard everything ends within a second."""
# Swarm counts network ids up from 4096 (moby/moby, libnetwork); these are the last of all.
SPARE_IDS = range(0xFE0000, 0xFFFFFF)
WITH_ROOT = """as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
exec 2>&1
for tool in ip bridge python3; do
    PATH=$PATH:/usr/sbin:/sbin command -v $tool >/dev/null || { echo "$tool: not found"; exit 127; }
done
"""
START = "import sys,base64,zlib;exec(zlib.decompress(base64.b64decode(sys.argv.pop())))"


def probe(outside: Outside, nodes: Sequence[Connection], port: int, mtu: int) -> Heard:
    """Send small, large, checksummed and streamed packets from every node to every other one.

    `port`: the Swarm's data path port. `mtu`: the overlay's, in bytes. Nodes that can't take part are in `silent`.
    """
    plan = {
        "id": SPARE_IDS[secrets.randbelow(len(SPARE_IDS))],
        "port": port,
        "mtu": mtu,
        "seconds": SECONDS,
        "nodes": [node.advertised for node in nodes],
    }
    with ThreadPoolExecutor(max(len(nodes), 1)) as pool:
        answers = list(pool.map(lambda each: _ask(outside, each[1], plan | {"index": each[0]}), enumerate(nodes)))
    names = [node.where for node in nodes]
    silent = {name: answer for name, answer in zip(names, answers, strict=True) if isinstance(answer, str)}
    kinds = {
        (names[int(sender)], name): frozenset(heard)
        for name, answer in zip(names, answers, strict=True)
        if not isinstance(answer, str)
        for sender, heard in answer.items()
        if names[int(sender)] not in silent
    }
    return Heard(port, mtu, kinds, silent)


def prove(own: Connection, peer: Connection, port: int, mtu: int, call: Call) -> None:
    """See that overlay traffic gets through between two nodes, both ways. Raises SwarmError with the likely cause."""
    call.narrator.status(f"probing the overlay's path to {peer.where}")
    heard = probe(call.outside, [own, peer], port, mtu)
    for name, reason in heard.silent.items():
        call.narrator.warn(f"the overlay's path was not probed: {name}: {reason}")
    for fault in faults(heard):
        raise SwarmError(own.where, fault.found, fault.fix)


def command(plan: dict[str, Any]) -> str:
    """Return the shell command that runs an agent."""
    source = base64.b64encode(zlib.compress(AGENT.read_bytes(), 9)).decode()
    arguments = shlex.join(["env", "PATH=/usr/sbin:/sbin:/usr/bin:/bin", "python3", "-c", START])
    return f"{WITH_ROOT}as_root {arguments} {shlex.quote(json.dumps(plan))} {source}"


def _ask(outside: Outside, node: Connection, plan: dict[str, Any]) -> dict[str, list[str]] | str:
    """Run the agent on one node; return what it heard by sender's number, or why it could not run."""
    try:
        ran = outside.run(node, command(plan), SECONDS + 20)
    except UnreachableError as reason:
        return reason.found
    except EngineError as reason:
        return str(reason)
    last = (ran.output.strip().splitlines() or ["no answer"])[-1]
    return _heard(last) if ran.code == 0 else last


def _heard(line: str) -> dict[str, list[str]] | str:
    try:
        answer = json.loads(line)
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else f"the agent said: {line}"
