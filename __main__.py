"""The Pulumi program: load the spec, build, export."""

from pathlib import Path

import pulumi

from components.cluster import DockerCluster
from spec.errors import LongshoreError
from spec.load import load_spec

try:
    spec = load_spec(pulumi.Config("longshore"), pulumi.get_stack(), Path(__file__).parent)
    cluster = DockerCluster(spec.cluster.name, spec, Path(__file__).parent)
except LongshoreError as error:
    raise pulumi.RunError(str(error)) from None
pulumi.export("cluster", cluster.outputs)
