"""Day 2 on the lab's stack: nothing that is done to nodes loses quorum, data or a request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.live.project import Project
from tests.live.watch import client, healthy_managers, machines, repeating

SKIPPING = ("pulumi", "up", "--stack", "lab", "--yes", "--skip-preview")
ROLES = ("manager", "worker")
LOSE = "systemctl stop docker.socket; systemctl stop docker; rm -rf /var/lib/docker/swarm"
QUIET = ("preview", "--stack", "lab", "--expect-no-changes")


def node_urls(project: Project) -> dict[str, str]:
    """Return where the shop answers, by node."""
    status = project.run("status").output
    addresses = {address: node for node, address in re.findall(r"(lab-\S+) +(\d+\.\S+) +(?:manager|worker)", status)}
    found = re.findall(r"(http://([0-9.]+):\d+/) 200 OK", status)
    return {addresses[address]: url for url, address in found}


def incarnations(project: Project) -> set[str]:
    return set(project.docker("ps", "--quiet", "--filter", "name=lab-managers-").split())


def generations(pool: str, own: dict[int, int]) -> Any:
    def change(config: dict[str, Any]) -> None:
        config["longshore:cluster"]["pools"][pool]["generations"] = own

    return change


@pytest.mark.parametrize("nodes", [["lab-managers-1"], ["lab-workers-2"], ["lab-workers-1", "lab-workers-2"]])
def test_machines_that_die_are_started_again_by_up(running: Project, nodes: list[str]) -> None:
    places = node_urls(running)
    left = [url for node, url in places.items() if node not in nodes]
    with repeating(client(left), every=0.1) as requests:
        for node in nodes:
            running.docker("kill", *machines(running, node))
        output = running.ok("up", "--stack", "lab", "--yes")
    print(f"requests to {left}: {len(requests.values)}, failed: {len(requests.failures)}")
    assert f"{', '.join(nodes)}: no answer" in output
    assert requests.failures == []
    assert len(requests.values) > 10 or not left
    assert all(re.search(rf"{node} .* ready", output) for node in nodes)
    back = running.until(lambda: node_urls(running) == places, 120)
    assert back, "the shop does not answer where it did"


def test_two_of_three_managers_at_once_are_refused_before_anything_is_touched(running: Project) -> None:
    before = incarnations(running)
    with running.edited(generations("managers", {1: 2, 3: 2})):
        for command in (("preview", "--stack", "lab"), ("up", "--stack", "lab", "--yes"), SKIPPING):
            done = running.run(*command)
            assert done.code != 0
            assert "2 replaced (lab-managers-1, lab-managers-3) in one update" in done.output
            assert "that leaves 1 of 3; quorum needs 2" in done.output
            assert "lab-managers-1, then lab-managers-3, the leader last" in done.output
            assert "Traceback" not in done.output
    assert incarnations(running) == before
    running.ok(*QUIET)


def test_all_managers_are_rolled_without_a_lost_quorum_or_request(running: Project) -> None:
    file = running.folder / "stacks" / "Pulumi.lab.yaml"
    before, text = incarnations(running), file.read_text()
    plan = running.ok("roll", "managers", "--dry-run")
    assert plan.count("generation 1 -> 2") == 3
    assert "the leader, last" in plan
    assert file.read_text() == text
    with (
        repeating(healthy_managers(running), every=0.5) as managers,
        repeating(client(list(node_urls(running).values())), every=0.1) as requests,
    ):
        output = running.ok("roll", "managers", "--yes")
    print(f"looks at the managers: {len(managers.values)}, fewest healthy: {min(managers.values)}")
    print(f"requests: {len(requests.values)}, failed: {len(requests.failures)}")
    assert "pool managers is at generation 2" in output
    assert min(managers.values) >= 2
    assert requests.failures == []
    assert len(requests.values) > 100
    assert len(incarnations(running) - before) == 3
    assert file.read_text().replace("        generation: 2\n", "") == text
    running.ok(*QUIET)


def test_a_drained_node_stays_so_until_it_is_activated(running: Project) -> None:
    text = (running.folder / "stacks" / "Pulumi.lab.yaml").read_text()
    assert "lab-workers-2 is empty" in running.ok("drain", "lab-workers-2", "--yes")
    running.ok(*QUIET)
    assert re.search(r"lab-workers-2 .* drain", running.ok("status"))
    running.ok("activate", "lab-workers-2", "--yes")
    assert (running.folder / "stacks" / "Pulumi.lab.yaml").read_text() == text
    assert running.until(lambda: len(node_urls(running)) == 2, 120)


def test_join_tokens_rotate_and_certificates_show_their_end(running: Project) -> None:
    def tokens() -> set[str]:
        [machine] = machines(running, "lab-managers-1")
        return {running.docker("exec", machine, "docker", "swarm", "join-token", "-q", role) for role in ROLES}

    before = tokens()
    output = running.ok("tokens", "rotate", "--yes")
    assert not before & tokens()
    assert "SWMTKN" not in output
    assert running.ok("certificates").count("89 days") == 5


def test_all_managers_lost_a_backup_brings_services_and_secrets_back(
    running: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGSHORE_BACKUP_PASSPHRASE", "a phrase of the test")
    file = tmp_path / "swarm.age"
    before, places = known(running), node_urls(running)
    running.ok("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    for machine in machines(running, "lab-managers-"):
        running.docker("exec", machine, "sh", "-c", f"'{LOSE}'")
        running.docker("kill", machine)
    output = running.ok("restore", str(file), "--yes")
    assert "becomes the only manager" in output
    assert known(running) == before
    assert running.until(lambda: node_urls(running) == places, 120)
    assert len(re.findall(r"lab-managers-\d .* manager .* ready", output)) == 3
    assert "have a quorum" in running.run("restore", str(file), "--yes").output
    running.ok("preview", "--stack", "lab", "--refresh", "--expect-no-changes")


def known(project: Project) -> list[str]:
    """Return the ids of every service and secret that the Swarm knows."""
    machine = machines(project, "lab-managers-1")[0]
    kinds = ("service", "secret", "config")
    return [project.docker("exec", machine, "docker", kind, "ls", "--quiet") for kind in kinds]
