"""Engines: an edited daemon.json, other facts, no answer."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from drift.engines import born_with, engine_drift
from drift.finding import Finding, Harm
from drift.refreshed import Refreshed
from tests.unit.drift.made import machine, resource, userdata

BORN = {"log-driver": "json-file", "log-opts": {"max-size": "10m"}, "live-restore": False}


def engine(now: dict[str, Any] | None = None, **before: Any) -> Refreshed:
    facts = {"ready": True, "engineVersion": "20.10.24", "storageDriver": "overlay2", "kernelVersion": "6.1.0-1"}
    return resource("engine", "w1-engine", facts | before, now, declared={"name": "w1"})


def found(text: str | None, born: str | None = json.dumps(BORN), now: dict[str, Any] | None = None) -> list[Finding]:
    daemons = {} if text is None else {"w1": text}
    return list(engine_drift([engine(now)], daemons, {} if born is None else {"w1": born}))


def test_an_engine_as_it_was_born_is_no_finding() -> None:
    assert found(json.dumps(BORN)) == []


def test_the_order_and_the_layout_of_its_file_do_not_matter() -> None:
    assert found(json.dumps(dict(reversed(BORN.items())), indent=8) + "\n\n") == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"log-driver": "local"}, 'log-driver: "json-file" -> "local"'),
        ({"live-restore": True}, "live-restore: false -> true"),
        ({"insecure-registries": ["r:5000"]}, 'insecure-registries: absent -> ["r:5000"]'),
        ({"log-opts": {"max-size": "99m"}}, 'log-opts: {"max-size": "10m"} -> {"max-size": "99m"}'),
    ],
)
def test_an_edited_setting_harms_and_is_told(changes: dict[str, Any], said: str) -> None:
    [edited] = found(json.dumps(BORN | changes))
    assert (edited.kind, edited.harm, edited.subject) == ("engine-setting", Harm.HARMFUL, "w1")
    assert said in edited.what


def test_a_setting_that_was_taken_out_is_absent() -> None:
    [edited] = found(json.dumps({"log-driver": "json-file", "live-restore": False}))
    assert edited.what.endswith('log-opts: {"max-size": "10m"} -> absent')


@pytest.mark.parametrize(("text", "said"), [("{", "no JSON"), ("", "no JSON"), ("[]", "no mapping")])
def test_a_file_that_is_no_setting_at_all_harms(text: str, said: str) -> None:
    [edited] = found(text)
    assert said in edited.what


def test_what_could_not_be_read_or_compared_is_not_guessed() -> None:
    assert found(None) == []
    assert found("{}", born=None) == []


@pytest.mark.parametrize("key", ["engineVersion", "storageDriver"])
def test_another_fact_of_the_engine_harms(key: str) -> None:
    [changed] = found(None, now={key: "other"})
    assert (changed.kind, changed.harm) == ("engine-setting", Harm.HARMFUL)
    assert f"{key} is other" in changed.what


def test_a_patched_kernel_is_harmless() -> None:
    [changed] = found(None, now={"kernelVersion": "6.1.0-2"})
    assert (changed.kind, changed.harm) == ("engine-patched", Harm.HARMLESS)
    assert changed.against.startswith("6.1.0-1")


def test_a_fact_that_was_never_recorded_is_no_change() -> None:
    assert found(None, now={"cgroupVersion": "2"}) == []


def test_an_engine_that_does_not_answer_is_away_once() -> None:
    assert [each.kind for each in found(None, now={"ready": False})] == ["engine-away"]
    already = engine({"ready": False}, ready=False)
    assert list(engine_drift([already], {}, {})) == []


def test_what_a_machine_was_born_with_is_in_its_user_data() -> None:
    born = born_with(machine("w1", declared={"extraConfig": {"guestinfo.userdata": userdata(BORN)}}))
    assert born is not None
    assert json.loads(born) == BORN


@pytest.mark.parametrize(
    "extra",
    [
        None,
        {},
        {"guestinfo.userdata": "not packed"},
        {"guestinfo.userdata": userdata(None)},
        {"guestinfo.userdata": {"4dabf18193072939515e22adb298388d": "sealed"}},
        {"guestinfo.userdata": base64.b64encode(b"a: [").decode()},
        {"guestinfo.userdata": base64.b64encode(b"just text").decode()},
    ],
)
def test_user_data_that_says_nothing_of_it_is_no_fault(extra: dict[str, Any] | None) -> None:
    assert born_with(machine("w1", declared={"extraConfig": extra})) is None
