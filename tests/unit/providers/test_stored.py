"""Secrets and configs on the Swarm: each content a generation, kept while something may need it."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from providers.swarm.properties import UNKNOWN
from providers.swarm.stored import StoredHandler
from spec.errors import SwarmError
from tests.unit.providers.test_generations import mounting
from tests.unit.providers.world import World

CANARY = "canary-content"
KINDS = pytest.mark.parametrize("kind", ["secret", "config"])


def world() -> World:
    made = World("m1", "m2", "m3")
    made.formed(m1="manager", m2="manager", m3="manager")
    return made


def inputs(there: World, text: str = CANARY, **changes: Any) -> dict[str, Any]:
    asked = {
        "name": "db",
        "stack": "longshore/dev",
        "data": base64.b64encode(text.encode()).decode(),
        "managers": [there[name].connection for name in ("m1", "m2", "m3")],
        "clusterId": "swarm-0",
        "keep": 2,
    }
    return asked | changes


def objects(there: World, kind: str) -> dict[str, dict[str, Any]]:
    swarm = there["m1"].swarm
    assert swarm
    return swarm.secrets if kind == "secret" else swarm.configs


def serve(there: World, kind: str, now: str, before: str | None = None) -> None:
    swarm = there["m1"].swarm
    assert swarm
    previous = mounting(kind, before) if before else None
    swarm.services["web"] = {"ID": "web", "Spec": mounting(kind, now), "PreviousSpec": previous}


def rotate(there: World, kind: str, times: int, **changes: Any) -> list[str]:
    """As the engine does: store the new one, have the service use it, delete the one it replaced."""
    handler, made = StoredHandler(kind), []
    for number in range(times):
        asked = inputs(there, f"content {number}", **changes)
        state = handler.create(asked, there.call)
        made.append(str(state.id))
        serve(there, kind, made[-1], made[-2] if len(made) > 1 else None)
        if len(made) > 1:
            handler.delete(made[-2], state.outputs, there.call)
    return made


@KINDS
def test_it_is_stored_under_a_name_of_its_own_with_labels_that_tell_whose_it_is(kind: str) -> None:
    there = world()
    state = StoredHandler(kind).create(inputs(there), there.call)
    [(ident, stored)] = objects(there, kind).items()
    assert state.id == ident
    assert stored["Spec"]["Data"] == CANARY.encode()
    assert stored["Spec"]["Name"] == state.outputs["storedName"]
    assert state.outputs["storedName"].startswith("db-")
    assert stored["Spec"]["Labels"] == {"longshore.stack": "longshore/dev", "longshore.name": "db"}


@KINDS
def test_a_creation_whose_answer_was_lost_is_found_and_not_repeated(kind: str) -> None:
    there = world()
    there.lost.append(f"create_{kind}")
    state = StoredHandler(kind).create(inputs(there), there.call)
    assert list(objects(there, kind)) == [state.id]


@pytest.mark.parametrize(("template", "driver"), [(True, {"Name": "golang"}), (False, None)])
def test_a_template_is_told_to_the_swarm_and_is_another_config(template: bool, driver: dict[str, str] | None) -> None:
    there = world()
    StoredHandler("config").create(inputs(there, template=template), there.call)
    [stored] = objects(there, "config").values()
    assert stored["Spec"]["Templating"] == driver
    diff = StoredHandler("config").diff(inputs(there, template=template), inputs(there, template=not template))
    assert diff.replaces == ["template"]


def test_what_swarm_refuses_is_told_without_the_content() -> None:
    there = world()
    with pytest.raises(SwarmError, match="data must be larger") as caught:
        StoredHandler("secret").create(inputs(there, ""), there.call)
    assert CANARY not in str(caught.value)


@KINDS
def test_rotation_keeps_the_newest_and_what_a_rollback_needs(kind: str) -> None:
    there = world()
    made = rotate(there, kind, 5)
    assert sorted(objects(there, kind)) == sorted(made[-2:])


def test_more_are_kept_when_asked() -> None:
    there = world()
    made = rotate(there, "secret", 5, keep=4)
    assert sorted(objects(there, "secret")) == sorted(made[-4:])


def test_a_rollback_by_hand_is_respected_and_what_nobody_needs_goes() -> None:
    there = world()
    first, second = rotate(there, "secret", 2, keep=1)
    serve(there, "secret", first, second)
    state = StoredHandler("secret").create(inputs(there, "third", keep=1), there.call)
    serve(there, "secret", str(state.id), first)
    StoredHandler("secret").delete(second, state.outputs, there.call)
    assert set(objects(there, "secret")) == {first, state.id}


def test_others_of_the_same_name_are_left_alone() -> None:
    there = world()
    other = StoredHandler("secret").create(inputs(there, stack="longshore/prod"), there.call)
    cousin = StoredHandler("secret").create(inputs(there, name="db-admin"), there.call)
    config = StoredHandler("config").create(inputs(there), there.call)
    made = rotate(there, "secret", 3, keep=1)
    assert set(objects(there, "secret")) == {other.id, cousin.id, *made[-2:]}
    assert set(objects(there, "config")) == {config.id}


@KINDS
def test_the_deletion_of_the_newest_is_the_end_of_all(kind: str) -> None:
    there = world()
    made = rotate(there, kind, 3)
    objects(there, kind)  # two are left
    there["m1"].swarm.services.clear()  # type: ignore[union-attr]
    StoredHandler(kind).delete(made[-1], inputs(there), there.call)
    assert objects(there, kind) == {}
    assert there.listener.warnings == []


def test_what_a_rollback_would_need_outlives_its_declaration_and_is_told() -> None:
    there = world()
    [made] = rotate(there, "secret", 1)
    serve(there, "secret", "another", made)
    StoredHandler("secret").delete(made, inputs(there), there.call)
    assert list(objects(there, "secret")) == [made]
    assert "previous version" in there.listener.warnings[0]


def test_what_is_gone_already_is_no_trouble() -> None:
    there = world()
    StoredHandler("secret").delete("secret-99", inputs(there), there.call)


def test_a_deletion_that_reaches_nobody_leaves_it_to_the_next_collection() -> None:
    there = world()
    [made] = rotate(there, "secret", 1)
    for name in ("m1", "m2", "m3"):
        there[name].on = False
    StoredHandler("secret").delete(made, inputs(there), there.call)
    assert "stays" in there.listener.warnings[0]


def test_another_content_is_a_replacement_made_before_the_old_one_goes() -> None:
    there = world()
    diff = StoredHandler("secret").diff(inputs(there), inputs(there, "other"))
    assert (diff.replaces, diff.delete_before_replace) == (["data"], False)


def test_a_content_that_is_not_known_yet_is_another_one() -> None:
    there = world()
    assert StoredHandler("secret").diff(inputs(there), inputs(there, data=UNKNOWN)).replaces == ["data"]


def test_another_number_of_generations_is_an_update_that_collects() -> None:
    there = world()
    made = rotate(there, "secret", 4, keep=4)
    fewer = inputs(there, "content 3", keep=1)
    handler = StoredHandler("secret")
    diff = handler.diff(inputs(there, "content 3", keep=4), fewer)
    assert (list(diff.detailed_diff), diff.replaces) == (["keep"], [])
    outputs = handler.update(made[-1], {**fewer, "keep": 4, "storedName": "db-1"}, fewer, there.call)
    assert outputs["storedName"] == "db-1"
    assert sorted(objects(there, "secret")) == sorted(made[-2:])


def test_who_manages_it_is_no_change() -> None:
    there = world()
    assert not StoredHandler("secret").diff(inputs(there), inputs(there, managers=[there["m3"].connection])).changes


def test_a_refresh_finds_it_gone_or_there_or_asks_nobody() -> None:
    there = world()
    [made] = rotate(there, "secret", 1)
    handler, outputs = StoredHandler("secret"), inputs(there, storedName="db-1")
    assert handler.read(made, outputs, inputs(there), there.call).id == made
    assert handler.read("secret-99", outputs, inputs(there), there.call).id is None
    for name in ("m1", "m2", "m3"):
        there[name].on = False
    assert handler.read(made, outputs, inputs(there), there.call).outputs == outputs
    assert "last known state" in there.listener.warnings[0]
    with pytest.raises(SwarmError, match="can't be imported"):
        handler.read(made, {}, {}, there.call)


def test_a_preview_knows_its_name_only_while_it_stays() -> None:
    there = world()
    handler = StoredHandler("secret")
    assert handler.foresee(inputs(there), None)["storedName"] is UNKNOWN
    assert handler.foresee(inputs(there, keep=3), inputs(there, storedName="db-1"))["storedName"] == "db-1"


def test_what_is_wrong_is_named_and_never_the_content() -> None:
    there = world()
    checked = StoredHandler("secret").check({}, {"name": "-", "data": 5, "keep": 0, "managers": []})
    named = {each.property for each in checked.failures}
    assert named == {"name", "keep", "stack", "clusterId", "managers"}
    assert StoredHandler("secret").check({}, inputs(there)).failures == []
