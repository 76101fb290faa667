"""The ports matrix as NSX's policy API takes it: one body for `PATCH /policy/api/v1/infra`.

Types as in the NSX API guide ("Hierarchical API"): groups of addresses, and one security policy of their rules.
"""

from __future__ import annotations

import re
from typing import Any

from components.addresses import Party
from components.ports import NUMBERS, Flow, matrix
from spec.stack import StackSpec

DOMAIN = "default"


def policy(spec: StackSpec) -> dict[str, Any]:
    """Return groups and rules of a cluster, both directions, with a last rule that drops all else to the nodes."""
    flows, prefix = matrix(spec), spec.cluster.name
    parties = {party.name: party for flow in flows for party in (flow.source, flow.target) if not party.anywhere}
    groups = [_child("Group", _group(party, prefix)) for party in parties.values()]
    return {
        "resource_type": "Infra",
        "children": [
            {
                "resource_type": "ChildResourceReference",
                "id": DOMAIN,
                "target_type": "Domain",
                "children": [*groups, _child("SecurityPolicy", _security_policy(flows, prefix))],
            }
        ],
    }


def _security_policy(flows: list[Flow], prefix: str) -> dict[str, Any]:
    nodes = next(party for flow in flows for party in (flow.source, flow.target) if party.name == "nodes")
    rules = [_rule(number, flow, prefix) for number, flow in enumerate(flows, start=1)]
    rest = _base(len(flows) + 1, "all else to the nodes") | {
        "source_groups": ["ANY"], "destination_groups": [_path(nodes, prefix)], "services": ["ANY"], "action": "DROP",
    }  # fmt: skip
    return {
        "resource_type": "SecurityPolicy",
        "id": f"longshore-{prefix}",
        "display_name": f"longshore: {prefix}",
        "category": "Application",
        "scope": [_path(nodes, prefix)],
        "rules": [*rules, rest],
    }


def _rule(number: int, flow: Flow, prefix: str) -> dict[str, Any]:
    return _base(number, f"{flow.source.name} to {flow.target.name}, {flow.where}") | {
        "notes": flow.why,
        "source_groups": [_path(flow.source, prefix)],
        "destination_groups": [_path(flow.target, prefix)],
        "services": ["ANY"],
        "service_entries": [_service(flow)],
        "action": "ALLOW",
    }


def _base(number: int, name: str) -> dict[str, Any]:
    return {"resource_type": "Rule", "id": f"rule-{number:03}", "display_name": name, "sequence_number": 10 * number}


def _service(flow: Flow) -> dict[str, Any]:
    if flow.port:
        ports = {"l4_protocol": flow.protocol.upper(), "destination_ports": [str(flow.port)], "source_ports": []}
        return {"resource_type": "L4PortSetServiceEntry", "display_name": flow.where, **ports}
    number = NUMBERS[flow.protocol]
    return {"resource_type": "IPProtocolServiceEntry", "display_name": flow.where, "protocol_number": number}


def _group(party: Party, prefix: str) -> dict[str, Any]:
    networks = [str(network) for network in party.networks]
    return {
        "resource_type": "Group",
        "id": _id(party, prefix),
        "display_name": f"{prefix}: {party.name}",
        "expression": [{"resource_type": "IPAddressExpression", "ip_addresses": networks}],
    }


def _child(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"resource_type": f"Child{kind}", kind: body}


def _path(party: Party, prefix: str) -> str:
    return "ANY" if party.anywhere else f"/infra/domains/{DOMAIN}/groups/{_id(party, prefix)}"


def _id(party: Party, prefix: str) -> str:
    return f"longshore-{prefix}-{re.sub(r'[^a-z0-9]+', '-', party.name.lower())}"
