"""An environment in two stacks: a platform, and the services on it, joined by the Docker-ready contract."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.live.project import Project, Step

PLATFORM, SERVICES = "lab-platform", "lab-services"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
MADE = {"DockerServices", "Contract", "docker", "Network", "Shelf", "Config", "Secret", "Service", "ServiceReady"}


def preview(project: Project, stack: str) -> dict[str, Any]:
    done = project.run("pulumi", "preview", "--json", "--stack", stack)
    assert done.code == 0, done.output
    parsed: dict[str, Any] = json.loads(done.output[done.output.index("{") :])
    return parsed


@pytest.fixture(scope="module")
def layered(project: Project) -> Iterator[Project]:
    """Both layers up."""
    refused = project.run("preview", "--stack", SERVICES)
    assert refused.code != 0
    assert "contract of stack lab-platform: there is none" in refused.output
    assert "Traceback" not in refused.output
    try:
        project.ok("up", "--stack", PLATFORM, "--yes")
        yield project
    finally:
        project.run("destroy", "--stack", SERVICES, "--yes")
        project.run("destroy", "--stack", PLATFORM, "--yes")


def test_the_services_preview_is_concrete_before_anything_is_made(layered: Project) -> None:
    steps = preview(layered, SERVICES)["steps"]
    made = {each["newState"]["type"].rpartition(":")[2]: each["newState"] for each in steps}
    assert set(made) == MADE | {"Stack"}
    assert UNKNOWN not in json.dumps([made[kind].get("inputs") for kind in ("Contract", "docker", "Network", "Secret")])
    assert made["docker"]["inputs"]["host"].startswith("ssh://root@")


def test_the_services_run_on_the_platform_and_a_second_preview_is_empty(layered: Project) -> None:
    output = layered.ok("up", "--stack", SERVICES, "--yes")
    assert re.search(r"http://[0-9.]+:8080/ 200 OK", output)
    for stack in (SERVICES, PLATFORM):
        layered.ok("preview", "--stack", stack, "--refresh", "--expect-no-changes")
        assert layered.run("drift", "--stack", stack).code == 0


def test_a_change_of_the_platform_is_noticed_by_the_services(layered: Project) -> None:
    def relabel(config: dict[str, Any]) -> None:
        config["longshore:cluster"]["pools"]["workers"]["labels"] = {"tier": "front"}

    with layered.edited(relabel, PLATFORM):
        layered.ok("up", "--stack", PLATFORM, "--yes")
        assert layered.steps(SERVICES) == [Step("update", "Contract", "contract")]
        layered.ok("up", "--stack", SERVICES, "--yes")
        assert layered.steps(SERVICES) == []


def test_a_contract_that_was_tampered_with_is_refused_at_preview(layered: Project) -> None:
    whole = layered.ok("pulumi", "stack", "export", "--stack", PLATFORM)
    broken = whole.replace('"tier": "front"', '"tier": "back"')
    assert broken != whole
    file = layered.folder / "state.json"
    try:
        file.write_text(broken)
        layered.ok("pulumi", "stack", "import", "--stack", PLATFORM, "--file", str(file))
        refused = layered.run("preview", "--stack", SERVICES)
        assert refused.code != 0
        assert "its content doesn't fit its hash" in refused.output
        assert "Traceback" not in refused.output
    finally:
        file.write_text(whole)
        layered.ok("pulumi", "stack", "import", "--stack", PLATFORM, "--file", str(file))
        file.unlink()


def test_destroying_services_then_platform_leaves_nothing(layered: Project) -> None:
    layered.ok("destroy", "--stack", SERVICES, "--yes")
    assert "lab-platform-workers-1" in layered.docker("ps", "--format", "{{.Names}}")
    layered.ok("destroy", "--stack", PLATFORM, "--yes")
    assert "lab-platform-" not in layered.docker("ps", "--all", "--format", "{{.Names}}")
    for stack in (SERVICES, PLATFORM):
        state = json.loads(layered.ok("pulumi", "stack", "export", "--stack", stack))
        assert not state["deployment"].get("resources")
