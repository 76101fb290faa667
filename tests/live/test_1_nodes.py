"""The nodes as the baseline and the overlay probe see them, well and with a fault made by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.live.project import Project

VICTIM = "lab-workers-1"
DROP = ("-p", "udp", "--dport", "4789", "-j", "DROP")


def machine(project: Project, name: str) -> str:
    names = project.docker("ps", "--format", "'{{.Names}}'").split()
    (found,) = [each for each in names if each.startswith(f"vcsim-{name}-")]
    return found


@contextmanager
def made_worse(project: Project, name: str, fault: list[str], remedy: list[str]) -> Iterator[None]:
    """Run a command on a node's machine, and another one afterwards."""
    where = machine(project, name)
    project.docker("exec", where, *fault)
    try:
        yield
    finally:
        project.docker("exec", where, *remedy)


def filtered(project: Project, name: str) -> Any:
    return made_worse(project, name, ["iptables", "-I", "INPUT", *DROP], ["iptables", "-D", "INPUT", *DROP])


def faults(project: Project) -> list[dict[str, Any]]:
    done = project.run("nodes", "--probe", "--json")
    assert done.code == 5, done.output
    probe = json.loads(done.output[: done.output.index("\n}\n") + 2])["probe"]
    assert probe["silent"] == {}
    found: list[dict[str, Any]] = probe["faults"]
    return found


def test_every_engine_passes_the_baseline_and_every_path_is_fine(running: Project) -> None:
    output = running.ok("nodes", "--check", "--probe")
    assert "every kind of traffic gets through, both ways" in output
    assert " fail " not in output


def test_an_engine_that_was_changed_by_hand_fails_the_check(running: Project) -> None:
    config = "/etc/docker/daemon.json"
    loosen, tighten = (["chmod", mode, config] for mode in ("0666", "0644"))
    with made_worse(running, VICTIM, loosen, tighten):
        done = running.run("nodes", "--check")
    assert done.code == 4
    assert f"{VICTIM}: {config} is 666 root:root, at most 644 root:root" in done.output
    running.ok("nodes", "--check")


def test_a_node_that_drops_vxlan_is_named_with_the_cause(running: Project) -> None:
    with filtered(running, VICTIM):
        (fault,) = faults(running)
    assert fault["cause"] == "filtered"
    assert {lost["to"] for lost in fault["lost"]} == {VICTIM}
    assert f"to {VICTIM}: 4789/udp is filtered" in fault["found"]


def test_a_node_with_a_small_mtu_is_named_with_the_cause(running: Project) -> None:
    mtu = ["ip", "link", "set", "eth0", "mtu"]
    with made_worse(running, VICTIM, [*mtu, "1400"], [*mtu, "1500"]):
        (fault,) = faults(running)
    assert fault["cause"] == "mtu"
    assert {lost["to"] for lost in fault["lost"]} == {VICTIM}
    assert "1500 with VXLAN" in fault["found"]


def test_a_node_that_joins_without_an_overlay_is_refused_and_the_next_up_continues(running: Project) -> None:
    def scale(config: dict[str, Any]) -> None:
        config["longshore:cluster"]["pools"]["workers"]["count"] = 3

    with running.edited(scale):
        with (
            filtered(running, "lab-managers-1"),
            filtered(running, "lab-managers-2"),
            filtered(running, "lab-managers-3"),
        ):
            refused = running.run("up", "--yes")
        assert refused.code != 0
        assert "4789/udp is filtered" in refused.output
        assert "Traceback" not in refused.output
        running.ok("up", "--yes")
    running.ok("up", "--yes")
    assert "lab-workers-3" not in running.ok("status")
