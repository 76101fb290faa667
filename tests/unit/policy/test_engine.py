"""What the engine says to the pack, in its own messages."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel
from pulumi_policy import policy as library

from policy import engine
from policy.pack import Pack


def test_the_stack_is_known_before_the_engine_asks_how_binding_the_policies_are() -> None:
    pack = Pack()
    kind = engine.servicer(pack.bind)
    service = kind("longshore", "0.0.1", pack.policies, EnforcementLevel.ADVISORY)
    request = analyzer_pb2.AnalyzerStackConfigureRequest(stack="dev", project="shop", tags={"owner": "me"})
    service.ConfigureStack(request, None)
    answer: analyzer_pb2.AnalyzerInfo = service.GetAnalyzerInfo(None, None)  # type: ignore[no-untyped-call]
    levels = {each.name: each.enforcementLevel for each in answer.policies}
    assert levels["image-pinned"] == analyzer_pb2.ADVISORY
    assert levels["limits-set"] == analyzer_pb2.DISABLED
    assert levels["no-secret-in-env"] == analyzer_pb2.MANDATORY


def test_the_configuration_is_passed_on() -> None:
    told: list[tuple[str, Mapping[str, str]]] = []
    service = engine.servicer(lambda stack, config: told.append((stack, config)))(
        "longshore", "0.0.1", list(Pack().policies), EnforcementLevel.ADVISORY
    )
    config = {"longshore:services": "{}"}
    service.ConfigureStack(analyzer_pb2.AnalyzerStackConfigureRequest(stack="prod", config=config), None)
    assert told == [("prod", config)]


def test_the_library_makes_the_listening_one(monkeypatch: pytest.MonkeyPatch) -> None:
    before = library._PolicyAnalyzerServicer
    monkeypatch.setattr(library, "_PolicyAnalyzerServicer", before)
    engine.listen(lambda *_: None)
    assert issubclass(library._PolicyAnalyzerServicer, before)
    assert library._PolicyAnalyzerServicer is not before
