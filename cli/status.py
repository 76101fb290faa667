"""`longshore status`: the nodes and services of a stack, as the Swarm itself sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from cli import live, pulumi
from cli.answer import Place, answer
from cli.console import console
from cli.root import Stack
from providers.swarm.clock import Clock
from providers.swarm.connection import connection_from
from providers.swarm.ssh import Ssh
from spec.errors import EngineError


@dataclass(frozen=True)
class Node:
    """A node as the Swarm sees it."""

    name: str
    address: str
    role: str
    state: str
    availability: str
    engine: str


@dataclass(frozen=True)
class Service:
    """A service, the nodes its running tasks are on, and where it is published."""

    name: str
    image: str
    running: int
    wanted: int
    nodes: list[str]
    places: list[Place]


@dataclass(frozen=True)
class Sight:
    """What was seen at one moment, and what each published port answered."""

    nodes: list[Node]
    services: list[Service]
    answers: dict[Place, str | None]

    @property
    def silent(self) -> list[str]:
        """The published ports where nobody listens."""
        return [str(place) for place, heard in self.answers.items() if heard is None]


def status(
    stack: Stack = "lab",
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Redraw nodes, services, rollouts and tasks.")] = False,
) -> None:
    """Show a stack's nodes and services, and which published ports answer. -w: until Ctrl-C; in a pipe, once."""
    if watch:
        live.watch(stack)
    else:
        report(stack)


def report(stack: str, out: Console | None = None, patience: float = 0.0) -> None:
    """Print the node and the service table.

    Raises EngineError when nobody listens at a published port, still after `patience` seconds.
    """
    out = out or console()
    seen = _calm(pulumi.outputs(stack)["cluster"], out, patience)
    out.print(_node_table(seen.nodes))
    out.print(_service_table(seen.services, seen.answers))
    if seen.silent:
        found = f"no answer from {', '.join(seen.silent)}"
        raise EngineError(f"stack {stack}", found, "see the tasks: `docker service ps` on a manager")


def _calm(cluster: dict[str, Any], out: Console, seconds: float) -> Sight:
    """Look until every published port answers, for so many seconds at most: a restarted machine needs its time."""
    clock = Clock()
    deadline = clock.now() + seconds
    seen = _look(cluster)
    if seen.silent and seconds:
        out.print(f"waiting for {', '.join(seen.silent)}, {seconds:.0f} s at most")
    while seen.silent and clock.now() < deadline:
        clock.pause(2.0)
        seen = _look(cluster)
    return seen


def _look(cluster: dict[str, Any]) -> Sight:
    nodes, services = _query(cluster)
    return Sight(nodes, services, {place: answer(place) for service in services for place in service.places})


def _query(cluster: dict[str, Any]) -> tuple[list[Node], list[Service]]:
    failure: EngineError | None = None
    for manager in cluster["managers"]:
        try:
            with Ssh(Clock()).docker(connection_from(manager)) as client:
                nodes, tasks, services = _lists(client)
                placed = [_placed(task, nodes) for task in tasks if task["Status"]["State"] == "running"]
                found = [_service(each, placed, cluster["nodes"]) for each in services]
                return [_node(each) for each in nodes], found
        except EngineError as error:
            failure = error
    raise failure or EngineError("cluster", "has no manager", "declare a pool of managers")


def _lists(client: Any) -> tuple[list[dict[str, Any]], ...]:
    return client.nodes(), client.tasks({"desired-state": "running"}), client.services(status=True)


def _node(attrs: dict[str, Any]) -> Node:
    spec, description = attrs["Spec"], attrs["Description"]
    leader = " (leader)" if attrs.get("ManagerStatus", {}).get("Leader") else ""
    return Node(
        name=description["Hostname"],
        address=attrs["Status"].get("Addr", ""),
        role=spec["Role"] + leader,
        state=attrs["Status"]["State"],
        availability=spec["Availability"],
        engine=description["Engine"]["EngineVersion"],
    )


def _placed(task: dict[str, Any], nodes: list[dict[str, Any]]) -> tuple[str, str]:
    """Return a task's service and the name of its node."""
    names = {node["ID"]: node["Description"]["Hostname"] for node in nodes}
    return task["ServiceID"], names.get(task["NodeID"], "")


def _service(service: dict[str, Any], placed: list[tuple[str, str]], nodes: dict[str, Any]) -> Service:
    spec, counts = service["Spec"], service["ServiceStatus"]
    on = sorted({node for of, node in placed if of == service["ID"]})
    return Service(
        name=spec["Name"],
        image=spec["TaskTemplate"]["ContainerSpec"]["Image"].split("@")[0],
        running=counts["RunningTasks"],
        wanted=counts["DesiredTasks"],
        nodes=on,
        places=[
            Place(nodes[node]["address"], port["PublishedPort"], port["Protocol"])
            for node in on
            if node in nodes  # not one that the stack doesn't know (any more)
            for port in service.get("Endpoint", {}).get("Ports", [])
        ],
    )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _node_table(nodes: list[Node]) -> Table:
    table = _table("Nodes", "node", "address", "role", "state", "availability", "engine")
    for node in sorted(nodes, key=lambda each: each.name):
        table.add_row(node.name, node.address, node.role, node.state, node.availability, node.engine)
    return table


def _service_table(services: list[Service], answers: dict[Place, str | None]) -> Table:
    table = _table("Services", "service", "image", "tasks", "on", "answers")
    for service in sorted(services, key=lambda each: each.name):
        heard = "\n".join(answers[place] or f"{place} no answer" for place in service.places)
        table.add_row(
            service.name, service.image, f"{service.running}/{service.wanted}", "\n".join(service.nodes), heard
        )
    return table
