"""A service's rollout is waited for: it ends well, or with the tasks' own words."""

from __future__ import annotations

from typing import Any

import pytest
from docker.errors import APIError

from providers.swarm.handler import PartialError
from providers.swarm.properties import UNKNOWN
from providers.swarm.service_ready import ServiceReadyHandler
from tests.unit.providers.world import World

handler = ServiceReadyHandler()
TEMPLATE: dict[str, Any] = {"ContainerSpec": {"Image": "web:1"}}


def world(*tasks: dict[str, Any], wanted: int = 1, update: str = "") -> World:
    made = World("m1", "m2", "w1")
    swarm = made.formed(m1="manager", m2="manager", w1="worker")
    swarm.services["s1"] = {
        "ID": "s1",
        "Spec": {"Name": "web", "TaskTemplate": TEMPLATE},
        "ServiceStatus": {"DesiredTasks": wanted},
        **({"UpdateStatus": {"State": update}} if update else {}),
    }
    swarm.tasks = [each | {"NodeID": made["w1"].node_id} for each in tasks]
    return made


def task(state: str, err: str = "", ident: str = "t1") -> dict[str, Any]:
    status = {"State": state, "Err": err}
    return {"ID": ident, "ServiceID": "s1", "Slot": 1, "Spec": TEMPLATE, "DesiredState": "running", "Status": status}


def inputs(made: World, **more: Any) -> dict[str, Any]:
    asked = {
        "name": "web",
        "serviceId": "s1",
        "revision": "r1",
        "clusterId": "swarm-0",
        "managers": [made["m1"].connection, made["m2"].connection],
        **more,
    }
    checked = handler.check({}, asked)
    assert checked.failures == []
    return checked.inputs


def test_tasks_that_last_are_enough() -> None:
    made = world(task("running"))
    state = handler.create(inputs(made, monitorSeconds=5), made.call)
    assert state.id == "s1"
    assert made.clock.now() >= 5
    assert made.listener.lines[-1] == "1 of 1 tasks run"


def test_a_task_that_keeps_being_replaced_never_lasts() -> None:
    made = world()
    swarm = made["m1"].swarm
    assert swarm
    swarm.next_tasks = [[task("running", ident=f"t{i}") | {"NodeID": "w"}] for i in range(100)]
    with pytest.raises(PartialError, match="did not converge: 1 of 1 tasks run after 20 seconds"):
        handler.create(inputs(made, timeoutSeconds=20), made.call)


def test_a_service_that_never_runs_fails_with_its_tasks_words_and_is_kept() -> None:
    made = world(task("failed", "task: non-zero exit (7)"))
    made.logs["s1"] = b"com.docker.swarm.task.id=t1 the last words\n"
    with pytest.raises(PartialError) as caught:
        handler.create(inputs(made, timeoutSeconds=30), made.call)
    said = str(caught.value)
    assert said.startswith("service web: did not converge: 0 of 1 tasks run after 30 seconds")
    assert "web.1 on w1: task: non-zero exit (7)\n    | the last words" in said
    assert "It stays in the Swarm" in said
    assert caught.value.state.id == "s1"


def test_an_update_that_swarm_rolled_back_has_failed_at_once() -> None:
    made = world(task("running"), update="rollback_completed")
    with pytest.raises(PartialError, match="rolled the update back: the version before runs") as caught:
        handler.update("s1", {}, inputs(made, revision="r2"), made.call)
    assert made.clock.now() == 0
    assert caught.value.state.outputs["revision"] == "r2"
    assert "up --refresh" in str(caught.value)


def test_going_back_to_what_swarm_rolled_back_to_is_good() -> None:
    made = world(task("running"))
    good = handler.create(inputs(made, revision="r1"), made.call).outputs
    swarm = made["m1"].swarm
    assert swarm
    swarm.services["s1"]["UpdateStatus"] = {"State": "rollback_completed"}
    with pytest.raises(PartialError, match="rolled the update back") as caught:
        handler.update("s1", good, inputs(made, revision="r2"), made.call)
    failed = caught.value.state.outputs
    assert (failed["revision"], failed["good"]) == ("r2", good["good"])
    assert handler.update("s1", failed, inputs(made, revision="r1"), made.call)["good"] == good["good"]
    with pytest.raises(PartialError, match="rolled the update back"):
        handler.update("s1", failed, inputs(made, revision="r3"), made.call)


