"""Drift made by hand: each is named, classed right, and put back afterwards."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.live.hands import migrate, on_manager, on_node, until_converged
from tests.live.project import Project

Found = dict[tuple[str, str], dict[str, Any]]
HARMFUL = 9


def drift(project: Project, code: int, stack: str = "lab") -> Found:
    """Return the findings by subject and kind."""
    done = project.run("drift", "--stack", stack, "--json")
    assert done.code == code, done.output
    report = json.loads(done.output[done.output.index("{") :])
    assert report["harmful"] == sum(each["harm"] == "harmful" for each in report["findings"])
    return {(each["subject"], each["kind"]): each for each in report["findings"]}


@contextmanager
def by_hand(do: Callable[[], object], undo: Callable[[], object]) -> Iterator[None]:
    do()
    try:
        yield
    finally:
        undo()


def state(project: Project) -> str:
    return project.ok("pulumi", "stack", "export", "--stack", "lab")


def test_what_is_as_deployed_has_no_harmful_drift(running: Project) -> None:
    running.ok("up", "--stack", "lab", "--yes", "--refresh")
    before = state(running)
    assert not [each for each in drift(running, 0).values() if each["harm"] == "harmful"]
    assert state(running) == before


def test_a_hand_drained_node_a_label_and_orphans_harm_and_up_sets_them_back(running: Project) -> None:
    def harm() -> None:
        on_manager(
            running,
            "docker node update --availability drain --label-add rack=b lab-workers-2 && "
            "printf x | docker secret create left-over -",
        )

    before = state(running)
    with by_hand(harm, lambda: on_manager(running, "docker secret rm left-over")):
        found = drift(running, HARMFUL)
        drained, label = found["lab-workers-2", "node-availability"], found["lab-workers-2", "node-label"]
        assert "drained" in drained["what"]
        assert drained["against"].startswith("active")
        assert "rack is 'b'" in label["what"]
        assert label["against"].startswith("absent")
        assert found["left-over", "secret-orphan"]["harm"] == "harmful"
        assert state(running) == before
        shown = running.run("drift", "--stack", "lab")
        assert shown.code == HARMFUL
        assert "node-availability" in shown.output
        assert "longshore up --refresh" in shown.output
    running.ok("up", "--stack", "lab", "--yes", "--refresh")
    until_converged(running)
    assert not [key for key, each in drift(running, 0).items() if each["harm"] == "harmful"]


def test_a_machine_that_moved_is_harmless_and_named(running: Project) -> None:
    resources = json.loads(state(running))["deployment"]["resources"]
    [home] = [each["outputs"]["hostSystemId"] for each in resources if each["urn"].endswith("::lab-managers-1")]
    hosts = dict(migrate(running, "lab-managers-1", number) for number in range(4))
    away = next(number for number, host in enumerate(hosts) if host != home)
    moved, name = migrate(running, "lab-managers-1", away)
    found = drift(running, 0)["lab-managers-1", "machine-moved"]
    assert found["harm"] == "harmless"
    assert moved != home
    assert f"on host {name}" in found["what"]
    assert hosts[home] in found["against"]
    migrate(running, "lab-managers-1", list(hosts).index(home))
    assert ("lab-managers-1", "machine-moved") not in drift(running, 0)


def test_managers_on_one_host_violate_their_rule_until_they_are_apart(running: Project) -> None:
    def apart(config: dict[str, Any]) -> None:
        config["longshore:cluster"]["pools"]["managers"]["anti_affinity"] = "hosts"

    with running.edited(apart):
        running.ok("up", "--stack", "lab", "--yes")
        for number in (1, 2, 3):
            migrate(running, f"lab-managers-{number}", 0)
        found = drift(running, HARMFUL)["lab-managers-apart", "anti-affinity"]
        assert "lab-managers-1, lab-managers-2, lab-managers-3 are on one host, DC0_C0_H0" in found["what"]
        for number in (1, 2, 3):
            migrate(running, f"lab-managers-{number}", number)
        assert ("lab-managers-apart", "anti-affinity") not in drift(running, 0)
    running.ok("up", "--stack", "lab", "--yes", "--refresh")


def test_a_service_that_was_rolled_back_harms(running: Project) -> None:
    on_manager(
        running,
        "docker service update --detach --args 'sh -c false' --update-monitor 3s worker; "
        "for i in $(seq 40); do docker service inspect worker | grep -q rollback_completed && exit 0; sleep 1; done; "
        "exit 1",
    )
    found = drift(running, HARMFUL)["worker", "service-rolled-back"]
    assert "rolled back" in found["what"]
    on_manager(running, "docker service update --force worker >/dev/null")
    assert ("worker", "service-rolled-back") not in drift(running, 0)


def test_an_edited_engine_setting_harms_and_a_restored_one_does_not(running: Project) -> None:
    file = "/etc/docker/daemon.json"
    with by_hand(
        lambda: on_node(running, "lab-workers-1", f'cp {file} /root/kept; sed -i "s/10m/99m/" {file}'),
        lambda: on_node(running, "lab-workers-1", f"mv /root/kept {file}"),
    ):
        found = drift(running, HARMFUL)["lab-workers-1", "engine-setting"]
        assert '"10m"' in found["what"]
        assert '"99m"' in found["what"]
    assert ("lab-workers-1", "engine-setting") not in drift(running, 0)


def test_a_manager_that_is_down_is_told_although_the_refresh_cannot_ask_it(running: Project) -> None:
    [container] = [each for each in running.docker("ps", "--format", "{{.Names}}").split() if "lab-managers-1" in each]
    with by_hand(lambda: running.docker("stop", container), lambda: running.docker("start", container)):
        found = drift(running, HARMFUL)
        assert re.match(
            "the Swarm sees it as (down|unknown), unreachable", found["lab-managers-1", "manager-down"]["what"]
        )
        assert [kind for _, kind in found].count("not-asked") == 1
    until_converged(running)
    running.ok("up", "--stack", "lab", "--yes", "--refresh")
    running.ok("preview", "--stack", "lab", "--refresh", "--expect-no-changes")
