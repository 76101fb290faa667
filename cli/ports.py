"""`longshore ports`: the address plan and the ports matrix of a stack file, with no cluster and no key."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from cli.console import console
from cli.root import Stack, stack_file
from components import nftables, nsx
from components.ports import Flow, matrix
from spec.errors import SpecError
from spec.load import check_file
from spec.ranges import ingress, ranges
from spec.stack import StackSpec
from spec.target import as_vsphere


class Format(StrEnum):
    """How the matrix is printed."""

    TABLE = "table"
    JSON = "json"
    NFTABLES = "nftables"
    NSX = "nsx"


class NodeRole(StrEnum):
    """Whose ruleset is printed."""

    MANAGER = "manager"
    WORKER = "worker"


def ports(
    stack: Stack = "lab",
    form: Annotated[Format, typer.Option("--format", "-f", help="How to print it.")] = Format.TABLE,
    role: Annotated[NodeRole | None, typer.Option(help="For nftables: whose ruleset.")] = None,
) -> None:
    """Show which addresses a stack takes, and who must reach whom on which port; or that as firewall rules."""
    spec = check_file(stack_file(stack))
    if form is Format.TABLE:
        console().print(_address_table(spec), _party_table(matrix(spec)), _port_table(matrix(spec)))
    elif form is Format.JSON:
        typer.echo(json.dumps([_row(flow) for flow in matrix(spec)], indent=2))
    elif form is Format.NSX:
        as_vsphere(spec.target, "--format nsx")
        typer.echo(json.dumps(nsx.policy(spec), indent=2))
    elif role is None:
        raise SpecError("--format nftables", "managers and workers differ", "add --role manager or --role worker")
    else:
        typer.echo(nftables.ruleset(spec, role.value), nl=False)


def _row(flow: Flow) -> dict[str, object]:
    return {
        "from": {"name": flow.source.name, "addresses": [str(each) for each in flow.source.networks]},
        "to": {"name": flow.target.name, "addresses": [str(each) for each in flow.target.networks]},
        "protocol": flow.protocol,
        "port": flow.port,
        "why": flow.why,
    }


def _address_table(spec: StackSpec) -> Table:
    table = Table("range", "for", "declared at", title="Addresses", title_justify="left", box=box.SIMPLE_HEAD)
    for each in ranges(spec):
        table.add_row(str(each.network), each.use, each.path)
    table.add_row(str(ingress(spec)), "the ingress network", "the first of cluster.overlay_pool")
    return table


def _party_table(flows: list[Flow]) -> Table:
    table = Table("who", "addresses", title="Parties", title_justify="left", box=box.SIMPLE_HEAD)
    parties = {party.name: party.text for flow in flows for party in (flow.source, flow.target)}
    for name, text in parties.items():
        table.add_row(name, text)
    return table


def _port_table(flows: list[Flow]) -> Table:
    table = Table("from", "to", "port", "why", title="Ports", title_justify="left", box=box.SIMPLE_HEAD)
    for flow in flows:
        table.add_row(flow.source.name, flow.target.name, flow.where, flow.why)
    return table