def test_what_runs_after_a_change_by_hand_is_not_what_was_good() -> None:
    made = world(task("running"))
    good = handler.create(inputs(made, revision="r1"), made.call).outputs
    swarm = made["m1"].swarm
    assert swarm
    swarm.services["s1"] |= {"UpdateStatus": {"State": "rollback_completed"}}
    swarm.services["s1"]["Spec"] = {"Name": "web", "TaskTemplate": {"ContainerSpec": {"Image": "web:0"}}}
    with pytest.raises(PartialError, match="rolled the update back"):
        handler.update("s1", good, inputs(made, revision="r1"), made.call)


def test_an_update_that_swarm_calls_completed_needs_no_watching() -> None:
    made = world(task("running"), update="completed")
    assert handler.update("s1", {}, inputs(made, revision="r2"), made.call)["revision"] == "r2"
    assert made.clock.now() == 0


def test_a_log_that_cannot_be_read_hides_nothing_else() -> None:
    made = world(task("failed", "exit (7)"))
    made.logs["s1"] = APIError("500", explanation="configured logging driver does not support reading")
    with pytest.raises(PartialError, match=r"web\.1 on w1: exit \(7\)"):
        handler.create(inputs(made, timeoutSeconds=1), made.call)
    assert "can't be read" in made.listener.warnings[0]


def test_another_manager_is_asked_when_the_first_is_down() -> None:
    made = World("m1", "m2", "m3")
    swarm = made.formed(m1="manager", m2="manager", m3="manager")
    swarm.services["s1"] = {
        "ID": "s1", "Spec": {"TaskTemplate": TEMPLATE}, "ServiceStatus": {"DesiredTasks": 0},
    }  # fmt: skip
    made["m1"].on = False
    assert handler.create(inputs(made), made.call).id == "s1"


def test_a_service_removed_meanwhile_is_said() -> None:
    made = world()
    with pytest.raises(PartialError, match="somebody removed it meanwhile"):
        handler.create(inputs(made, serviceId="s9"), made.call)


def test_only_a_revision_or_a_service_is_a_difference() -> None:
    made = world()
    old = inputs(made)
    assert not handler.diff(old, inputs(made, timeoutSeconds=9, managers=[made["m2"].connection])).changes
    changed = handler.diff(old, inputs(made, revision="r2"))
    assert (changed.changes, changed.replaces) == (True, [])
    assert handler.diff(old, old | {"revision": UNKNOWN}).diffs == ["revision"]
    assert handler.diff(old, inputs(made, serviceId="s2")).replaces == ["serviceId"]


def test_a_refresh_forgets_a_wait_only_with_its_service() -> None:
    made = world(task("failed"))
    bag = inputs(made)
    assert handler.read("s1", bag, bag, made.call).outputs == bag
    assert handler.read("s9", bag, bag, made.call).id is None
    made["m1"].on = made["m2"].on = False
    assert handler.read("s1", bag, bag, made.call).id == "s1"
    assert "last known state is kept" in made.listener.warnings[0]


def test_a_removal_touches_nothing() -> None:
    made = world()
    handler.delete("s1", inputs(made), made.call)
    assert made["m1"].swarm
    assert "s1" in made["m1"].swarm.services


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"timeoutSeconds": 0}, "timeoutSeconds"),
        ({"monitorSeconds": -1}, "monitorSeconds"),
        ({"managers": []}, "managers"),
        ({"serviceId": ""}, "serviceId"),
        ({"revision": 3}, "revision"),
    ],
)
def test_wrong_inputs_are_named(wrong: dict[str, Any], where: str) -> None:
    asked = inputs(world()) | wrong
    assert where in [failure.property for failure in handler.check({}, asked).failures]


def test_an_image_that_cant_be_pulled_is_told_with_its_registrys_answer() -> None:
    image = f"r.io:5000/web:1@sha256:{'a' * 64}"
    made = world(task("rejected", f"No such image: {image}"), update="rollback_completed")
    made.registries.errors[image] = 'Get "https://r.io:5000/v2/": dial tcp 10.0.0.9:5000: connect: connection refused'
    with pytest.raises(PartialError) as caught:
        handler.update("s1", {"good": {}}, inputs(made), made.call)
    said = str(caught.value)
    assert f"web.1 on w1: No such image: {image}" in said
    assert "asked for by m1: the registry r.io:5000 can't be reached" in said
    del made.registries.errors[image]
    with pytest.raises(PartialError, match="the registry has it and answers now"):
        handler.update("s1", {"good": {}}, inputs(made), made.call)
