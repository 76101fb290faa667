"""The readiness gate: what it waits for, what it pins, and what it says when it waits in vain."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.provider.experimental.provider import PropertyDiffKind

from providers.swarm.engine import EngineHandler
from providers.swarm.properties import UNKNOWN
from providers.swarm.readiness import CLOUD_INIT, LOGS, shortfall
from providers.swarm.ssh import Ran, StrangerError
from spec.errors import EngineError
from tests.unit.providers.node_facts import printed
from tests.unit.providers.world import KEY, World

OTHER_KEY = "ssh-ed25519 AAAAother"
engine = EngineHandler()


def world(cloud_init: list[int]) -> World:
    made = World("m1")
    made["m1"].answers = {
        "true": [Ran(0, "")],
        CLOUD_INIT: [Ran(code, "") for code in cloud_init],
        LOGS: [Ran(0, "$ cloud-init status --long\nstatus: error\nE: Unable to locate package docker.io\n")],
    }
    return made


def inputs(**more: Any) -> dict[str, Any]:
    checked = engine.check({}, {"name": "m1", "host": "10.0.0.11", **more})
    assert not checked.failures
    return checked.inputs


def ready(**more: Any) -> dict[str, Any]:
    there = world([0])
    return engine.create(inputs(**more), there.call).outputs


def test_defaults_are_filled_in() -> None:
    assert inputs() == {"name": "m1", "host": "10.0.0.11", "port": 22, "user": "root", "timeoutSeconds": 600}


@pytest.mark.parametrize(
    ("wrong", "path", "says"),
    [
        ({"host": "-oProxyCommand=x"}, "host", "neither a host name"),
        ({"port": 0}, "port", "from 1 to 65535"),
        ({"port": True}, "port", "whole number"),
        ({"user": "-l"}, "user", "no login name"),
        ({"name": ""}, "name", "is required"),
        ({"address": "db.example.com"}, "address", "no IP address"),
        ({"timeoutSeconds": 0}, "timeoutSeconds", "whole number"),
    ],
)
def test_what_is_wrong_is_said_at_its_path(wrong: dict[str, Any], path: str, says: str) -> None:
    failures = engine.check({}, {"name": "m1", "host": "10.0.0.11", **wrong}).failures
    assert [failure.property for failure in failures] == [path]
    assert says in failures[0].reason


def test_unknown_inputs_pass_the_check() -> None:
    assert not engine.check({}, {"name": "m1", "host": UNKNOWN, "keyFile": UNKNOWN}).failures


def test_creation_pins_the_host_key_and_gives_out_the_endpoint() -> None:
    outputs = ready()
    assert outputs["hostKey"] == KEY
    assert outputs["dockerHost"] == "ssh://root@10.0.0.11:22"
    assert f"KnownHostsCommand=/bin/echo %H {KEY}" in outputs["sshOpts"]
    assert outputs["ready"] is True
    assert (outputs["engineVersion"], outputs["apiVersion"], outputs["hostname"]) == ("20.10.24", "1.41", "m1")


def test_it_waits_for_cloud_init_and_says_so() -> None:
    there = world([124, 124, 0])
    engine.create(inputs(), there.call)
    assert [line for line in there.listener.lines if "cloud-init is still at work" in line]


def test_cloud_init_with_warnings_is_good_enough() -> None:
    there = world([2])
    assert engine.create(inputs(), there.call).outputs["ready"]
    assert "warnings" in there.listener.warnings[0]


def test_a_failed_cloud_init_shows_the_machines_own_log_at_once() -> None:
    there = world([1])
    with pytest.raises(EngineError) as caught:
        engine.create(inputs(), there.call)
    said = str(caught.value)
    assert said.startswith("m1: not Docker-ready: cloud-init failed")
    assert "  | E: Unable to locate package docker.io" in said
    assert there.clock.time < 10


def test_a_machine_that_never_answers_names_the_phase() -> None:
    there = world([0])
    there["m1"].on = False
    with pytest.raises(EngineError, match=r"waited 6\d s in vain for ssh: no ssh server answers yet"):
        engine.create(inputs(timeoutSeconds=60), there.call)


@pytest.mark.parametrize(
    ("info", "api", "says"),
    [
        ({}, "1.40", "its API is 1.40"),
        ({"OSType": "windows"}, "1.41", "linux is needed"),
        ({"Driver": "vfs"}, "1.41", "storage driver is 'vfs'"),
    ],
)
def test_an_engine_below_the_floor_is_refused(info: dict[str, str], api: str, says: str) -> None:
    there = world([0])
    there["m1"].info, there["m1"].api = info, api
    with pytest.raises(EngineError, match=says):
        engine.create(inputs(), there.call)


def test_a_newer_api_counts_as_numbers_not_as_text() -> None:
    assert shortfall({"OSType": "linux", "Driver": "overlay2"}, {"ApiVersion": "1.100"}) is None


def test_nothing_changes_by_itself() -> None:
    outputs = ready(trigger="1")
    changed = engine.diff(outputs | {"engineVersion": "29.0"}, inputs(trigger="1", timeoutSeconds=5))
    assert not changed.changes


def test_another_trigger_waits_again_in_place() -> None:
    diff = engine.diff(ready(trigger="1"), inputs(trigger="2"))
    assert {path: each.kind for path, each in diff.detailed_diff.items()} == {"trigger": PropertyDiffKind.UPDATE}
    assert diff.replaces == []


@pytest.mark.parametrize("new", [{"host": "10.0.0.12"}, {"host": UNKNOWN}, {"machine": "vm-2"}, {"machine": UNKNOWN}])
def test_another_machine_is_another_engine(new: dict[str, Any]) -> None:
    old = {"machine": "vm-1"} if "machine" in new else {}
    diff = engine.diff(ready(**old), inputs() | old | new)
    assert diff.replaces == list(new)
    assert diff.delete_before_replace


def test_an_unknown_address_of_the_same_machine_replaces_nothing() -> None:
    diff = engine.diff(ready(machine="vm-1"), inputs(machine="vm-1") | {"host": UNKNOWN})
    assert diff.changes
    assert not diff.replaces


def test_the_first_preview_knows_no_endpoint_yet() -> None:
    foreseen = engine.foresee(inputs() | {"host": UNKNOWN}, None)
    assert foreseen["dockerHost"] is UNKNOWN
    assert foreseen["hostKey"] is UNKNOWN


def test_the_preview_of_an_update_keeps_the_endpoint_known() -> None:
    foreseen = engine.foresee(inputs(trigger="2", port=2222), ready(trigger="1"))
    assert foreseen["dockerHost"] == "ssh://root@10.0.0.11:2222"
    assert foreseen["hostKey"] == KEY


def test_another_host_key_is_refused_on_update_and_on_refresh() -> None:
    there, old = world([0]), ready()
    there["m1"].key = OTHER_KEY
    with pytest.raises(StrangerError):
        engine.update("m1", old, inputs(trigger="2"), there.call)
    with pytest.raises(StrangerError):
        engine.read("m1", old, inputs(), there.call)


def test_an_engine_that_is_away_keeps_its_state_and_is_waited_for_next_time() -> None:
    there, old = world([0]), ready()
    there["m1"].on = False
    state = engine.read("m1", old, inputs(), there.call)
    assert state.outputs == old | {"ready": False}
    assert "No route to host" in there.listener.warnings[0]
    diff = engine.diff(state.outputs, inputs())
    assert list(diff.detailed_diff) == ["ready"]
    there["m1"].on = True
    assert engine.update("m1", state.outputs, inputs(), there.call)["ready"] is True


def test_a_refresh_of_an_engine_that_answers_changes_no_input() -> None:
    there, old = world([0]), ready()
    there["m1"].info = {"ServerVersion": "29.0.1"}
    state = engine.read("m1", old, inputs(), there.call)
    assert state.outputs["engineVersion"] == "29.0.1"
    assert state.inputs == inputs()
    assert not engine.diff(state.outputs, inputs()).changes


def test_its_deletion_touches_nothing() -> None:
    there = world([0])
    there["m1"].on = False
    engine.delete("m1", ready(), there.call)


def test_an_engine_that_commands_can_reach_unasked_is_refused() -> None:
    there = world([0])
    there["m1"].facts = printed(arguments="/usr/sbin/dockerd -H fd:// -H tcp://0.0.0.0:2375")
    with pytest.raises(EngineError) as caught:
        engine.create(inputs(), there.call)
    assert "listens on tcp://0.0.0.0:2375" in str(caught.value)
    assert "(2.7)" in str(caught.value)


def test_a_control_group_driver_that_does_not_fit_is_refused() -> None:
    there = world([0])
    there["m1"].info = {"CgroupDriver": "cgroupfs", "CgroupVersion": "2"}
    with pytest.raises(EngineError, match="cgroupfs on a host whose control groups"):
        engine.create(inputs(), there.call)


def test_logs_that_are_not_rotated_are_a_warning() -> None:
    there = world([0])
    there["m1"].facts = printed(config={"log-opts": {}})
    assert engine.create(inputs(), there.call).outputs["ready"]
    assert there.listener.warnings == [
        "engine baseline LS2: json-file without max-size: logs grow until the disk is full"
    ]


def test_a_node_that_passes_is_not_talked_about() -> None:
    there = world([0])
    engine.create(inputs(), there.call)
    assert there.listener.warnings == []


def test_every_other_failure_of_the_baseline_is_one_warning_with_its_id() -> None:
    there = world([0])
    there["m1"].facts = printed(config={"icc": True, "userland-proxy": True})
    assert engine.create(inputs(), there.call).outputs["ready"]
    assert there.listener.warnings == [
        "engine baseline 2.2: icc isn't false",
        "engine baseline 2.16: userland-proxy isn't false",
    ]


def test_advice_is_not_forced_on_anyone_at_readiness() -> None:
    there = world([0])
    there["m1"].facts = printed().replace("audit\t2", "audit\t0").replace("mount\t/var/lib/docker", "mount\t/")
    engine.create(inputs(), there.call)
    assert there.listener.warnings == []


def test_a_daemon_json_that_can_not_be_read_is_refused_by_its_name() -> None:
    there = world([0])
    there["m1"].facts = printed(config="{")
    with pytest.raises(EngineError, match=r"m1: /etc/docker/daemon\.json is no JSON object"):
        engine.create(inputs(), there.call)


def test_a_refresh_judges_nothing_but_whether_the_engine_answers() -> None:
    there, old = world([0]), ready()
    there["m1"].facts = printed(arguments="dockerd -H tcp://0.0.0.0:2375")
    assert engine.read("m1", old, inputs(), there.call).outputs["ready"] is True
    assert there.listener.warnings == []


def test_a_new_wait_judges_again() -> None:
    there, old = world([0]), ready(trigger="1")
    there["m1"].facts = printed(arguments="dockerd -H tcp://0.0.0.0:2375")
    with pytest.raises(EngineError, match="whoever connects is root"):
        engine.update("m1", old, inputs(trigger="2"), there.call)
