"""The gRPC side of the provider: what goes wrong reaches the user as a sentence, never as a traceback."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2, status_pb2

from providers.swarm.handler import PartialError
from providers.swarm.properties import wrapped
from spec.errors import LongshoreError

Details = tuple[tuple[str, bytes], ...]


class PlainServicer(ProviderServicer):
    """The SDK's servicer, but for how it fails, and what a deletion gets to know."""

    async def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Check a resource's inputs."""
        return await _plainly(super().Check, request, context)

    async def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Compare a resource with its inputs."""
        return await _plainly(super().Diff, request, context)

    async def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Create a resource."""
        return await _plainly(super().Create, request, context)

    async def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Read a resource."""
        return await _plainly(super().Read, request, context)

    async def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Update a resource."""
        return await _plainly(super().Update, request, context)

    async def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Delete a resource, as its latest inputs say: recorded outputs may name managers that are long gone."""
        request.properties.update(dict(request.old_inputs.items()))
        return await _plainly(super().Delete, request, context)


async def _plainly(method: Callable[[Any, Any], Awaitable[Any]], request: Any, context: Any) -> Any:
    try:
        return await method(request, context)
    except Exception as wrapper:
        # The SDK wraps what was raised into an exception whose text holds the traceback.
        reason = wrapper.__context__ if isinstance(wrapper.__context__, Exception) else wrapper
        await context.abort(grpc.StatusCode.UNKNOWN, sentence(reason), details(reason))
        raise


def sentence(reason: BaseException) -> str:
    """Return what the user reads."""
    if isinstance(reason, LongshoreError):
        return str(reason)
    trace = reason.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "nowhere"
    return f"swarm provider: {type(reason).__name__}: {reason} ({place})\n  -> this is a bug of Longshore: report it"


def details(reason: BaseException) -> Details:
    """Return what tells the engine that a resource exists although its creation failed."""
    if not isinstance(reason, PartialError):
        return ()
    failed = provider_pb2.ErrorResourceInitFailed(
        id=reason.state.id or "",
        properties=PropertyValue.marshal_map(wrapped(reason.state.outputs)),
        reasons=[str(reason)],
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(reason))
    status.details.add().Pack(failed)
    return (("grpc-status-details-bin", status.SerializeToString()),)
