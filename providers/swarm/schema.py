"""The provider's schema, for tools that ask a plugin what it offers."""

from __future__ import annotations

import json
from typing import Any

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
TEXTS = {"type": "array", "items": TEXT}
MAP = {"type": "object", "additionalProperties": TEXT}
CONNECTION = {"$ref": "#/types/swarm:index:Connection"}
CONNECTIONS = {"type": "array", "items": CONNECTION}

ENGINE_INPUTS = {
    "name": TEXT,
    "host": TEXT,
    "port": WHOLE,
    "user": TEXT,
    "keyFile": TEXT,
    "address": TEXT,
    "timeoutSeconds": WHOLE,
    "trigger": TEXT,
    "machine": TEXT,
}
ENGINE_OUTPUTS = {
    "hostKey": TEXT,
    "dockerHost": TEXT,
    "sshOpts": TEXTS,
    "engineVersion": TEXT,
    "apiVersion": TEXT,
    "operatingSystem": TEXT,
    "kernelVersion": TEXT,
    "storageDriver": TEXT,
    "cgroupVersion": TEXT,
    "hostname": TEXT,
    "ready": {"type": "boolean"},
}
CLUSTER_INPUTS = {
    "name": TEXT,
    "managers": CONNECTIONS,
    "defaultAddrPool": TEXTS,
    "subnetSize": WHOLE,
    "dataPathPort": WHOLE,
}
NODE_INPUTS = {
    "name": TEXT,
    "role": TEXT,
    "labels": MAP,
    "availability": TEXT,
    "connection": CONNECTION,
    "managers": CONNECTIONS,
    "clusterId": TEXT,
    "drainSeconds": WHOLE,
}
SERVICE_READY_INPUTS = {
    "name": TEXT,
    "serviceId": TEXT,
    "revision": TEXT,
    "managers": CONNECTIONS,
    "clusterId": TEXT,
    "timeoutSeconds": WHOLE,
    "monitorSeconds": WHOLE,
}
CONNECTION_FIELDS = {
    "name": TEXT,
    "host": TEXT,
    "port": WHOLE,
    "user": TEXT,
    "keyFile": TEXT,
    "hostKey": TEXT,
    "address": TEXT,
}


def schema(version: str) -> str:
    """Return the package schema as JSON."""
    return json.dumps(
        {
            "name": "swarm",
            "version": version,
            "description": "Docker Engine readiness, a Swarm with its members, and the rollouts of its services.",
            "types": {
                "swarm:index:Connection": {
                    "type": "object",
                    "properties": CONNECTION_FIELDS,
                    "required": ["host", "hostKey"],
                }
            },
            "resources": {
                "swarm:index:Engine": _resource(ENGINE_INPUTS, ["name", "host"], ENGINE_OUTPUTS),
                "swarm:index:Cluster": _resource(CLUSTER_INPUTS, ["name", "managers"], {"swarmId": TEXT}),
                "swarm:index:Node": _resource(
                    NODE_INPUTS,
                    ["name", "role", "connection", "managers", "clusterId"],
                    {"nodeId": TEXT, "status": TEXT},
                ),
                "swarm:index:ServiceReady": _resource(
                    SERVICE_READY_INPUTS, ["name", "serviceId", "revision", "managers", "clusterId"], {"good": MAP}
                ),
            },
        }
    )


def _resource(inputs: dict[str, Any], required: list[str], outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "inputProperties": inputs,
        "requiredInputs": required,
        "properties": inputs | outputs,
        "required": [*required, *outputs],
    }
