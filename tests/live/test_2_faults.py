"""Bad input and faults on a small stack of its own: a clear message, no traceback, nothing lost."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.live.project import Project

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def small(running: Project) -> Iterator[Project]:
    """Stack `small`: one manager, one service; made from the lab's own values."""
    source = running.folder / "stacks" / "Pulumi.lab.yaml"
    target = running.folder / "stacks" / "Pulumi.small.yaml"
    yaml = YAML()
    content = yaml.load(source)
    config = content["config"]
    pool = config["longshore:cluster"]["pools"]["managers"]
    pool["count"] = 1
    pool["first_address"] = pool["first_address"].rsplit(".", 1)[0] + ".51"
    config["longshore:cluster"]["name"] = "small"
    config["longshore:cluster"]["pools"] = {"managers": pool}
    config["longshore:engine"]["ready_timeout_minutes"] = 2
    services = config["longshore:services"]
    config.pop("longshore:ingress")
    config["longshore:services"] = {"cache": services["cache"]}
    config["longshore:services"]["cache"].pop("constraints", None)
    with target.open("w") as stream:
        yaml.dump(content, stream)
    running.pulumi("stack", "init", "small")
    try:
        yield running
    finally:
        running.run("destroy", "--stack", "small", "--yes")


def failure(project: Project, change: Change, *command: str) -> str:
    with project.edited(change, "small"):
        done = project.run(*(command or ("preview", "--stack", "small")))
    assert done.code != 0
    assert "Traceback" not in done.output
    return done.output


def setting(path: str, value: Any) -> Change:
    def change(config: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        place: Any = config
        for part in parents:
            place = place[part]
        place[last] = value

    return change


@pytest.mark.parametrize("key", ["template", "datastore", "datacenter", "cluster"])
def test_what_vcenter_lacks_is_named(small: Project, key: str) -> None:
    assert "no-such-thing" in failure(small, setting(f"longshore:target.{key}", "no-such-thing"))


def test_a_network_that_vcenter_lacks_is_named(small: Project) -> None:
    assert "no-such-thing" in failure(small, setting("longshore:target.network.name", "no-such-thing"))


def test_a_wrong_password_is_refused_by_vcenter_and_not_shown(small: Project) -> None:
    with small.edited(lambda _: None, "small"):
        small.pulumi("config", "set", "--secret", "--path", "longshore:target.password", "no-such-word", "-s", "small")
        done = small.run("preview", "--stack", "small")
    assert done.code != 0
    assert "Login failure" in done.output
    assert "no-such-word" not in done.output
    assert "Traceback" not in done.output


def test_a_wrong_user_is_refused_by_vcenter(small: Project) -> None:
    assert "Login failure" in failure(small, setting("longshore:target.user", "nobody"))


def test_a_vcenter_that_does_not_answer_is_named(small: Project) -> None:
    assert "127.0.0.1:9" in failure(small, setting("longshore:target.server", "127.0.0.1:9"))


def test_an_unknown_key_stops_everything_before_it_starts(small: Project) -> None:
    output = failure(small, setting("longshore:target.datastor", "x"))
    assert "stacks/Pulumi.small.yaml: target.datastor: unknown key" in output
    assert "did you mean `datastore`?" in output


def _until_a_machine_starts(project: Project) -> None:
    deadline = time.monotonic() + 120
    while "small-managers-1" not in project.docker("ps", "--format", "{{.Names}}"):
        assert time.monotonic() < deadline
        time.sleep(0.5)


def _interrupted(project: Project, times: int) -> str:
    process = project.start("up", "--stack", "small", "--yes")
    try:
        _until_a_machine_starts(project)
    finally:
        for _ in range(times):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(1)
        output, _ = process.communicate()
    print(output)
    assert process.returncode != 0
    return output


def test_an_interrupted_up_is_continued_by_the_next(small: Project) -> None:
    output = _interrupted(small, times=1)
    assert "Traceback" not in output
    small.ok("up", "--stack", "small", "--yes")
    small.ok("preview", "--stack", "small", "--refresh", "--expect-no-changes")


def test_a_machine_that_an_aborted_up_left_half_made_is_removed_and_made_again(small: Project) -> None:
    small.ok("destroy", "--stack", "small", "--yes")
    _interrupted(small, times=2)
    output = small.ok("up", "--stack", "small", "--yes")
    assert "small-managers-1 half-made: it will be removed" in output
    small.ok("preview", "--stack", "small", "--refresh", "--expect-no-changes")


def test_a_service_that_never_runs_shows_its_tasks_last_words(small: Project) -> None:
    def change(config: dict[str, Any]) -> None:
        cache = config["longshore:services"]["cache"]
        config["longshore:services"]["broken"] = {
            "image": cache["image"],
            "command": ["sh", "-c", "echo the-last-words; exit 7"],
            "rollout": {"timeout": "20s"},
        }

    output = failure(small, change, "up", "--stack", "small", "--yes")
    assert "service broken: did not converge: 0 of 1 tasks run after 20 seconds" in output
    assert "broken.1 on small-managers-1: task: non-zero exit (7)" in output
    assert "| the-last-words" in output
    small.ok("up", "--stack", "small", "--yes")


def test_a_rolled_back_update_fails_and_the_next_preview_finds_it(small: Project) -> None:
    def change(config: dict[str, Any]) -> None:
        config["longshore:services"]["cache"]["command"] = ["sh", "-c", "echo a-bad-version; exit 8"]

    with small.edited(change, "small"):
        failed = small.run("up", "--stack", "small", "--yes")
        assert failed.code != 0
        assert "Swarm rolled the update back: the version before runs" in failed.output
        assert "task: non-zero exit (8)" in failed.output
        assert "| a-bad-version" in failed.output
        found = small.ok("preview", "--stack", "small")
        assert "the last rollout of cache failed" in found
        assert re.search(r"~ docker:index/service:Service: \(update\)", found)
    small.ok("up", "--stack", "small", "--yes")
    small.ok("preview", "--stack", "small", "--refresh", "--expect-no-changes")


def test_a_node_that_never_becomes_ready_shows_its_last_lines(small: Project) -> None:
    def change(config: dict[str, Any]) -> None:
        first = config["longshore:cluster"]["pools"]["managers"]["first_address"]
        config["longshore:cluster"]["pools"]["workers"] = {
            "role": "worker", "count": 1, "cpus": 1, "memory": "1 GiB",
            "first_address": first.rsplit(".", 1)[0] + ".61",
        }  # fmt: skip
        config["longshore:engine"]["log_max_size"] = "1g"
        config["longshore:engine"]["ready_timeout_minutes"] = 1
        config["longshore:target"]["extra_config"]["RUN.container"] = config["longshore:target"]["extra_config"][
            "RUN.container"
        ].replace("[", '["--volume", "/dev/null:/usr/sbin/dockerd", ', 1)

    output = failure(small, change, "up", "--stack", "small", "--yes")
    assert "small-workers-1" in output
    assert "docker" in output
    small.ok("up", "--stack", "small", "--yes")
