"""The event log of a refresh: recorded ones, and ones that end too early."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from drift.refreshed import Refresh, read
from tests.unit.drift.made import TYPES, urn

RECORDED = (Path(__file__).parent / "recorded" / "refresh.jsonl").read_text().splitlines()
URN = urn("network", "net")


def event(kind: str, op: str, old: dict[str, Any] | None, new: dict[str, Any] | None, **more: Any) -> str:
    def side(outputs: dict[str, Any] | None) -> dict[str, Any] | None:
        return None if outputs is None else {"urn": URN, "inputs": {"name": "net"}, "outputs": outputs}

    metadata = {"op": op, "urn": URN, "type": TYPES["network"], "old": side(old), "new": side(new), **more}
    return json.dumps({"sequence": 1, kind: {"metadata": metadata, "planning": True}})


def asked(old: dict[str, Any]) -> str:
    return event("resourcePreEvent", "refresh", old, old)


def answered(op: str, old: dict[str, Any], new: dict[str, Any] | None, **more: Any) -> str:
    return event("resOutputsEvent", op, old, new, **more)


def complaint(message: str, urn_: str = URN) -> str:
    return json.dumps({"diagnosticEvent": {"message": message, "severity": "error", "urn": urn_}})


def test_a_recorded_refresh_tells_what_was_done_by_hand() -> None:
    refresh = read(RECORDED)
    found = {each.name: each for each in refresh.resources}
    node = found["lab-workers-2-member"]
    assert node.paths == ("availability", "labels.hand")
    assert (node.declared["availability"], node.after and node.after["availability"]) == ("active", "drain")
    machine = found["lab-managers-1"]
    assert machine.paths == ()
    assert machine.after
    assert machine.before["hostSystemId"] != machine.after["hostSystemId"]
    assert not refresh.unanswered
    assert refresh.stack_outputs["cluster"]["name"] == "lab"


def test_a_resource_that_is_gone_has_no_present() -> None:
    [gone] = read([asked({"id": "1"}), answered("delete", {"id": "1"}, None)]).resources
    assert (gone.before, gone.after) == ({"id": "1"}, None)


def test_one_that_stayed_has_no_paths_even_with_other_outputs() -> None:
    [same] = read([answered("same", {"a": 1}, {"a": 2}, diffs=["a"])]).resources
    assert same.paths == ()
    assert same.after == {"a": 2}


def test_top_level_names_stand_in_for_paths_that_the_provider_does_not_give() -> None:
    [changed] = read([answered("update", {"a": 1}, {"a": 2}, diffs=["b", "a"], detailedDiff=None)]).resources
    assert changed.paths == ("a", "b")


def test_what_could_not_be_asked_keeps_its_last_known_state_and_the_reason() -> None:
    refresh = read([asked({"id": "1"}), complaint("no route to host\n"), complaint("Preview failed")])
    [kept] = refresh.resources
    assert kept.after == kept.before == {"id": "1"}
    assert refresh.unanswered == {URN: "no route to host"}


def test_an_error_of_no_resource_is_kept_apart() -> None:
    refresh = read([complaint("the passphrase is wrong", "")])
    assert refresh.errors == ["the passphrase is wrong"]
    assert not refresh.unanswered


def test_warnings_are_no_reasons() -> None:
    warning = json.dumps({"diagnosticEvent": {"message": "old plugin", "severity": "warning", "urn": URN}})
    refresh = read([warning])
    assert (refresh.unanswered, refresh.errors) == ({}, [])


def test_default_providers_are_not_the_stacks() -> None:
    provider = event("resOutputsEvent", "same", {}, {}).replace(TYPES["network"], "pulumi:providers:docker")
    assert read([provider.replace("::net", "::default_5_1_0")]).resources == []


def test_nothing_comes_of_nothing() -> None:
    assert read([]) == Refresh()


@given(st.integers(0, len(RECORDED)), st.text(max_size=20))
def test_a_log_that_ends_anywhere_is_read_as_far_as_it_goes(lines: int, rest: str) -> None:
    whole, part = read(RECORDED), read([*RECORDED[:lines], rest])
    assert {each.urn for each in part.resources} <= {each.urn for each in whole.resources}
    settled = {each.urn: each for each in whole.resources}
    changed = [each for each in part.resources if each.after != each.before]
    assert all(settled[each.urn] == each for each in changed)
