"""Which layers of an environment a stack makes."""

from __future__ import annotations

from pathlib import Path

from components.cluster import DockerCluster
from components.docker_services import DockerServices
from spec.stack import AnySpec, ServicesSpec


def build(spec: AnySpec, root: Path) -> DockerCluster | DockerServices:
    """Make what the stack file declares: a whole cluster, a platform alone, or the services on one."""
    if isinstance(spec, ServicesSpec):
        return DockerServices("services", spec, root)
    return DockerCluster(spec.cluster.name, spec, root)
