"""`longshore status --watch`: once in a pipe; in a terminal again and again, over managers that go away."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from cli import live
from providers.swarm.clock import Clock, StoppedError
from spec.errors import EngineError, SwarmError
from upkeep import reach
from watch.board import Lists

NODE = {"ID": "n1", "Spec": {"Role": "worker", "Availability": "active"}, "Description": {"Hostname": "w-1"},
        "Status": {"State": "ready"}}  # fmt: skip


class Manager:
    """What a manager says; it goes away after some looks."""

    def __init__(self, looks: int) -> None:
        self.client = SimpleNamespace(nodes=self._nodes, tasks=list)
        self._left = looks

    def _nodes(self) -> list[dict[str, Any]]:
        if not self._left:
            raise EngineError("m-1", "went away")
        self._left -= 1
        return [NODE]

    def services(self) -> list[dict[str, Any]]:
        return []


class Pauses(Clock):
    """Counts pauses instead of waiting, and stops after some."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._left = count

    def pause(self, seconds: float) -> None:
        assert seconds > 0
        self._left -= 1
        if self._left < 0:
            raise StoppedError("swarm", "cancelled")


@pytest.fixture(autouse=True)
def _world(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def swarm_of(_cluster: object) -> Iterator[Manager]:
        yield Manager(2)

    monkeypatch.setattr(live, "swarm_of", swarm_of)
    monkeypatch.setattr("cli.pulumi.outputs", lambda _: {"cluster": {}})


def test_a_stack_without_a_cluster_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "swarm_of", reach.swarm_of)
    with pytest.raises(SwarmError, match="has no manager yet"):
        live.watch("dev", Console(file=io.StringIO()))


def test_a_pipe_gets_the_table_once() -> None:
    out = io.StringIO()
    live.watch("dev", Console(file=out, width=120))
    assert out.getvalue().count("w-1") == 1
    assert out.getvalue().count("Services") == 1


def test_a_manager_that_goes_away_is_said_over_its_last_lists() -> None:
    looks: list[tuple[Lists, str]] = []
    with pytest.raises(StoppedError):
        live.redraw({}, Pauses(4), lambda *look: looks.append(look))
    assert [note for _, note in looks] == ["", "", "asking again: m-1: went away", "", ""]
    assert all(found.nodes == [NODE] for found, _ in looks)


def test_a_terminal_is_drawn_until_it_is_stopped() -> None:
    out = io.StringIO()
    with pytest.raises(StoppedError):
        live.watch("dev", Console(file=out, width=120, force_terminal=True), Pauses(1))
    assert out.getvalue().count("w-1") > 1
