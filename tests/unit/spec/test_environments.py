"""What stacks/environments.yaml can't say, told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from release import environments
from spec.errors import LongshoreError
from tests.releases import declared

CASES = {
    "environments: {}": ("environments", "at least 1 item"),
    "environments: {dev: {stack: [dev]}}": ("environments.dev.stack", "did you mean `stacks`?"),
    "environments: {dev: {}}": ("environments.dev", "exactly one of `stacks` and `waves`"),
    "environments: {dev: {stacks: [a], waves: [[b]]}}": ("environments.dev", "exactly one"),
    "environments: {dev: {stacks: [a, a]}}": ("environments.dev", "names a twice"),
    "environments: {dev: {waves: [[a], []]}}": ("environments.dev", "empty wave"),
    "environments: {dev: {stacks: [a]}, prod: {stacks: [a]}}": ("", "belongs to dev and to prod"),
    "environments: {dev: {stacks: [a], after: [test]}}": ("", "test, which is not declared; declared: dev"),
    "environments: {a: {stacks: [a], after: [b]}, b: {stacks: [b], after: [a]}}": ("", "a, b come after each other"),
    "environments: {dev: {stacks: [a], after: [dev]}}": ("", "in a circle"),
    "environments: {all: {stacks: [a]}}": ("", "can be called all"),
    "environments: {a: {stacks: [a]}}\nfreezes: {b: []}": ("", "the freezes of b: no such environment"),
    "environments: {a: {stacks: [a], gates: {soak: 1 day}}}": ("environments.a.gates.soak", "pattern"),
    "environments: {a: {stacks: [a], gates: {windows: [{zone: Mars/Base}]}}}": ("gates.windows.0.zone", "no time zone"),
    "environments: {a: {stacks: [a], gates: {windows: [{zone: ../etc/passwd}]}}}": ("windows.0.zone", "no time zone"),
    "environments: {a: {stacks: [a], gates: {windows: [{zone: UTC, start: 9am}]}}}": ("windows.0.start", "pattern"),
    "environments: {a: {stacks: [a], gates: {approvals: {count: 2, by: [Ada]}}}}": ("gates.approvals", "fewer people"),
    "environments: {a: {stacks: [a], verify: {http: [{path: /}]}}}": ("verify.http.0", "exactly one of `url`"),
    "environments: {a: {stacks: [a], verify: {tcp: [{host: h}]}}}": ("verify.tcp.0", "needs `port`"),
    "a: [": ("", "is not YAML"),
    "- 1": ("", "should be a valid dictionary"),
}


@pytest.mark.parametrize("text", CASES)
def test_a_mistake_is_named(text: str) -> None:
    with pytest.raises(LongshoreError) as caught:
        environments.parse(text)
    where, found = CASES[text]
    message = str(caught.value)
    assert message.startswith("stacks/environments.yaml")
    assert where in message
    assert found in message


def test_a_freeze_that_ends_before_it_starts_is_named() -> None:
    text = """
        environments: {a: {stacks: [a]}}
        freezes: {all: [{start: 2026-12-20T00:00, end: 2026-12-19T00:00, zone: UTC, reason: holidays}]}
    """
    with pytest.raises(LongshoreError, match="should end after it starts"):
        environments.parse(text)


def test_the_order_follows_the_graph() -> None:
    text = """
        environments:
          prod: {stacks: [p], after: [eu, us]}
          us: {stacks: [u], after: [dev]}
          eu: {stacks: [e], after: [dev]}
          dev: {stacks: [d]}
    """
    assert declared(text).order() == ("dev", "us", "eu", "prod")


def test_stacks_and_waves_say_the_same_in_two_ways() -> None:
    text = "environments: {a: {stacks: [x, y]}, b: {waves: [[v], [w, z]]}}"
    found = declared(text)
    assert found.environments["a"].groups == (("x", "y"),)
    assert found.environments["b"].groups == (("v",), ("w", "z"))
    assert found.environments["b"].all_stacks == ("v", "w", "z")
    assert environments.of_stack(found, "z") == "b"
    assert environments.of_stack(found, "q") == ""


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(LongshoreError, match=r"environments\.yaml: is missing"):
        environments.load(tmp_path)
    with pytest.raises(LongshoreError, match=r"use one of .*: dev, staging, prod"):
        environments.environment(declared(), "production")
