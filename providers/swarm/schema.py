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
    "overlayMtu": WHOLE,
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
ROSTER_INPUTS = {"name": TEXT, "managers": MAP}
CONTRACT_INPUTS = {
    "cluster": TEXT,
    "swarmId": TEXT,
    "managers": CONNECTIONS,
    "engineVersion": TEXT,
    "apiVersion": TEXT,
    "storageDriver": TEXT,
    "cgroupVersion": TEXT,
    "logDriver": TEXT,
    "contentHash": TEXT,
}
PLACE = {"stack": TEXT, "managers": CONNECTIONS, "clusterId": TEXT}
STORED_INPUTS = {"name": TEXT, "data": TEXT, "keep": WHOLE, **PLACE}
CONFIG_INPUTS = {**STORED_INPUTS, "template": {"type": "boolean"}}
SHELF_INPUTS = {"names": TEXTS, **PLACE}
GENERATED_INPUTS = {"name": TEXT, "length": WHOLE, "alphabet": TEXT, "rotation": TEXT}
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
            "description": "Engine readiness, a Swarm with its members, secrets and configs, and rollouts of services.",
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
                "swarm:index:Roster": _resource(ROSTER_INPUTS, ["name", "managers"], {}),
                "swarm:index:Node": _resource(
                    NODE_INPUTS,
                    ["name", "role", "connection", "managers", "clusterId"],
                    {"nodeId": TEXT, "status": TEXT},
                ),
                "swarm:index:ServiceReady": _resource(
                    SERVICE_READY_INPUTS, ["name", "serviceId", "revision", "managers", "clusterId"], {"good": MAP}
                ),
                "swarm:index:Contract": _resource(CONTRACT_INPUTS, [*CONTRACT_INPUTS], {}),
                "swarm:index:Secret": _resource(STORED_INPUTS, ["name", "data", *PLACE], {"storedName": TEXT}),
                "swarm:index:Config": _resource(CONFIG_INPUTS, ["name", "data", *PLACE], {"storedName": TEXT}),
                "swarm:index:Shelf": _resource(SHELF_INPUTS, [*PLACE], {}),
                "swarm:index:GeneratedSecret": _resource(
                    GENERATED_INPUTS, [*GENERATED_INPUTS], {"value": {"type": "string", "secret": True}}
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
