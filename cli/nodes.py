"""`longshore nodes`: a stack's machines, what the baseline has against their engines, and whether overlays work."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table

from cli import pulumi
from cli.console import console
from cli.root import Stack
from providers.swarm.baseline import Result, Weight, evaluate, failed
from providers.swarm.clock import Clock
from providers.swarm.connection import Connection, connection_from
from providers.swarm.facts import facts
from providers.swarm.overlay import Fault, Heard, faults
from providers.swarm.probe import probe
from providers.swarm.ssh import Ssh
from spec.errors import EngineError, LongshoreError, SwarmError

Answer = list[Result] | EngineError
"""A node's results, or why it could not be asked."""


def nodes(
    stack: Stack = "lab",
    check: Annotated[bool, typer.Option("--check", help="Check every engine against the baseline.")] = False,
    probing: Annotated[bool, typer.Option("--probe", help="Send overlay traffic between all nodes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show a stack's nodes. Exit code 4: a check fails or a node can't be asked; 5: overlay traffic is lost."""
    cluster = _cluster(stack)
    connections = {name: connection_from(node["connection"]) for name, node in cluster["nodes"].items()}
    answers = _checked(connections) if check else {}
    heard = probe(Ssh(Clock()), list(connections.values()), **cluster["overlay"]) if probing else None
    if as_json:
        typer.echo(json.dumps(document(cluster, answers, heard), indent=2))
    else:
        _print(cluster, answers, heard)
    for failure in failures(stack, answers, heard):
        raise failure


def _cluster(stack: str) -> dict[str, Any]:
    """Return what the stack says of its cluster. Raises EngineError when that is nothing, or too old."""
    cluster: dict[str, Any] = pulumi.outputs(stack).get("cluster") or {}
    if "overlay" not in cluster:
        raise EngineError(f"stack {stack}", "its outputs name no connections to its nodes", "run `longshore up` first")
    return cluster


def failures(stack: str, answers: dict[str, Answer], heard: Heard | None) -> list[LongshoreError]:
    """Return what the command ends with: failed checks first, then lost traffic."""
    bad = [name for name, answer in answers.items() if isinstance(answer, EngineError) or _fails(answer)]
    found: list[LongshoreError] = []
    if bad:
        found.append(EngineError(f"stack {stack}", f"the baseline fails on {', '.join(bad)}", "see docs/engine.md"))
    if heard is not None:
        found += [SwarmError(f"stack {stack}", fault.found, fault.fix) for fault in faults(heard)]
        silent = [f"{name}: {reason}" for name, reason in heard.silent.items()]
        if silent:
            found.append(EngineError(f"stack {stack}", f"can't be probed: {'; '.join(silent)}", "see docs/network.md"))
    return found


def document(cluster: dict[str, Any], answers: dict[str, Answer], heard: Heard | None) -> dict[str, Any]:
    """Return everything as JSON: nodes, `checks` by node, and `probe`; the last two where they were asked for."""
    shown: dict[str, Any] = {
        "nodes": {name: {"address": node["address"], "role": node["role"]} for name, node in cluster["nodes"].items()}
    }
    if answers:
        shown["checks"] = {name: _checks(answer) for name, answer in answers.items()}
    if heard is not None:
        shown["probe"] = {
            "port": heard.port,
            "mtu": heard.mtu,
            "faults": [_fault(fault) for fault in faults(heard)],
            "silent": dict(heard.silent),
        }
    return shown


def _checks(answer: Answer) -> Any:
    if isinstance(answer, EngineError):
        return {"error": answer.found}
    return [
        {"id": each.check.id, "title": each.check.title, "weight": each.check.weight.value, "verdict": each.verdict,
         "wrong": each.wrong} for each in answer
    ]  # fmt: skip


def _fault(fault: Fault) -> dict[str, Any]:
    lost = [{"from": sender, "to": receiver} for sender, receiver in sorted(fault.directions)]
    return {"cause": fault.cause.value, "lost": lost, "found": fault.found, "fix": fault.fix}


def _fails(results: list[Result]) -> bool:
    return bool(failed(results, Weight.HARD, Weight.BASELINE))


def _checked(connections: dict[str, Connection]) -> dict[str, Answer]:
    with ThreadPoolExecutor(8) as pool:
        return dict(zip(connections, pool.map(_check, connections.values()), strict=True))


def _check(node: Connection) -> Answer:
    outside = Ssh(Clock())
    try:
        with outside.docker(node) as client:
            return evaluate(facts(outside, node, client.info()))
    except EngineError as reason:
        return reason


def _print(cluster: dict[str, Any], answers: dict[str, Answer], heard: Heard | None) -> None:
    out = console()
    out.print(_node_table(cluster, answers))
    if answers:
        out.print(_check_table(answers))
    if heard is not None:
        lost = ", ".join(fault.cause.value for fault in faults(heard))
        verdict = f"traffic is lost ({lost})" if lost else "every kind of traffic gets through, both ways"
        out.print(f"Overlay, {heard.port}/udp, {heard.mtu} bytes: {verdict}", highlight=False)


def _node_table(cluster: dict[str, Any], answers: dict[str, Answer]) -> Table:
    table = Table("node", "address", "role", title="Nodes", title_justify="left", box=box.SIMPLE_HEAD)
    if answers:
        table.add_column("baseline")
    for name, node in cluster["nodes"].items():
        table.add_row(name, node["address"], node["role"], *([_verdict(answers[name])] if answers else []))
    return table


def _verdict(answer: Answer) -> str:
    if isinstance(answer, EngineError):
        return answer.found
    wrong = failed(answer, Weight.HARD, Weight.BASELINE)
    return f"fails {', '.join(each.check.id for each in wrong)}" if wrong else "ok"


def _check_table(answers: dict[str, Answer]) -> Table:
    """One row a check; what is wrong with the nodes it is wrong on."""
    table = Table("id", "check", "verdict", "what is wrong", title="Engines", title_justify="left", box=box.SIMPLE_HEAD)
    told = {name: answer for name, answer in answers.items() if not isinstance(answer, EngineError)}
    for row in zip(*told.values(), strict=True):
        wrong: dict[str, list[str]] = {}
        for name, result in zip(told, row, strict=True):
            if result.wrong:
                wrong.setdefault(result.wrong, []).append(name)
        worst = next((result.verdict for result in row if result.wrong), "pass")
        detail = "\n".join(text if len(on) == len(told) else f"{', '.join(on)}: {text}" for text, on in wrong.items())
        table.add_row(row[0].check.id, row[0].check.title, worst, detail)
    return table
