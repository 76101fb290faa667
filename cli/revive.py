"""Machines that stopped: found by their silence, started again by vCenter, so that `up` meets the cluster it knows."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import typer

from cli import pulumi
from cli.cloud_machines import cloud_machines, refuse_start
from cli.recover import MACHINE
from providers.swarm.clock import Clock
from providers.swarm.control import NoManagerError
from providers.swarm.quorum import LAST_RESORT
from spec.errors import EngineError, LongshoreError, SwarmError
from upkeep.reach import Outputs, swarm_of

ANSWER_SECONDS = 5.0
START_SECONDS = 180.0
Answers = Callable[[str, int], bool]


def revive(stack: str, deployment: Mapping[str, Any], yes: bool) -> None:
    """Start the stack's machines that don't answer, if the user agrees, and wait until they do; in a cloud only warn.

    Raises TargetError when vCenter refuses, EngineError when one stays silent.
    """
    paths, elsewhere = machine_paths(deployment), cloud_machines(deployment)
    cluster = pulumi.outputs(stack).get("cluster") if paths or elsewhere else None
    if not cluster or not cluster.get("managers"):
        return
    for away in silent_nodes(cluster, [name for name in cluster["nodes"] if name in elsewhere]):
        # Not a refusal: an update may be just what brings it back.
        typer.echo(f"warning: {refuse_start(elsewhere[away], [away])}", err=True)
    # Each is asked by itself: the Swarm takes a quarter of a minute to miss a node.
    silent = silent_nodes(cluster, [name for name in cluster["nodes"] if name in paths])
    if not silent:
        return
    typer.echo(f"{', '.join(silent)}: no answer; vCenter will power them on, or reset those that are on")
    if not yes and not typer.confirm("Start them?"):
        raise LongshoreError(f"stack {stack}", f"{', '.join(silent)} don't answer", "start them, or agree here")
    start_machines(stack, cluster, {name: paths[name] for name in silent})


def start_machines(stack: str, cluster: Outputs, paths: Mapping[str, str], members: bool = True) -> None:
    """Start machines, given as name -> `folder/name`, and wait until each answers; as `members`, until each has joined.

    Raises TargetError when vCenter refuses, EngineError or SwarmError when one stays away.
    """
    from cli.vcenter import start  # pyVmomi: half a second that no other command should pay

    start(pulumi.config(stack)["longshore:target"], list(paths.values()))
    names = list(paths)
    if not Clock().until(START_SECONDS, lambda: None if _missing(cluster, names, members) else True):
        raise _away(cluster, names)


def _away(cluster: Outputs, names: list[str]) -> LongshoreError:
    """Say why machines that were started are still not back."""
    silent = silent_nodes(cluster, names)
    if silent:
        found = f"not back {START_SECONDS:.0f} s after its start"
        return EngineError(", ".join(silent), found, "look at its console in vCenter")
    return SwarmError(
        "swarm", f"{', '.join(names)} answer, but the Swarm does not see them", f"if so for good: {LAST_RESORT}"
    )


def _missing(cluster: Outputs, names: list[str], members: bool) -> list[str]:
    """Return those of `names` that are silent, else those that the Swarm still misses."""
    missed = silent_nodes(cluster, names) or (suspects(cluster) if members else [])
    return [name for name in names if name in missed]


def machine_paths(deployment: Mapping[str, Any]) -> dict[str, str]:
    """Return the `folder/name` of each machine that the state knows, by its name."""
    machines = [each for each in deployment.get("resources", []) if each["type"] == MACHINE and each.get("outputs")]
    return {each["outputs"]["name"]: f"{each['outputs']['folder']}/{each['outputs']['name']}" for each in machines}


def suspects(cluster: Outputs) -> list[str]:
    """Return the nodes that the Swarm misses; without a quorum it can't tell, and every node is one."""
    try:
        with swarm_of(cluster) as swarm:
            missed = {member.hostname for member in swarm.members() if not member.settled}
    except NoManagerError:
        return list(cluster["nodes"])
    return [name for name in cluster["nodes"] if name in missed]


def silent_nodes(cluster: Outputs, names: list[str], answers: Answers | None = None) -> list[str]:
    """Return those of `names` where no ssh server answers."""
    port = cluster["managers"][0].get("port", 22)
    asked = answers or _answers
    with ThreadPoolExecutor(32) as pool:
        heard = list(pool.map(lambda name: asked(cluster["nodes"][name]["address"], port), names))
    return [name for name, answered in zip(names, heard, strict=True) if not answered]


def _answers(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=ANSWER_SECONDS):
            return True
    except OSError:
        return False
