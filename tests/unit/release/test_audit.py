"""Updates that no promotion asked for are found; an apply's own, and those before the first, aren't."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from release.audit import Finding, Update, audited, updates
from release.state import fingerprint
from spec.promotion import Application, OutOfBand, Record
from tests.releases import NOON, applied, release
from tests.unit.release.project import Project

MINUTE = timedelta(minutes=1)
ID = release().id


def stamp(at: datetime) -> str:
    return str(int(at.timestamp()))


def update(minutes: float, message: str = "", kind: str = "update") -> Update:
    end = NOON + minutes * MINUTE
    return Update(id=stamp(end), kind=kind, start=end - MINUTE / 4, end=end, result="succeeded", message=message)


def apply(minutes: float, **more: Any) -> list[Record]:
    """One apply that took a minute, up to `minutes` after noon."""
    end = NOON + minutes * MINUTE
    begun = applied(ID, end - MINUTE, "begun")
    done = Application(
        at=end, by="ci", release=ID, stack="dev", result="succeeded", update=stamp(end), state="aa11aa11", **more
    )
    return [begun, done]


def found(history: list[Update], records: list[Record], state: str = "aa11aa11") -> tuple[Finding, ...]:
    return audited("dev", history, records, state)


def test_an_applys_updates_are_its_own_even_several() -> None:
    assert found([update(9.5), update(9.8), update(10)], apply(10)) == ()


def test_what_came_before_the_first_apply_is_not_told() -> None:
    assert found([update(-100), update(3), update(10)], apply(10)) == ()
    assert found([update(-100)], []) == ()


def test_an_update_by_hand_is_found_with_what_is_known_of_it() -> None:
    strange = update(30, "quick mend").model_copy(update={"author": "Eve"})
    [only] = found([update(10), strange], apply(10), "bb22bb22")
    assert (only.update, only.author, only.message, only.when) == (strange.id, "Eve", "quick mend", strange.end)
    assert only.what == "update that no promotion asked for: succeeded"


def test_a_destroy_and_a_refresh_are_found_as_well() -> None:
    told = [each.what for each in found([update(20, kind="destroy"), update(30, kind="refresh")], apply(10))]
    assert [each.partition(" ")[0] for each in told] == ["destroy", "refresh"]


def test_an_accepted_update_is_told_no_more() -> None:
    strange = update(30)
    accepted = OutOfBand(at=NOON + 40 * MINUTE, by="Ada", stack="dev", update=strange.id, reason="known")
    assert found([update(10), strange], [*apply(10), accepted], "bb22bb22") == ()
    assert len(found([update(10), strange, update(50)], [*apply(10), accepted])) == 1


def test_a_state_that_no_update_explains_is_found() -> None:
    [only] = found([update(10)], apply(10), "bb22bb22")
    assert only.update == ""
    assert "no update tells why" in only.what


def test_an_apply_that_nobody_was_left_to_tell_of_is_known_by_its_message() -> None:
    cut_off = apply(10)[:1]
    assert found([update(9.5, f"release {ID}")], cut_off) == ()
    assert len(found([update(9.5, "another")], cut_off)) == 1
    again = [*cut_off, *apply(20)]
    assert found([update(9.5, f"release {ID}"), update(20)], again) == ()


def test_another_stacks_records_explain_nothing() -> None:
    elsewhere = applied(ID, NOON + 30 * MINUTE, stack="other")
    assert [each.update for each in found([update(10), update(30)], [*apply(10), elsewhere])] == [update(30).id]


def test_pulumis_history_is_read_oldest_first_and_without_what_still_runs() -> None:
    entries = [
        {"kind": "update", "startTime": "2026-11-25T08:14:06.000Z", "message": "", "result": "in-progress"},
        entry("2026-11-25T08:14:06.000Z", "second"),
        entry("2026-11-25T07:00:00.000Z", "first"),
    ]
    told = updates(entries)
    assert [each.message for each in told] == ["first", "second"]
    assert told[1].id == "1795594446"
    assert told[1].author == "Ann"


def entry(end: str, message: str) -> dict[str, Any]:
    around = {"git.author": "Ann", "exec.kind": "cli"}
    return {
        "kind": "update",
        "startTime": end,
        "endTime": end,
        "message": message,
        "environment": around,
        "result": "ok",
    }


def test_the_verb_tells_and_accepts(project: Project, monkeypatch: Any) -> None:
    deployment: dict[str, Any] = {"resources": []}
    history = [entry("2026-11-25T12:30:00.000Z", "by hand")]
    monkeypatch.setattr("cli.pulumi.history", lambda _: history)
    monkeypatch.setattr("cli.pulumi.deployment", lambda _: deployment)
    assert project.run("audit").stdout == "every update was asked for by a promotion\n"
    records = apply(10)
    project.records("dev", records[0], records[1].model_copy(update={"state": fingerprint(deployment)}))
    done = project.run("audit", "--json")
    assert done.exit_code == 7
    [only] = json.loads(done.stdout)
    assert (only["environment"], only["stack"], only["message"]) == ("dev", "dev", "by hand")
    assert only["update"] in project.run("audit", "dev").stdout
    assert "no such update" in project.refused("audit", "--accept", "1", "--reason", "x")
    assert "says nothing" in project.refused("audit", "--accept", only["update"])
    assert project.run("audit", "--accept", only["update"], "--reason", "an outage").exit_code == 0
    assert project.run("audit").exit_code == 0
    assert isinstance(project.log("dev")[-1], OutOfBand)
