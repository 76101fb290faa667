"""Nothing is left: first of the stack, then of the lab."""

from __future__ import annotations

import json
import subprocess

from tests.live.project import Project


def test_destroy_leaves_no_machine(running: Project) -> None:
    running.ok("destroy", "--stack", "lab", "--yes")
    assert "lab-" not in running.docker("ps", "--all", "--format", "{{.Names}}")
    state = json.loads(running.ok("pulumi", "stack", "export", "--stack", "lab"))
    assert not state["deployment"].get("resources")


def test_down_leaves_nothing_of_ours(running: Project) -> None:
    running.ok("lab", "down")
    folder = str(running.folder)
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    mounts = subprocess.run(["cat", "/proc/mounts"], capture_output=True, text=True, check=True).stdout
    assert f"{folder}/.lab" not in processes
    assert f"{folder}/.lab" not in mounts
    running.ok("lab", "down")
