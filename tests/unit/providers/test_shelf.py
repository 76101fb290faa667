"""A stack's shelf: it clears up what is declared no longer, and everything at the end."""

from __future__ import annotations

from typing import Any

import pytest

from providers.swarm.shelf import ShelfHandler
from providers.swarm.stored import StoredHandler
from spec.errors import SwarmError
from tests.unit.providers.test_stored import inputs, objects, serve, world
from tests.unit.providers.world import World

shelf = ShelfHandler()
KEPT = ["config/site", "secret/db"]


def asked(there: World, *names: str) -> dict[str, Any]:
    place = {key: value for key, value in inputs(there).items() if key in ("stack", "managers", "clusterId")}
    return {"names": sorted(names), **place}


def store(there: World, kind: str, name: str, **changes: Any) -> str:
    return str(StoredHandler(kind).create(inputs(there, name=name, **changes), there.call).id)


def off(there: World) -> None:
    for name in ("m1", "m2", "m3"):
        there[name].on = False


def test_it_makes_and_asks_nothing() -> None:
    there = world()
    off(there)
    state = shelf.create(asked(there, *KEPT), there.call)
    assert (state.id, state.outputs) == ("longshore/dev", asked(there, *KEPT))
    assert shelf.foresee(asked(there), None) == asked(there)


def test_an_update_removes_what_is_declared_no_longer_and_nothing_else() -> None:
    there = world()
    kept = [store(there, "secret", "db"), store(there, "secret", "old", stack="longshore/prod")]
    store(there, "secret", "old")
    store(there, "config", "db")  # a secret's name is no config's
    needed = store(there, "config", "banner")
    serve(there, "config", "another", needed)
    assert shelf.update("", {}, asked(there, *KEPT), there.call) == asked(there, *KEPT)
    assert sorted(objects(there, "secret")) == sorted(kept)
    assert list(objects(there, "config")) == [needed]


def test_a_refresh_tells_of_what_may_go_so_that_the_next_update_removes_it() -> None:
    there = world()
    store(there, "secret", "db")
    left = store(there, "secret", "old")
    serve(there, "secret", "another", left)
    now = asked(there, *KEPT)
    assert shelf.read("", now, now, there.call).outputs == now
    serve(there, "secret", "another", "a third")
    seen = shelf.read("", now, now, there.call).outputs
    assert seen["names"] == [*KEPT, "secret/old"]
    diff = shelf.diff(seen, now)
    assert (list(diff.detailed_diff), diff.replaces) == (["names"], [])


def test_a_refresh_that_reaches_nobody_keeps_what_is_known() -> None:
    there = world()
    off(there)
    assert shelf.read("", asked(there), asked(there), there.call).outputs == asked(there)
    assert "last known state" in there.listener.warnings[0]
    with pytest.raises(SwarmError, match="can't be imported"):
        shelf.read("", {}, {}, there.call)


def test_its_end_leaves_nothing_even_for_a_rollback() -> None:
    there = world()
    store(there, "secret", "db")
    store(there, "config", "site")
    other = store(there, "secret", "db", stack="longshore/prod")
    serve(there, "secret", "another", "secret-1")
    shelf.delete("", asked(there), there.call)
    assert list(objects(there, "secret")) == [other]
    assert objects(there, "config") == {}
    assert there.listener.warnings == []


def test_what_a_strangers_service_mounts_stays_and_is_told() -> None:
    there = world()
    made = store(there, "secret", "db")
    serve(there, "secret", made)
    shelf.delete("", asked(there), there.call)
    assert list(objects(there, "secret")) == [made]
    assert "1 secrets and configs stay" in there.listener.warnings[0]


def test_its_end_is_not_claimed_when_nobody_answers() -> None:
    there = world()
    off(there)
    with pytest.raises(SwarmError, match="no manager can be reached"):
        shelf.delete("", asked(there), there.call)


def test_what_is_missing_is_named() -> None:
    failures = {each.property for each in shelf.check({}, {"stack": 5, "managers": []}).failures}
    assert failures == {"stack", "clusterId", "managers"}
    assert shelf.check({}, asked(world())).failures == []


def test_another_swarm_has_another_shelf() -> None:
    there = world()
    assert shelf.diff(asked(there), asked(there) | {"clusterId": "swarm-9"}).replaces == ["clusterId"]
