"""What the user sees while a resource is being worked on: lines in Pulumi's own display."""

from __future__ import annotations

import contextlib
from typing import Protocol

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc


class Narrator(Protocol):
    """Says how it goes with one resource."""

    def status(self, text: str) -> None:
        """Show progress that the next line may overwrite."""

    def warn(self, text: str) -> None:
        """Tell something that went another way than asked."""


class EngineNarrator:
    """Says it through the Pulumi engine, beside the resource's own row."""

    def __init__(self, engine: engine_pb2_grpc.EngineStub, urn: str) -> None:
        self._engine = engine
        self._urn = urn

    def status(self, text: str) -> None:
        """Show progress that the next line may overwrite."""
        self._log(engine_pb2.INFO, text, ephemeral=True)

    def warn(self, text: str) -> None:
        """Tell something that went another way than asked."""
        self._log(engine_pb2.WARNING, text, ephemeral=False)

    def _log(self, severity: engine_pb2.LogSeverity.ValueType, text: str, ephemeral: bool) -> None:
        request = engine_pb2.LogRequest(severity=severity, message=text, urn=self._urn, ephemeral=ephemeral)
        # An engine that is going away no longer listens; the work itself must not fail for that.
        with contextlib.suppress(grpc.RpcError):
            self._engine.Log(request, timeout=5)
