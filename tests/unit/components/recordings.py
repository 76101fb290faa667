"""Recordings of the sample stack, each made once: of the whole cluster, or of only what services are made of."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi

from components.cluster import DockerCluster
from components.container import Declared
from components.network import network
from components.secret import contents, stored
from components.service import Members, service
from components.services import place
from spec.stack import StackSpec
from tests.recorder import Recording, build
from tests.specs import stack

Changes = dict[str, Any] | None
_MADE: dict[str, Recording] = {}


def whole(changes: Changes = None, root: Path | None = None) -> Recording:
    return _once("whole", changes, lambda spec: DockerCluster("shop", spec, root or Path()), root)


def services(changes: Changes = None, root: Path | None = None) -> Recording:
    return _once("services", changes, lambda spec: _run(spec, root or Path()), root)


def _run(spec: StackSpec, root: Path) -> None:
    opts = pulumi.ResourceOptions()
    manager = pulumi.Output.from_input({"host": "10.20.0.11", "hostKey": "ssh-ed25519 KEY"})
    members = Members([manager], pulumi.Output.from_input("swarm-1"), spec.cluster.count("manager"))
    kept = stored(spec, contents(spec, root), place(members, spec.generations), opts)
    networks = {each: network(each, one, opts) for each, one in spec.networks.items()}
    declared = Declared(networks=networks, configs=kept.configs, secrets=kept.secrets)
    for each, one in spec.services.items():
        service(each, one, declared, members, opts)


def _once(kind: str, changes: Changes, program: Callable[[StackSpec], object], root: Path | None) -> Recording:
    key = json.dumps([kind, changes, str(root)])
    if key not in _MADE:
        spec = stack(changes)
        _MADE[key] = build(lambda: program(spec))
    return _MADE[key]
