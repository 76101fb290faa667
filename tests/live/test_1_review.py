"""Prepared changes of a running stack, reviewed: the verdict, the exit code and the sentences that a reviewer reads.

Nothing is applied: the stack is left as it was found.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.live.project import Done, Project

Config = dict[str, Any]
FOLDER = "tests/live/volumes"


def image_bump(config: Config) -> None:
    web = config["longshore:services"]["web"]
    web["image"] = web["image"].split("@")[0].replace(":1.0", ":1.1")


def replica_change(config: Config) -> None:
    config["longshore:services"]["worker"]["replicas"] = 3


def generation_bump(config: Config) -> None:
    config["longshore:cluster"]["pools"]["managers"]["generation"] = 2


def memory_shrink(config: Config) -> None:
    config["longshore:cluster"]["pools"]["workers"]["memory"] = "4 GiB"


def unchanged(_: Config) -> None:
    """Leave it to Pulumi to change the file."""


def no_template(config: Config) -> None:
    config["longshore:target"]["template"] = "no-such-template"


def reviewed(project: Project, *flags: str) -> Done:
    return project.run("review", "run", "-s", "lab", "--format", "github", *flags)


@pytest.mark.parametrize(
    ("change", "environment", "code", "says"),
    [
        (image_bump, "lab", 0, ["`lab/web` docker Service", "(tag"]),
        (image_bump, "prod", 20, ["**IMAGE-UNPINNED** (lab) `web`", "longshore review ack IMAGE-UNPINNED-"]),
        (replica_change, "prod", 0, ["`mode.replicated.replicas` 2 → 3", "nothing that needs your attention"]),
        (generation_bump, "prod", 40, ["### Preview failed", "that leaves 0 of 3; quorum needs 2"]),
        (memory_shrink, "prod", 30, ["**VM-REBOOT-FLEET** (lab)", "memory can't be taken from a running machine"]),
        (memory_shrink, "lab", 0, ["`memory` 8192 → 4096 MiB"]),
        (no_template, "lab", 40, ["### Preview failed", "target.template: no-such-template"]),
    ],
)
def test_a_prepared_change(
    running: Project, change: Callable[[Config], None], environment: str, code: int, says: list[str]
) -> None:
    with running.edited(change):
        done = reviewed(running, "--environment", environment)
    assert done.code == code
    assert not [each for each in says if each not in done.output]
    assert "lab: previewing" in done.output


def test_no_change_is_a_report_too(running: Project) -> None:
    done = reviewed(running, "--detailed-exitcode")
    assert (done.code, "no change" in done.output) == (0, True)


def test_a_rotated_secret_is_told_and_not_shown(running: Project) -> None:
    with running.edited(unchanged):
        running.pulumi(
            "config", "set", "--secret", "--path", "longshore:secrets.cache-password", "canary-of-a-test", "-s", "lab"
        )
        done = reviewed(running, "--environment", "prod")
    assert done.code == 0
    assert "**SECRET-ROTATED** (lab) `cache-password` gets another content" in done.output
    assert "canary" not in done.output


def test_a_changed_label_of_a_volume_blocks(running: Project) -> None:
    """A stack file declares no volumes: a program of its own does, on the lab's engine."""
    with volume(running) as log:
        running.pulumi("config", "set", "tier", "silver", "--stack", "data", "--cwd", FOLDER)
        running.in_lab(
            f"PULUMI_DEBUG_COMMANDS=true pulumi preview --stack data --cwd {FOLDER} --event-log {log} --non-interactive"
        )
        done = running.run("review", "show", log, "--format", "github", "--environment", "prod")
    assert done.code == 30
    assert "**VOLUME-REPLACED** (data) volume `data`" in done.output
    assert "Only a label changes." in done.output


@contextmanager
def volume(project: Project) -> Iterator[str]:
    """A stack of one volume; where its event log may be written."""
    project.pulumi("stack", "init", "data", "--cwd", FOLDER)
    project.pulumi("config", "set", "tier", "gold", "--stack", "data", "--cwd", FOLDER)
    project.pulumi("up", "--yes", "--skip-preview", "--stack", "data", "--cwd", FOLDER)
    try:
        yield str(project.folder / "volumes.jsonl")
    finally:
        project.pulumi("destroy", "--yes", "--skip-preview", "--stack", "data", "--cwd", FOLDER)


def test_the_base_tells_what_is_pending_and_a_rehearsal_needs_no_lab(running: Project) -> None:
    git(running, "init", "--quiet")
    with running.edited(replica_change):
        git(running, "add", "--all")
        git(running, "add", "--force", "stacks/Pulumi.lab.yaml")
        git(running, "commit", "--quiet", "--message", "base")
    with running.edited(both):
        done = running.run("review", "run", "-s", "lab", "--base", "HEAD", "--format", "json")
        rehearsed = reviewed(running, "--untrusted", "--base", "HEAD")
    (stack,) = json.loads(done.output[done.output.index("{") :])["stacks"]
    assert {urn.rpartition("::")[2] for urn in stack["pending"]} == {"worker", "worker-ready"}
    changed = {each["name"] for each in stack["model"]["resources"] if each["action"] == "update"}
    assert {"worker", "web"} <= changed
    assert rehearsed.code == 0
    assert "Not compared with real state" in rehearsed.output
    assert "1 difference in the stack file" in rehearsed.output


def both(config: Config) -> None:
    replica_change(config)
    image_bump(config)


def git(project: Project, *arguments: str) -> None:
    author = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    subprocess.run(["git", *author, *arguments], cwd=project.folder, check=True, capture_output=True)
