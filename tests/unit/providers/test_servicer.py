"""What a user reads when something goes wrong, and what the engine is told beside it."""

from __future__ import annotations

import pytest

from providers.swarm.handler import PartialError, State
from providers.swarm.servicer import details, sentence
from spec.errors import EngineError, LabError, LongshoreError, SpecError, SwarmError


@pytest.mark.parametrize("kind", [EngineError, LabError, LongshoreError, SpecError, SwarmError])
def test_an_expected_failure_reads_as_it_is(kind: type[LongshoreError]) -> None:
    assert sentence(kind("m1", "is away", "switch it on")) == "m1: is away\n  -> switch it on"


def raised() -> BaseException:
    try:
        return ValueError(int("not a number"))
    except ValueError as error:
        return error


def test_a_bug_names_its_place_in_one_line_and_asks_for_a_report() -> None:
    said = sentence(raised())
    assert said.startswith("swarm provider: ValueError: invalid literal")
    assert "(test_servicer.py:" in said
    assert said.endswith("\n  -> this is a bug of Longshore: report it")
    assert "Traceback" not in said


def test_a_bug_that_was_never_raised_is_nowhere() -> None:
    assert "(nowhere)" in sentence(KeyError("managers"))


@pytest.mark.parametrize("reason", [SwarmError("m1", "x"), KeyError("x")])
def test_only_what_exists_is_recorded(reason: BaseException) -> None:
    assert details(reason) == ()


def test_a_partial_failure_keeps_the_reasons_words() -> None:
    reason = PartialError(SwarmError("w1", "not ready", "wait"), State("node-1", {}))
    assert (reason.where, reason.found, reason.fix) == ("w1", "not ready", "wait")
    assert isinstance(reason, LongshoreError)
    assert dict(details(reason))
