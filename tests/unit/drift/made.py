"""Refreshed resources and entries of the Engine API, with what a test cares about and no more."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from drift.engines import DAEMON_FILE
from drift.refreshed import Refreshed

NOW = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
TYPES = {
    "machine": "vsphere:index/virtualMachine:VirtualMachine",
    "rule": "vsphere:index/computeClusterVmAntiAffinityRule:ComputeClusterVmAntiAffinityRule",
    "engine": "swarm:index:Engine",
    "node": "swarm:index:Node",
    "cluster": "swarm:index:Cluster",
    "service": "docker:index/service:Service",
    "network": "docker:index/network:Network",
    "secret": "swarm:index:Secret",
    "config": "swarm:index:Config",
    "stack": "pulumi:pulumi:Stack",
}


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:dev::longshore::longshore:index:DockerCluster${TYPES[kind]}::{name}"


def resource(
    kind: str,
    name: str,
    before: dict[str, Any] | None = None,
    now: dict[str, Any] | None = None,
    declared: dict[str, Any] | None = None,
    paths: tuple[str, ...] = (),
    gone: bool = False,
) -> Refreshed:
    """`now`: what differs from `before`."""
    recorded = before or {}
    after = None if gone else recorded | (now or {})
    return Refreshed(urn(kind, name), TYPES[kind], {"name": name, **(declared or {})}, recorded, after, paths)


def machine(name: str, host: str = "host-1", now: dict[str, Any] | None = None, **more: Any) -> Refreshed:
    before = {"id": f"uuid-{name}", "hostSystemId": host, "datastoreId": "datastore-1", "numCpus": 2}
    return resource("machine", name, before, now, **more)


def node(name: str, role: str = "worker", **declared: Any) -> Refreshed:
    inputs = {"role": role, "availability": "active", "labels": {"pool": f"{role}s"}, **declared}
    return resource(
        "node", f"{name}-member", {"nodeId": f"id-{name}", "status": "ready"}, declared=inputs | {"name": name}
    )


def seen_node(
    name: str, role: str = "worker", state: str = "ready", reachability: str | None = None, **spec: Any
) -> Any:
    asked = {"Role": role, "Availability": "active", "Labels": {"pool": f"{role}s"}, **spec}
    manager = {"Reachability": reachability or "reachable"} if role == "manager" or reachability else None
    return {
        "ID": f"id-{name}",
        "Spec": asked,
        "Description": {"Hostname": name},
        "Status": {"State": state},
        **({"ManagerStatus": manager} if manager else {}),
    }


def template(image: str = "web:1", **references: list[str]) -> dict[str, Any]:
    """A service's task template; `secrets` and `configs` by identifier."""
    container: dict[str, Any] = {"Image": image}
    for kind, ids in references.items():
        container[kind.capitalize()] = [{f"{kind.capitalize()[:-1]}ID": ident} for ident in ids]
    return {"ContainerSpec": container, "ForceUpdate": 0}


def seen_service(name: str, replicas: int | None = 2, status: dict[str, str] | None = None, **references: Any) -> Any:
    mode: dict[str, Any] = {"Global": {}} if replicas is None else {"Replicated": {"Replicas": replicas}}
    spec = {"Name": name, "TaskTemplate": template(**references), "Mode": mode}
    return {
        "ID": f"id-{name}",
        "Spec": spec,
        "UpdatedAt": "2026-11-24T20:00:00.123456789Z",
        **({"UpdateStatus": status} if status else {}),
    }


def seen_task(
    service: str,
    state: str = "running",
    wanted: str = "running",
    node: str | None = "w1",
    minutes_ago: float = 5,
    slot: int | None = 1,
    image: str = "web:1",
    err: str = "",
) -> Any:
    moment = (NOW - timedelta(minutes=minutes_ago)).strftime("%Y-%m-%dT%H:%M:%S.123456789Z")
    return {
        "ID": f"{service}-{slot}-{minutes_ago}",
        "ServiceID": f"id-{service}",
        "CreatedAt": moment,
        "Spec": template(image),
        "DesiredState": wanted,
        "Status": {"State": state, "Timestamp": moment, "Message": "started", **({"Err": err} if err else {})},
        **({"NodeID": f"id-{node}"} if node else {}),
        **({"Slot": slot} if slot else {}),
    }


def userdata(daemon: dict[str, Any] | str | None) -> str:
    """A cloud-config as a machine is born with it, packed as guestinfo wants it."""
    content = daemon if isinstance(daemon, str) else json.dumps(daemon)
    files = [] if daemon is None else [{"path": DAEMON_FILE, "content": content}]
    text = "#cloud-config\n" + json.dumps({"write_files": [{"path": "/etc/motd", "content": "hi"}, *files]})
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
