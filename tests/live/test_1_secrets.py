"""Secrets that are generated or come by a command: rotated, rolled back, collected, and never seen anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from review.known import pattern
from tests.live.hands import on_manager, on_node, until_converged
from tests.live.project import Project
from tests.live.test_1_up import urls

CANARY = 'caña-ry+7/"q\\w e&'
QUICK = ("pulumi", "up", "--stack", "lab", "--yes", "--skip-preview")
KEY = "$(docker ps -q --filter name=worker[.] | head -n 1)"
MOUNTED = f'test -n "{KEY}" && docker exec {KEY} cat /run/%s || true'


class Rotations:
    """The running stack with two more secrets, and everything that was said meanwhile."""

    def __init__(self, project: Project, canary: Path) -> None:
        self.project = project
        self.canary = canary
        self.rotation = 1
        self.said: list[str] = []

    def change(self, config: dict[str, Any]) -> None:
        """Give the worker a generated secret and one by command."""
        config["longshore:generations"] = 1
        config["longshore:secrets"]["job-key"] = {"generate": {"length": 40}, "rotate": self.rotation}
        config["longshore:secrets"]["job-token"] = {"command": ["cat", str(self.canary)]}
        mounts = [{"source": each, "target": each} for each in ("job-key", "job-token")]
        config["longshore:configs"]["place"] = {"content": "of {{.Service.Name}}", "template": True}
        config["longshore:services"]["worker"]["secrets"] += mounts
        config["longshore:services"]["worker"]["configs"] = [{"source": "place", "target": "/run/place"}]

    def up(self, rotation: int, *command: str) -> None:
        """Apply a rotation."""
        self.rotation = rotation
        with self.project.edited(self.change):
            self.said.append(self.project.ok(*(command or QUICK)))

    def foreseen(self, rotation: int) -> set[tuple[str, str, str]]:
        """Return what a preview of a rotation would do; its event log is kept with what was said."""
        self.rotation = rotation
        log = self.project.folder / "rotation.jsonl"
        with self.project.edited(self.change):
            command = f"PULUMI_DEBUG_COMMANDS=true pulumi preview --diff --stack lab --event-log {log}"
            self.said.append(self.project.in_lab(command))
        self.said.append(log.read_text())
        steps = [json.loads(line).get("resourcePreEvent") for line in log.read_text().splitlines()]
        found = [each["metadata"] for each in steps if each]
        log.unlink()
        return {
            (each["op"], each["type"].rpartition(":")[2], each["urn"].rpartition("::")[2])
            for each in found
            if each["op"] in ("create", "update", "replace", "delete")
        }

    def tasks(self) -> set[str]:
        """Return the worker's tasks that are to run."""
        return set(on_manager(self.project, "docker service ps --no-trunc -qf desired-state=running worker").split())

    def others(self) -> str:
        """Return the versions of the other services: an update would raise them, a late node doesn't."""
        return on_manager(self.project, "docker service inspect --format '{{.ID}} {{.Version.Index}}' web cache")

    def mounted(self, path: str) -> set[str]:
        """Return a file as the worker's containers see it, one content for each that differs."""
        return {said for node in self.nodes() if (said := on_node(self.project, node, MOUNTED % path).strip())}

    def drawn(self) -> set[str]:
        """Return the generated secret as the worker's containers see it."""
        return self.mounted("secrets/job-key")

    def nodes(self) -> list[str]:
        """Return the containers that stand for the workers' machines."""
        return [each for each in self.project.docker("ps", "--format", "{{.Names}}").split() if "lab-workers" in each]

    def generations(self, name: str) -> set[str]:
        """Return the ids of a secret's generations."""
        listed = on_manager(self.project, f"docker secret ls -q --filter label=longshore.name={name}")
        return set(listed.split())

    def seen(self, key: set[str]) -> list[str]:
        """Return where the canary or the key came to light: what was said, the state, every inspect, guestinfo."""
        places = {f"said {number}": text for number, text in enumerate(self.said)}
        places["state"] = self.project.ok("pulumi", "stack", "export", "--stack", "lab")
        places["guestinfo"] = self.project.docker("inspect", "$(docker ps --quiet)")
        places["swarm"] = on_manager(
            self.project, "docker service inspect worker; docker secret inspect $(docker secret ls -q)"
        )
        for node in self.nodes():
            places[node] = on_node(self.project, node, "docker inspect $(docker ps -q)")
        known = pattern([CANARY, *key])
        assert known
        assert known.search(json.dumps({"a": CANARY}))
        return [where for where, text in places.items() if known.search(text)]


@pytest.fixture
def rotations(running: Project, tmp_path: Path) -> Iterator[Rotations]:
    canary = tmp_path / "canary"
    canary.write_text(CANARY + "\n")
    made = Rotations(running, canary)
    yield made
    running.ok(*QUICK)
    # Another two changes of the worker, so that its previous version needs the secrets no more.
    on_manager(
        running,
        "docker service update --detach --label-add by=hand worker"
        " && docker service update --detach --label-rm by worker",
    )
    running.ok(*QUICK, "--refresh")
    until_converged(running)
    assert made.generations("job-key") | made.generations("job-token") == set()


def test_rotation_restarts_consumers_only_and_rollback_still_works(rotations: Rotations) -> None:
    project = rotations.project
    rotations.up(1, "up", "--stack", "lab", "--yes")
    assert project.until(lambda: [len(key) for key in rotations.drawn()] == [40], 300)
    first_key, first = rotations.drawn(), rotations.generations("job-key")
    assert project.until(lambda: rotations.mounted("place") == {"of worker"}, 300)
    others, workers = rotations.others(), rotations.tasks()

    assert rotations.foreseen(2) == {
        ("update", "GeneratedSecret", "job-key-generated"),
        ("replace", "Secret", "job-key"),
        ("update", "Service", "worker"),
        ("update", "ServiceReady", "worker-ready"),
    }
    rotations.up(2)
    second = rotations.generations("job-key") - first
    assert len(second) == 1
    assert project.until(lambda: not rotations.drawn() & first_key, 300)
    assert rotations.others() == others
    assert project.until(lambda: not rotations.tasks() & workers, 300)

    on_manager(project, "docker service rollback --detach worker")
    rolled = "docker service inspect --format {{.UpdateStatus.State}} worker"
    assert project.until(lambda: on_manager(project, rolled).strip() == "rollback_completed", 300)
    assert project.until(lambda: rotations.drawn() == first_key, 300)
    until_converged(project)
    assert project.until(lambda: bool(urls(project.run("status", "--stack", "lab").output)), 300)

    rotations.up(3, *QUICK, "--refresh")
    third = rotations.generations("job-key") - first - second
    assert len(third) == 1
    assert rotations.generations("job-key") == first | third
    assert len(rotations.generations("job-token")) == 1
    assert rotations.seen(first_key | rotations.drawn()) == []
