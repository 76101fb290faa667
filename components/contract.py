"""The Docker-ready contract of a platform, made from its spec and what its engines said."""

from __future__ import annotations

from typing import Any

import pulumi

from components.daemon import daemon
from components.platform import Platform
from spec.contract import sealed
from spec.stack import StackSpec


def promise(spec: StackSpec, made: Platform) -> pulumi.Output[dict[str, Any]]:
    """Return the contract of a platform whose members have all joined."""
    first = made.managers[0]
    facts: pulumi.Output[dict[str, Any]] = pulumi.Output.all(
        swarm_id=made.identity.swarm_id,
        managers=[each.connection for each in made.managers],
        version=first.engine_version,
        api=first.api_version,
        storage_driver=first.storage_driver,
        cgroup=first.cgroup_version,
        joined=[each.node_id for each in made.members],
        addresses={node.name: made.address(node) for node in made.nodes},
    )
    return facts.apply(lambda known: sealed(_promised(spec, made, known)))


def _promised(spec: StackSpec, made: Platform, known: dict[str, Any]) -> dict[str, Any]:
    said = {key: known[key] for key in ("version", "api", "storage_driver", "cgroup")}
    return {
        "cluster": spec.cluster.name,
        "swarm_id": known["swarm_id"],
        "engine": {**said, "log_driver": daemon(spec.engine)["log-driver"]},
        "managers": [_reachable(each) for each in known["managers"]],
        "key_file": spec.engine.ssh.key_file,
        "nodes": {node.name: _node(known["addresses"][node.name], node.pool_name, node.pool) for node in made.nodes},
        "addresses": {
            "nodes": str(spec.target.network.cidr),
            "overlay_pool": [str(pool) for pool in spec.cluster.overlay_pool],
            "overlay_prefix": spec.cluster.overlay_prefix,
            "data_path_port": spec.cluster.data_path_port,
        },
    }


def _node(address: Any, pool_name: str, pool: Any) -> dict[str, Any]:
    return {"address": str(address), "pool": pool_name, "role": pool.role, "labels": {"pool": pool_name, **pool.labels}}


def _reachable(connection: dict[str, Any]) -> dict[str, Any]:
    """Leave out where the private key lies on this machine."""
    return {key: connection[key] for key in ("name", "host", "port", "user", "hostKey")}
