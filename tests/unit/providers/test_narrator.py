"""What reaches the user's display, and that nobody's listening stops no work."""

from __future__ import annotations

from typing import Any

import grpc  # type: ignore[import-untyped]
from pulumi.runtime.proto import engine_pb2

from providers.swarm.narrator import EngineNarrator


class Engine:
    """Hears every line, unless it has gone."""

    def __init__(self, gone: bool = False) -> None:
        self.gone = gone
        self.heard: list[Any] = []

    def Log(self, request: Any, timeout: float) -> None:  # noqa: N802  the engine's name for it
        assert timeout > 0
        if self.gone:
            raise grpc.RpcError
        self.heard.append(request)


def test_progress_is_overwritten_and_a_warning_stays() -> None:
    engine: Any = Engine()
    narrator = EngineNarrator(engine, "urn:x")
    narrator.status("waiting")
    narrator.warn("not as asked")
    first, second = engine.heard
    assert (first.message, first.severity, first.ephemeral) == ("waiting", engine_pb2.INFO, True)
    assert (second.message, second.severity, second.ephemeral) == ("not as asked", engine_pb2.WARNING, False)
    assert {first.urn, second.urn} == {"urn:x"}


def test_an_engine_that_has_gone_stops_no_work() -> None:
    engine: Any = Engine(gone=True)
    EngineNarrator(engine, "urn:x").warn("nobody hears this")
    assert engine.heard == []
