"""A Swarm service from its spec."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_docker as docker

from providers.swarm.resources import Connection, ServiceReady
from spec.base import whole_seconds
from spec.service import MountedFile, ServiceSpec

OWN_OPTIONS = pulumi.ResourceOptions(
    delete_before_replace=True,
    ignore_changes=["taskSpec.placement.platforms"],  # Docker fills it in from the image
)


@dataclass(frozen=True)
class Declared:
    """What services may refer to, by the names in the stack file."""

    networks: Mapping[str, docker.Network]
    configs: Mapping[str, docker.ServiceConfig]
    secrets: Mapping[str, docker.Secret]


@dataclass(frozen=True)
class Members:
    """The Swarm that a service runs on, as its rollout is asked for."""

    managers: Sequence[pulumi.Output[Connection]]
    cluster_id: pulumi.Output[str]


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
        timeout_seconds=whole_seconds(spec.rollout.timeout),
        monitor_seconds=whole_seconds(spec.rollout.monitor),
        opts=pulumi.ResourceOptions(parent=opts.parent, deleted_with=made, depends_on=[made]),
    )
    return made


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _arguments(spec: ServiceSpec, declared: Declared) -> dict[str, Any]:
    return {
        "task_spec": {
            "container_spec": _container(spec, declared),
            "networks_advanceds": [{"id": declared.networks[each].id} for each in spec.networks],
            "placement": {"constraints": list(spec.constraints), "max_replicas": spec.max_per_node},
            "resources": _resources(spec),
            "restart_policy": {"condition": "any", "delay": "2s", "window": "0s"},
        },
        "mode": {"replicated": {"replicas": spec.replicas}},
        "endpoint_spec": _endpoint(spec),
        "labels": [{"label": key, "value": value} for key, value in sorted(spec.labels.items())],
        "update_config": _rollout(spec, "rollback"),
        "rollback_config": _rollout(spec, "pause"),
    }


def update_order(spec: ServiceSpec) -> str:
    """Start the new task first, unless it needs a host port that the old one still holds."""
    return "stop-first" if any(port.mode == "host" for port in spec.ports) or spec.max_per_node else "start-first"


def _rollout(spec: ServiceSpec, on_failure: str) -> Any:
    return {
        "parallelism": spec.rollout.parallelism,
        "delay": spec.rollout.delay,
        "monitor": spec.rollout.monitor,
        "failure_action": on_failure,
        "max_failure_ratio": "0.0",
        "order": update_order(spec),
    }


def _container(spec: ServiceSpec, declared: Declared) -> Any:
    return {
        "image": spec.image,
        "commands": list(spec.command) or None,
        "args": list(spec.args) or None,
        "env": dict(spec.env) or None,
        "configs": [_config(file, declared.configs[file.source]) for file in spec.configs] or None,
        "secrets": [_secret(file, declared.secrets[file.source]) for file in spec.secrets] or None,
        "healthcheck": _healthcheck(spec),
        "stop_grace_period": spec.stop_grace,
        "user": spec.user,
        "read_only": spec.read_only,
    }


def _config(file: MountedFile, source: docker.ServiceConfig) -> Any:
    mode = int(file.mode, 8)
    return {"config_id": source.id, "config_name": source.name, "file_name": file.target, "file_mode": mode}


def _secret(file: MountedFile, source: docker.Secret) -> Any:
    mode = int(file.mode, 8)
    return {"secret_id": source.id, "secret_name": source.name, "file_name": file.target, "file_mode": mode}


def _healthcheck(spec: ServiceSpec) -> Any:
    check = spec.healthcheck
    if check is None:
        return None
    return {
        "tests": list(check.test),
        "interval": check.interval,
        "timeout": check.timeout,
        "retries": check.retries,
        "start_period": check.start_period,
    }


def _resources(spec: ServiceSpec) -> Any:
    """Return the limits, or nothing: the provider can't read an empty block."""
    limits = {}
    if spec.limits.cpus:
        limits["nano_cpus"] = round(spec.limits.cpus * 1e9)
    if spec.limits.memory:
        limits["memory_bytes"] = int(spec.limits.memory)
    return {"limits": limits} if limits else None


def _endpoint(spec: ServiceSpec) -> Any:
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
