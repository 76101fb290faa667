"""`longshore logs` and `longshore events` as they are typed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from cli import main, pulumi, stream
from tests.unit.providers.world import KEY
from tests.unit.watch.engine import Engine, Nodes, at, event

Run = Callable[..., int]


def outputs(*names: str) -> dict[str, Any]:
    nodes = {name: {"connection": {"host": "10.0.0.1", "name": name, "hostKey": KEY}} for name in names}
    return {"cluster": {"nodes": nodes, "services": {"web": [80], "idle": []}}}


@pytest.fixture
def engines() -> dict[str, Engine]:
    made = {"m-1": Engine(), "w-1": Engine()}
    made["m-1"].add("c1", "web", "1")
    made["w-1"].add("c2", "web", "2")
    made["m-1"].write("c1", 2, "second")
    made["w-1"].write("c2", 1, "first")
    return made


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, engines: dict[str, Engine]) -> Run:
    """Run `longshore` with these arguments and return its exit code."""

    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["longshore", *arguments])
        with pytest.raises(SystemExit) as ended:
            main.main()
        return int(ended.value.code or 0)

    monkeypatch.setattr(pulumi, "outputs", lambda _: outputs(*engines))
    monkeypatch.setattr(stream, "Ssh", lambda _clock: Nodes(**engines))
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return run


def test_logs_of_all_nodes_are_one_list(typed: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("logs", "web", "-s", "dev") == 0
    assert capsys.readouterr().out.splitlines() == [
        "2023-11-14T22:13:21.000Z web.2@w-1 | first",
        "2023-11-14T22:13:22.000Z web.1@m-1 | second",
    ]
    assert typed("logs", "-s", "dev", "--json", "--node", "w-1") == 0
    assert json.loads(capsys.readouterr().out)["line"] == "first"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["logs", "wbe"], 5, "no node has a task of `wbe`\n  -> services: web, idle"),
        (["logs", "--node", "w-9"], 5, "has no node w-9\n  -> its nodes: m-1, w-1"),
        (["logs", "--since", "yesterday"], 2, "'yesterday' is neither a time nor"),
        (["logs", "--grep", "("], 2, "'(' is no regular expression"),
        (["events", "--type", "pod"], 2, "no such type: pod"),
    ],
)
def test_what_is_not_there_or_wrong_is_told(
    typed: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert typed(*arguments, "-s", "dev") == code
    assert said in capsys.readouterr().err


def test_a_declared_service_without_tasks_has_no_lines(typed: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("logs", "idle", "-s", "dev") == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("cluster", "fix"),
    [({}, "run `longshore up` first"), ({"nodes": {"w-1": {}}, "contract": "a"}, "ask its platform's stack")],
)
def test_a_stack_that_knows_no_way_to_nodes_says_so(
    typed: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cluster: dict[str, Any], fix: str
) -> None:
    monkeypatch.setattr(pulumi, "outputs", lambda _: {"cluster": cluster})
    assert typed("logs", "-s", "dev") == 4
    assert fix in capsys.readouterr().err


def test_a_lost_node_is_told_beside_the_stream(
    typed: Run, engines: dict[str, Engine], capsys: pytest.CaptureFixture[str]
) -> None:
    engines["w-1"].on = False
    assert typed("logs", "-s", "dev") == 0
    printed = capsys.readouterr()
    assert "second" in printed.out
    assert printed.err == "longshore: w-1 is lost: no route to host; the others go on\n"


def test_ctrl_c_ends_a_stream_with_130(
    typed: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed(_entries: object, _as_json: bool) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stream, "show", pressed)
    assert typed("logs", "-f", "-s", "dev") == 130
    assert "Traceback" not in capsys.readouterr().err


def test_events_are_shown_and_filtered(
    typed: Run, engines: dict[str, Engine], capsys: pytest.CaptureFixture[str]
) -> None:
    engines["m-1"].tell(event("service", "update", "s1", at(3), "swarm", name="web"))
    assert typed("events", "-s", "dev", "--type", "service") == 0
    assert capsys.readouterr().out == "2023-11-14T22:13:23.000Z service@m-1 | update web\n"
    assert typed("events", "-s", "dev", "--since", "2023-11-14T22:13:22Z", "--json") == 0
    assert [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()] == ["web"]


def test_a_beginning_is_a_time_or_how_long_ago() -> None:
    assert stream.second("2023-11-14T23:13:20+01:00") == 1_700_000_000
    assert stream.second(None) is None
    assert abs((stream.second("2h") or 0) - (time.time() - 7200)) < 60
