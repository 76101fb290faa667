"""The main path: up, nothing to do afterwards, and exactly the asked-for change."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from typing import Any

from tests.live.project import Project, Step

UPDATE_WEB = [Step("update", "Service", "web"), Step("update", "ServiceReady", "web-ready")]


def urls(output: str) -> list[str]:
    return re.findall(r"(http://[0-9.]+:\d+/) 200 OK", output)


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as response:
        return json.load(response)


def test_up_ends_with_an_application_that_answers_on_two_nodes(running: Project) -> None:
    assert len(set(urls(running.ok("status")))) >= 2


def test_a_second_preview_is_empty_even_after_a_refresh(running: Project) -> None:
    running.ok("preview", "--stack", "lab", "--refresh", "--expect-no-changes")


def test_up_again_changes_nothing(running: Project) -> None:
    running.ok("lab", "up")
    output = running.ok("up", "--stack", "lab", "--yes")
    assert re.search(r"\d+ unchanged", output)
    assert "created" not in output


def test_a_change_of_replicas_previews_and_does_exactly_that(running: Project) -> None:
    def change(config: dict[str, Any]) -> None:
        config["longshore:services"]["worker"]["replicas"] = 3

    with running.edited(change):
        steps = [Step("update", "Service", "worker"), Step("update", "ServiceReady", "worker-ready")]
        assert running.steps() == steps
        assert re.search(r"worker .* 3/3", running.ok("up", "--stack", "lab", "--yes"))
    running.ok("up", "--stack", "lab", "--yes")


def test_a_changed_config_makes_a_new_one_and_updates_its_service(running: Project) -> None:
    file = running.folder / "examples" / "shop" / "shop.toml"
    before = file.read_text()
    file.write_text(before.replace("Hello", "Changed by a test"))
    try:
        assert running.steps() == [Step("replace", "Config", "shop"), UPDATE_WEB[0], UPDATE_WEB[1]]
        output = running.ok("up", "--stack", "lab", "--yes")
        with urllib.request.urlopen(urls(output)[0], timeout=10) as page:
            assert "Changed by a test" in page.read().decode()
    finally:
        file.write_text(before)
    running.ok("up", "--stack", "lab", "--yes")


def test_a_changed_image_updates_its_service_only(running: Project) -> None:
    def change(config: dict[str, Any]) -> None:
        web = config["longshore:services"]["web"]
        web["image"] = web["image"].split("@")[0].replace(":1.0", ":1.1")

    with running.edited(change):
        assert running.steps() == UPDATE_WEB
        assert "shop-web:1.1" in running.ok("up", "--stack", "lab", "--yes")
    running.ok("up", "--stack", "lab", "--yes")


def test_a_changed_template_replaces_nothing(running: Project) -> None:
    def change(config: dict[str, Any]) -> None:
        config["longshore:target"]["template"] = "debian-12-docker-v2"

    with running.edited(change):
        assert running.steps() == []


def test_scaling_adds_and_removes_only_the_highest_node(running: Project) -> None:
    def change(config: dict[str, Any]) -> None:
        config["longshore:cluster"]["pools"]["workers"]["count"] = 3

    third = {"lab-workers-3", "lab-workers-3-engine", "lab-workers-3-member"}
    with running.edited(change):
        steps = running.steps()
        assert {(step.op, step.name) for step in steps} == {("create", name) for name in third}
        assert re.search(r"lab-workers-3 .* ready", running.ok("up", "--stack", "lab", "--yes"))
    steps = running.steps()
    assert {(step.op, step.name) for step in steps} == {("delete", name) for name in third}
    assert "lab-workers-3" not in running.ok("up", "--stack", "lab", "--yes").split("Nodes")[-1]
    assert "lab-workers-3" not in running.docker("ps", "--all", "--format", "{{.Names}}")


def test_a_machine_can_be_resized_after_a_refresh(running: Project) -> None:
    def change(config: dict[str, Any]) -> None:
        config["longshore:cluster"]["pools"]["workers"]["memory"] = "3 GiB"

    running.ok("pulumi", "refresh", "--stack", "lab", "--yes")
    with running.edited(change):
        assert {step.op for step in running.steps()} == {"update"}
        running.ok("up", "--stack", "lab", "--yes")
    running.ok("up", "--stack", "lab", "--yes")


def test_jobs_pass_from_the_page_through_the_cache_to_the_worker(running: Project) -> None:
    base = urls(running.ok("status"))[0]
    job = urllib.request.Request(f"{base}api/jobs", method="POST", data=json.dumps({"text": "ahoy"}).encode())
    with urllib.request.urlopen(job, timeout=10) as response:
        assert response.status in (200, 201, 202)
    for _ in range(60):
        if "AHOY" in json.dumps(get(f"{base}api/state")).upper():
            return
        time.sleep(1)
    raise AssertionError("no worker took the job")


def test_no_secret_is_in_the_state_or_in_a_machine(running: Project) -> None:
    secrets = [(running.folder / ".lab" / name).read_text().strip() for name in ("vcenter-password", "passphrase")]
    state = running.ok("pulumi", "stack", "export", "--stack", "lab")
    machines = running.docker("inspect", "$(docker ps --quiet)")
    assert not [secret for secret in secrets if secret in state or secret in machines]
    assert "SWMTKN" not in state
