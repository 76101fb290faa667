"""What an operator does by hand, past Longshore: by the docker CLI on a manager, and in vCenter."""

from __future__ import annotations

import json
import time
from typing import Any

from pyVmomi import vim
from ruamel.yaml import YAML

from cli.vcenter import finish
from components.targets.vsphere.session import connected
from providers.swarm.clock import Clock
from providers.swarm.connection import connection_from
from providers.swarm.ssh import Ssh
from spec.errors import LongshoreError
from tests.live.project import Project

LINE = "DC0/vm/longshore-{stack}/{machine}"


def on_manager(project: Project, command: str, stack: str = "lab") -> str:
    """Run a shell command on a stack's first manager."""
    cluster = json.loads(project.ok("pulumi", "stack", "output", "--json", "--stack", stack))["cluster"]
    ran = Ssh(Clock()).run(connection_from(cluster["managers"][0]), command, 60)
    assert ran.code == 0, ran.output
    return ran.output


def until_converged(project: Project, stack: str = "lab") -> None:
    """Wait until the first manager answers and every service runs as many tasks as it should."""
    all_run = "docker service ls --format {{.Replicas}} | awk -F'[/ ]' '$1 != $2 {bad = 1} END {exit bad}'"
    deadline = time.monotonic() + 120
    while True:
        try:
            on_manager(project, f"for i in $(seq 15); do {all_run} && exit 0; sleep 1; done; exit 1", stack)
        except (LongshoreError, AssertionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(2)
        else:
            return


def on_node(project: Project, name: str, command: str) -> str:
    """Run a shell command on a node, past its sshd."""
    [container] = [each for each in project.docker("ps", "--format", "{{.Names}}").split() if name in each]
    return project.docker("exec", container, "sh", "-c", f"'{command}'")


def migrate(project: Project, machine: str, host: int, stack: str = "lab") -> tuple[str, str]:
    """Move a machine to the cluster's host number `host`, as vMotion does; return that host's identifier and name."""
    target = _target(project, stack)
    with connected(target["server"], target["user"], target["password"], True) as session:
        content = session.RetrieveContent()
        found: Any = content.searchIndex.FindByInventoryPath(LINE.format(stack=stack, machine=machine))
        place = content.searchIndex.FindByInventoryPath("DC0/host/DC0_C0").host[host]
        spec: Any = vim.vm.RelocateSpec
        finish(found.RelocateVM_Task(spec(host=place)))
        return str(place._moId), str(place.name)


def _target(project: Project, stack: str) -> dict[str, Any]:
    config = YAML(typ="safe").load(project.folder / "stacks" / f"Pulumi.{stack}.yaml")["config"]
    password = (project.folder / ".lab" / "vcenter-password").read_text().strip()
    return {**config["longshore:target"], "password": password}
