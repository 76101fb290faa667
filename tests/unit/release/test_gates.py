"""Each gate: when it is open, and what it says when it isn't."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from release import gates
from release.facts import Facts
from release.gate import Gate, State, Step
from spec.errors import ReleaseError
from spec.promotion import Approval, FreezeOff, FreezeOn, Override, Record
from tests.releases import NOON, applied, declared, promoted, release, verified

NEW, OLD = release(2).id, release(1, by="Bob").id
HOUR = timedelta(hours=1)


def facts(environment: str = "staging", logs: Any = None, **more: Any) -> Facts:
    text = more.pop("text", None)
    return Facts(declared(text) if text else declared(), environment, NEW, logs or {}, more.pop("now", NOON), **more)


def gate(name: str, of: Facts) -> Gate:
    return next(each for each in gates.gates(of) if each.name == name)


def lived(hours: float, *after: Record) -> list[Record]:
    start = NOON - hours * HOUR
    return [promoted(NEW, start), applied(NEW, start), verified(NEW, start), *after]


def only(gates_: str) -> str:
    return f"environments: {{dev: {{stacks: [dev]}}, staging: {{stacks: [s], after: [dev], gates: {gates_}}}}}"


def test_every_gate_is_told_once_and_in_one_order() -> None:
    names = [each.name for each in gates.gates(facts())]
    assert names == ["order", "soak", "freeze", "window", "approvals", "program", "risk"]


def test_where_releases_start_nothing_comes_before() -> None:
    assert gate("order", facts("dev")).state is State.PASSED
    assert gate("soak", facts("dev")).state is State.PASSED


def test_what_was_not_applied_before_is_refused() -> None:
    found = gate("order", facts())
    assert (found.state, found.found) == (State.FAILED, "was not applied to dev")
    assert found.fix == f"`longshore release promote {NEW} --to dev` first"
    promoted_only = gate("order", facts(logs={"dev": [promoted(NEW)]}))
    assert promoted_only.fix == "`longshore release apply dev` first"
    assert gate("order", facts(logs={"dev": lived(3)[:2]})).fix == "`longshore release verify dev` first"


def test_applied_is_not_verified_and_a_failed_check_is_named() -> None:
    start = lived(3)[:2]
    assert gate("order", facts(logs={"dev": start})).found == "is not verified in dev"
    failed = gate("order", facts(logs={"dev": [*lived(3), verified(NEW, ok=False)]}))
    assert failed.found == "was not found good in dev: swarm"
    assert failed.blocks(Step.PROMOTE)


def test_what_was_rolled_back_goes_no_further_until_it_is_verified_again() -> None:
    back = promoted(OLD, kind="rollback", by="Eve").model_copy(update={"before": NEW, "reason": "it is slow"})
    found = gate("order", facts(logs={"dev": [*lived(3), back]}))
    assert (found.state, found.found) == (State.FAILED, "Eve went back from it in dev: it is slow")
    again = [*lived(3), back, promoted(NEW), applied(NEW), verified(NEW)]
    assert gate("order", facts(logs={"dev": again})).state is State.PASSED


def test_another_releases_verification_opens_nothing() -> None:
    assert gate("order", facts(logs={"dev": [applied(OLD), verified(OLD)]})).state is State.FAILED


def test_any_of_the_environments_before_will_do_when_it_says_so() -> None:
    text = "environments: {eu: {stacks: [e]}, us: {stacks: [u]}, p: {stacks: [p], after: [eu, us], requires: %s}}"
    logs = {"us": lived(1)}
    assert gate("order", facts("p", logs, text=text % "any")).state is State.PASSED
    assert gate("order", facts("p", logs, text=text % "all")).found == "was not applied to eu"


def test_a_soak_tells_how_long_it_still_takes() -> None:
    assert gate("soak", facts(logs={"dev": lived(2)})).state is State.PASSED
    short = gate("soak", facts(logs={"dev": lived(0.5)}))
    assert (short.state, short.found) == (State.WAITING, "30m of 2h in dev")
    assert short.until == NOON + 1.5 * HOUR
    assert short.fix == "wait until 2026-11-25 13:30 UTC"


def test_a_soak_that_was_cut_short_does_not_go_on() -> None:
    replaced = lived(3, applied(OLD, NOON - 2 * HOUR))
    found = gate("soak", facts(logs={"dev": replaced}))
    assert (found.state, found.until) == (State.FAILED, None)
    assert found.found == "1h of 2h in dev"
    failed = [*lived(3), verified(NEW, NOON - 2 * HOUR, ok=False), verified(NEW, NOON - HOUR)]
    assert gate("soak", facts(logs={"dev": failed})).until == NOON + HOUR


def test_a_freeze_by_hand_stops_until_it_is_lifted_or_over() -> None:
    on = FreezeOn(at=NOON - HOUR, by="Eve", reason="an incident")
    found = gate("freeze", facts(logs={"staging": [on]}))
    assert (found.state, found.found) == (State.FAILED, "Eve since 2026-11-25 11:00 UTC: an incident")
    assert found.blocks(Step.PROMOTE)
    off = FreezeOff(at=NOON, by="Eve", reason="over")
    assert gate("freeze", facts(logs={"staging": [on, off]})).state is State.PASSED
    until = on.model_copy(update={"until": NOON + HOUR})
    assert gate("freeze", facts(logs={"staging": [until]})).until == NOON + HOUR
    assert gate("freeze", facts(logs={"staging": [until]}, now=NOON + HOUR)).state is State.PASSED


def test_a_planned_freeze_and_the_emergency_stop_are_told() -> None:
    text = only("{}") + "\nfreezes: {all: [{start: 2026-11-25T00:00, end: 2026-11-26T00:00, zone: UTC, reason: Sale}]}"
    assert gate("freeze", facts(text=text)).fix == "wait until 2026-11-26 00:00 UTC"
    assert gate("freeze", facts(emergency="disk full")).found == "LONGSHORE_FREEZE: disk full"


def test_a_window_says_when_it_opens() -> None:
    text = only('{windows: [{days: [mon], start: "09:00", end: "17:00", zone: Europe/Berlin}]}')
    shut = gate("window", facts(text=text))
    assert (shut.state, shut.fix) == (State.WAITING, "wait until 2026-11-30 08:00 UTC")
    assert not shut.blocks(Step.PROMOTE)
    assert shut.blocks(Step.APPLY)
    assert gate("window", facts(text=text, now=shut.until)).state is State.PASSED


def test_approvals_are_other_peoples_and_of_this_promotion() -> None:
    text = only("{approvals: {count: 1, by: [Bob, Ada]}}")
    bob, ada = Approval(at=NOON, by="Bob", release=NEW), Approval(at=NOON, by="Ada", release=NEW)
    logs: dict[str, list[Record]] = {
        "nobody": [promoted(NEW)],
        "somebody": [promoted(NEW), bob],
        "oneself": [promoted(NEW), ada],
        "a stranger": [promoted(NEW), Approval(at=NOON, by="Eve", release=NEW)],
        "before": [bob, promoted(NEW)],
        "another": [promoted(NEW), Approval(at=NOON, by="Bob", release=OLD)],
        "the one before": [promoted(NEW), bob, promoted(OLD)],
    }
    state = {name: gate("approvals", facts(text=text, logs={"staging": each})).state for name, each in logs.items()}
    assert state.pop("somebody") is State.PASSED
    assert set(state.values()) == {State.WAITING}


def test_the_program_is_the_one_that_was_verified() -> None:
    changed = ("spec/pool.py",)
    found = gate("program", facts(program=changed))
    assert (found.state, found.found) == (State.FAILED, "1 file changed since the release was cut: spec/pool.py")
    assert gate("program", facts(text=only("{program: any}"), program=changed)).state is State.PASSED
    assert gate("program", facts(program=changed, goes_back=True)).state is State.PASSED


@pytest.mark.parametrize(
    ("risk", "most", "state"),
    [
        (None, "block", State.UNKNOWN),
        ("", "note", State.PASSED),
        ("warn", "warn", State.PASSED),
        ("ack", "warn", State.FAILED),
        ("block", "ack", State.FAILED),
    ],
)
def test_a_risk_above_the_bar_is_refused(risk: str | None, most: str, state: State) -> None:
    assert gate("risk", facts(text=only(f"{{max_risk: {most}}}"), risk=risk)).state is state


def test_a_rollback_asks_nothing_of_the_environments_before() -> None:
    found = facts(goes_back=True)
    assert {gate(name, found).state for name in ("order", "soak")} == {State.PASSED}


def test_an_override_counts_for_its_gates_and_its_promotion_only() -> None:
    override = Override(at=NOON, by="Ada", release=NEW, gates=("order", "soak"), reason="an outage")
    passed = facts(logs={"staging": [promoted(NEW), override]})
    assert gate("order", passed).state is State.OVERRIDDEN
    assert gate("order", passed).fix == "Ada went past it: an outage"
    assert gate("approvals", facts(text=only("{approvals: {}}"), logs={"staging": [promoted(NEW), override]})).blocks(
        Step.APPLY
    )
    later = facts(logs={"staging": [promoted(NEW), override, promoted(NEW)]})
    assert gate("order", later).state is State.FAILED


def test_an_override_of_a_freeze_does_not_count_for_a_later_one() -> None:
    on = FreezeOn(at=NOON - HOUR, by="Eve", reason="an incident")
    override = Override(at=NOON, by="Ada", release=NEW, gates=("freeze",), reason="the mend")
    then = [on, promoted(NEW), override]
    assert gate("freeze", facts(logs={"staging": then})).state is State.OVERRIDDEN
    later = [*then, FreezeOn(at=NOON + HOUR, by="Eve", reason="another")]
    assert gate("freeze", facts(logs={"staging": later}, now=NOON + 2 * HOUR)).state is State.FAILED
    assert gate("freeze", facts(logs={"staging": then}, emergency="stop")).state is State.FAILED


def test_what_stands_in_the_way_is_told_at_once_with_a_way_past_it() -> None:
    with pytest.raises(ReleaseError) as caught:
        gates.require(gates.gates(facts()), Step.PROMOTE, "staging")
    message = str(caught.value)
    assert "order: was not applied to dev" in message
    assert "soak: 0s of 2h in dev" in message
    assert "--override order,soak --reason" in message
    gates.require(gates.gates(facts("dev")), Step.PROMOTE, "dev")
