"""What the engine tells a pack about its stack, and pulumi_policy keeps to itself.

The engine names stack and configuration in ConfigureStack, before it asks how binding the policies are. pulumi_policy
takes the stack's tags from that call and nothing else; the variables it reads instead are set by some hosts only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pulumi_policy import policy

Bind = Callable[[str, Mapping[str, str]], None]


def listen(bind: Bind) -> None:
    """Have `bind` called with the stack's name and its configuration, as soon as the engine tells them."""
    policy._PolicyAnalyzerServicer = servicer(bind)  # type: ignore[misc]


def servicer(bind: Bind) -> type[policy._PolicyAnalyzerServicer]:
    """Return pulumi_policy's answers to the engine, with ours to ConfigureStack in front."""

    class Listening(policy._PolicyAnalyzerServicer):
        def ConfigureStack(self, request: Any, context: Any) -> Any:  # noqa: N802  gRPC's name
            """Take the stack's name and its configuration, then go on as before."""
            bind(request.stack, dict(request.config))
            return super().ConfigureStack(request, context)

    return Listening
