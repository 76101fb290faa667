"""A Swarm service from its spec."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_docker as docker

from components.container import Declared, container, labels
from components.rollout import rollback_config, timeout_seconds, update_config
from providers.swarm.resources import Connection, ServiceReady
from spec.base import whole_seconds
from spec.service import LimitsSpec, ReservationSpec, ServiceSpec

OWN_OPTIONS = pulumi.ResourceOptions(
    delete_before_replace=True,
    ignore_changes=["taskSpec.placement.platforms"],  # Docker fills it in from the image
)


@dataclass(frozen=True)
class Members:
    """The Swarm that a service runs on, as its rollout is asked for, and how many nodes it has."""

    managers: Sequence[pulumi.Input[Connection]]
    cluster_id: pulumi.Input[str]
    nodes: int


def service(
    name: str, spec: ServiceSpec, declared: Declared, members: Members, opts: pulumi.ResourceOptions
) -> docker.Service:
    """Make a service and wait until its tasks run: a failed rollout is a failed update."""
    asked = _arguments(spec, declared)
    made = docker.Service(name, name=name, **asked, opts=pulumi.ResourceOptions.merge(opts, OWN_OPTIONS))
    ServiceReady(
        f"{name}-ready",
        name=name,
        service_id=made.id,
        revision=pulumi.Output.json_dumps(asked, sort_keys=True).apply(_digest),
        managers=members.managers,
        cluster_id=members.cluster_id,
        timeout_seconds=timeout_seconds(spec, members.nodes if spec.mode == "global" else spec.replicas),
        monitor_seconds=whole_seconds(spec.rollout.monitor),
        opts=pulumi.ResourceOptions(parent=opts.parent, deleted_with=made, depends_on=[made]),
    )
    return made


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _arguments(spec: ServiceSpec, declared: Declared) -> dict[str, Any]:
    return {
        "task_spec": {
            "container_spec": container(spec, declared),
            "networks_advanceds": [_network(each, spec, declared) for each in spec.networks],
            "placement": _placement(spec),
            "resources": _resources(spec),
            "restart_policy": _restart(spec),
            "log_driver": {"name": spec.log.driver, "options": dict(spec.log.options) or None} if spec.log else None,
        },
        "mode": {"global_": True} if spec.mode == "global" else {"replicated": {"replicas": spec.replicas}},
        "endpoint_spec": _endpoint(spec),
        "labels": labels(spec.labels),
        "update_config": update_config(spec),
        "rollback_config": rollback_config(spec),
    }


def _network(name: str, spec: ServiceSpec, declared: Declared) -> dict[str, Any]:
    joined: dict[str, Any] = {"id": declared.networks[name].id}
    return joined | ({"aliases": list(spec.aliases[name])} if spec.aliases.get(name) else {})


def _placement(spec: ServiceSpec) -> dict[str, Any]:
    return {
        "constraints": list(spec.constraints),
        "prefs": [f"spread={each}" for each in spec.spread] or None,
        "max_replicas": spec.max_per_node,
    }


def _restart(spec: ServiceSpec) -> dict[str, Any]:
    return {
        "condition": spec.restart.condition,
        "delay": spec.restart.delay,
        "max_attempts": spec.restart.max_attempts,
        "window": spec.restart.window,
    }


def _resources(spec: ServiceSpec) -> dict[str, Any] | None:
    """Return limits and reservations, or nothing: the provider can't read an empty block."""
    asked = {"limits": _amounts(spec.limits), "reservation": _amounts(spec.reservations)}
    return {key: amounts for key, amounts in asked.items() if amounts} or None


def _amounts(spec: LimitsSpec | ReservationSpec) -> dict[str, int]:
    amounts = {}
    if spec.cpus:
        amounts["nano_cpus"] = round(spec.cpus * 1e9)
    if spec.memory:
        amounts["memory_bytes"] = int(spec.memory)
    return amounts


def _endpoint(spec: ServiceSpec) -> dict[str, Any]:
    ports = [
        {
            "target_port": port.target,
            "published_port": port.published,
            "protocol": port.protocol,
            "publish_mode": port.mode,
        }
        for port in spec.ports
    ]
    return {"mode": spec.endpoint_mode, "ports": ports}
