"""`logs -f` over a cut connection and a dead machine: told, and no line lost or repeated; then events and the table."""

from __future__ import annotations

import json
import shlex
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.live.following import Following, following
from tests.live.hands import on_manager, on_node, until_converged
from tests.live.project import Project
from tests.live.watch import machines

PATIENCE = 600
CUT, DIES = "lab-workers-2", "lab-workers-1"
COUNTER = """
import signal, sys, time, uuid
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
run, number = uuid.uuid4().hex[:8], 0
while True:
    number += 1
    print(run, number, flush=True)
    time.sleep(0.2)
"""
CREATE = "docker service create --detach --no-healthcheck --name counter --mode global --constraint node.role==worker"

EVENTS = ("events", "-f", "--json", "--since", "5m", "--type", "container", "--type", "service", "--type", "node")


@contextmanager
def counting(project: Project) -> Iterator[None]:
    """A service made by hand that numbers its lines, on each worker; its runs have names."""
    image = on_manager(
        project, "docker service inspect --format {{.Spec.TaskTemplate.ContainerSpec.Image}} web"
    ).strip()
    on_manager(project, f"{CREATE} {image} python3 -u -c {shlex.quote(COUNTER)}")
    try:
        yield
    finally:
        on_manager(project, "docker service rm counter")


def told(stream: Following, node: str | None = None) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in stream.lines()]
    return [each for each in found if node in (None, each["node"])]


def await_line(project: Project, stream: Following, node: str, after: int) -> None:
    assert project.until(lambda: len(told(stream, node)) > after, PATIENCE), f"no line of {node}: {stream.complaints()}"


def await_said(project: Project, stream: Following, text: str) -> None:
    assert project.until(lambda: text in stream.complaints(), PATIENCE), stream.complaints()


def await_start(project: Project, stream: Following, node: str, times: int) -> None:
    def starts() -> int:
        return len([each for each in told(stream, node) if each["action"] == "start" and "counter." in each["name"]])

    assert project.until(lambda: starts() >= times, PATIENCE), f"no start on {node}: {stream.complaints()}"


def runs(lines: list[dict[str, Any]]) -> dict[tuple[str, str], list[int]]:
    """Return the numbers that each run of the counter printed, in the order of the stream."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for each in lines:
        run, number = each["line"].split()
        found[each["node"], run].append(int(number))
    return found


def test_streams_lose_and_repeat_nothing_when_a_connection_is_cut_and_when_a_machine_dies(
    running: Project, tmp_path: Path
) -> None:
    logs = following(running, tmp_path / "logs", "logs", "counter", "-f", "--json", "--since", "1h")
    with following(running, tmp_path / "events", *EVENTS) as events, counting(running), logs as stream:
        for node in (CUT, DIES):
            await_line(running, stream, node, after=0)
            await_start(running, events, node, times=1)

        on_node(running, CUT, "systemctl stop ssh; pkill -x sshd || true")
        await_said(running, stream, f"{CUT} is lost: ")
        await_line(running, stream, DIES, after=len(told(stream, DIES)))
        on_node(running, CUT, "systemctl start ssh")
        await_said(running, stream, f"{CUT} is back")
        await_line(running, stream, CUT, after=len(told(stream, CUT)))

        dead = {run for node, run in runs(told(stream)) if node == DIES}
        running.docker("kill", *machines(running, DIES))
        await_said(running, stream, f"{DIES} is lost: ")
        await_line(running, stream, CUT, after=len(told(stream, CUT)))
        running.ok("up", "--stack", "lab", "--yes")
        await_said(running, stream, f"{DIES} is back")
        again = running.until(lambda: any(n == DIES and run not in dead for n, run in runs(told(stream))), PATIENCE)
        assert again, stream.complaints()
        assert stream.interrupt() == 130

        for (node, run), numbers in runs(told(stream)).items():
            assert numbers == list(range(1, len(numbers) + 1)), f"{run} on {node}"
        assert {each["service"] for each in told(stream)} == {"counter"}
        assert "Traceback" not in stream.complaints()
        events_are_all_told_and_once(running, events)
    until_converged(running)


def events_are_all_told_and_once(project: Project, stream: Following) -> None:
    """Two machines started the counter, one of them twice; each of three managers tells that it was made."""
    await_start(project, stream, DIES, times=2)
    await_said(project, stream, f"{DIES} is back")
    assert stream.interrupt() == 130
    swarm = [(each["id"], each["action"], each["time"]) for each in told(stream) if each["scope"] == "swarm"]
    assert len(set(swarm)) == len(swarm)
    assert [each["action"] for each in told(stream) if each["name"] == "counter"].count("create") == 1
    assert any(each["name"] == DIES and each["type"] == "node" for each in told(stream))
    assert "Traceback" not in stream.complaints()


def test_logs_are_filtered_and_what_is_not_there_is_told(running: Project) -> None:
    output = running.ok("logs", "web", "--tail", "3", "--node", CUT)
    assert all("web" in line and f"@{CUT} | " in line for line in output.splitlines())
    for arguments, code, said in (
        (("logs", "wbe"), 5, "services: cache, ingress, web, worker"),
        (("logs", "--node", "lab-workers-9"), 5, "has no node lab-workers-9"),
        (("logs", "--since", "yesterday"), 2, "yesterday"),
    ):
        done = running.run(*arguments)
        assert done.code == code
        assert said in " ".join(done.output.split())
        assert "Traceback" not in done.output


def test_the_live_table_is_printed_once_in_a_pipe(running: Project) -> None:
    output = running.ok("status", "--watch")
    for text in ("Nodes", "lab-managers-1", "Services", "rollout", "Tasks", "web.1", "running"):
        assert text in output
