"""Only the machines of a stack: those of a cloud that records machines and boots none have no engine to wait for."""

import sys
from pathlib import Path

import pulumi

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from components.machine import machines  # noqa: E402
from components.names import nodes  # noqa: E402
from spec.errors import LongshoreError  # noqa: E402
from spec.load import load_spec  # noqa: E402
from spec.stack import StackSpec  # noqa: E402

try:
    spec = load_spec(pulumi.Config("longshore"), pulumi.get_stack(), ROOT)
    assert isinstance(spec, StackSpec)
    made = machines(spec, list(nodes(spec.cluster)), pulumi.ResourceOptions())
except LongshoreError as error:
    raise pulumi.RunError(str(error)) from None
pulumi.export("machines", {name: each.id for name, each in made.items()})
