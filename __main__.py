"""The Pulumi program: load the spec, build, export."""

from pathlib import Path

import pulumi

from components.layers import build
from spec.errors import LongshoreError
from spec.load import load_spec

try:
    spec = load_spec(pulumi.Config("longshore"), pulumi.get_stack(), Path(__file__).parent)
    made = build(spec, Path(__file__).parent)
except LongshoreError as error:
    raise pulumi.RunError(str(error)) from None
for name, value in made.exports.items():
    pulumi.export(name, value)
