"""An apply in a made-up world: what is approved is done, what isn't is refused, and what was cut off goes on."""

from __future__ import annotations

from typing import Any

import pytest

from release.apply import Apply, Result
from release.standing import standing
from review.model import ChangeModel
from spec.environments import Environment
from spec.errors import ReleaseError, StaleError
from spec.promotion import Application, Promotion, Verification
from tests import releases
from tests.releases import NOON
from tests.unit.release.worlds import BAD, ELSE, GOOD, NEW, RELEASE, Fake, model


def promote(world: Fake, **changes: Any) -> None:
    plans = {stack: each.fingerprint() for stack, each in world.models.items()}
    content = {"at": NOON, "by": "Ann", "release": RELEASE.id, "commit": releases.COMMIT, "plans": plans}
    world.log.append(Promotion.model_validate(content | {"states": dict(world.states)} | changes))


def apply(world: Fake, **environment: Any) -> None:
    declared = Environment.model_validate(environment or {"stacks": list(world.states)})
    Apply("prod", declared, RELEASE, standing("prod", world.log), world).run()


def verifications(world: Fake) -> list[bool]:
    return [each.ok for each in world.log if isinstance(each, Verification)]


def test_what_was_approved_is_done_verified_and_recorded() -> None:
    world = Fake("web", "cache")
    promote(world)
    apply(world)
    assert world.done == ["update prod", "verify prod"]
    assert world.results_of() == ["begun", "succeeded"]
    begun, ended, verified = world.log[1:]
    assert isinstance(begun, Application)
    assert begun.touches == ("urn::cache", "urn::web")
    assert isinstance(ended, Application)
    assert (ended.state, ended.update, ended.plan) == (NEW, "17000000004", begun.plan)
    assert isinstance(verified, Verification)
    assert (verified.ok, verified.by, verified.checks) == (True, "Ann", GOOD)


def test_nothing_promoted_is_nothing_to_apply() -> None:
    with pytest.raises(ReleaseError, match="no release was promoted to it yet"):
        apply(Fake())


def test_a_state_that_changed_since_the_approval_is_stale() -> None:
    world = Fake()
    promote(world)
    world.states["prod"] = ELSE
    with pytest.raises(StaleError, match="its state has changed since 2026-11-25 12:00 UTC") as stale:
        apply(world)
    assert stale.value.exit_code == 41
    assert (world.done, len(world.log)) == ([], 1)


@pytest.mark.parametrize("other", [model("web", "cache"), model("web", to=3), model()])
def test_another_change_than_the_approved_one_is_stale(other: ChangeModel) -> None:
    world = Fake()
    promote(world)
    world.models["prod"] = other
    with pytest.raises(StaleError, match="in another way than was approved"):
        apply(world)
    assert (world.done, len(world.log)) == ([], 1)


def test_a_promotion_without_a_preview_approves_nothing() -> None:
    world = Fake()
    promote(world, plans={}, states={})
    with pytest.raises(StaleError, match="was promoted without a preview"):
        apply(world)


def test_a_preview_that_fails_is_no_reason_to_try() -> None:
    world = Fake()
    world.models["prod"] = model(failed=True, error="no quorum")
    promote(world)
    with pytest.raises(ReleaseError, match="its preview fails: no quorum"):
        apply(world)
    assert world.done == []


@pytest.mark.parametrize("result", ["failed", "interrupted"])
def test_an_update_that_did_not_end_well_goes_on_when_it_is_run_again(result: Result) -> None:
    world = Fake("web", "cache")
    world.results = [result]
    promote(world)
    with pytest.raises(ReleaseError, match=result) as stopped:
        apply(world)
    assert "longshore release apply prod" in stopped.value.fix
    assert verifications(world) == []
    world.models["prod"] = model("cache")
    apply(world)
    assert "prod: going on with the apply of 2026-11-25 12:01 UTC" in world.said
    assert world.results_of() == ["begun", result, "begun", "succeeded"]
    assert verifications(world) == [True]


def test_one_that_was_killed_goes_on_too() -> None:
    world = Fake("web", "cache")
    world.results = [KeyboardInterrupt]
    promote(world)
    with pytest.raises(KeyboardInterrupt):
        apply(world)
    assert world.results_of() == ["begun"]
    apply(world)
    assert world.results_of() == ["begun", "begun", "succeeded"]


def test_going_on_touches_nothing_that_was_not_approved() -> None:
    world = Fake("web")
    world.results = ["failed"]
    promote(world)
    with pytest.raises(ReleaseError):
        apply(world)
    world.models["prod"] = model("web", "cache")
    with pytest.raises(StaleError, match="would also change cache, which was not approved"):
        apply(world)
    assert world.done == ["update prod"]


def test_a_state_that_changed_after_a_failure_is_stale() -> None:
    world = Fake()
    world.results = ["failed"]
    promote(world)
    with pytest.raises(ReleaseError):
        apply(world)
    world.states["prod"] = "d" * 64
    with pytest.raises(StaleError, match="when it was last applied"):
        apply(world)


def test_applied_again_it_only_verifies_again() -> None:
    world = Fake()
    promote(world)
    apply(world)
    apply(world)
    assert world.done == ["update prod", "verify prod", "verify prod"]
    assert world.said[-2] == f"prod: the release {RELEASE.id} is applied already"
    world.states["prod"] = ELSE
    with pytest.raises(StaleError, match="when it was last applied"):
        apply(world)


def test_a_release_that_does_not_work_is_recorded_as_such() -> None:
    world = Fake()
    world.checks = BAD
    promote(world)
    with pytest.raises(ReleaseError, match=r"is not verified(.|\n)*http web /: answers 500, not 200") as stopped:
        apply(world)
    assert "swarm prod" not in str(stopped.value)
    assert "longshore release rollback prod" in stopped.value.fix
    assert verifications(world) == [False]


def test_nothing_to_change_is_recorded_without_an_update() -> None:
    world = Fake()
    world.models["prod"] = model()
    promote(world)
    apply(world)
    assert world.done == ["verify prod"]
    assert world.results_of() == ["succeeded"]


def test_a_group_is_updated_when_the_one_before_works() -> None:
    world = Fake(stacks=("one", "two", "rest"))
    promote(world)
    waves = {"waves": [["one"], ["two", "rest"]]}
    world.checks = BAD
    with pytest.raises(ReleaseError, match="not verified"):
        apply(world, **waves)
    assert world.done == ["update one", "verify one"]
    world.checks = GOOD
    apply(world, **waves)
    assert world.done[3:] == ["update two", "update rest", "verify one two rest"]
    assert verifications(world) == [False, True]


def test_every_stack_is_looked_at_before_the_first_is_touched() -> None:
    world = Fake(stacks=("one", "two"))
    promote(world)
    world.states["two"] = ELSE
    with pytest.raises(StaleError, match="stack two"):
        apply(world)
    assert (world.done, len(world.log)) == ([], 1)


def test_a_stack_that_somebody_updates_while_another_is_applied_is_stale() -> None:
    world = Fake(stacks=("one", "two"))
    promote(world)
    update = world.update

    def meanwhile(stack: str, release: Any) -> Result:
        world.states["two"] = ELSE
        return update(stack, release)

    world.update = meanwhile  # type: ignore[method-assign]
    with pytest.raises(StaleError, match="updated by somebody else just now"):
        apply(world)
    assert world.done == ["update one"]
