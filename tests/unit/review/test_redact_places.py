"""Redaction where a value stands: under names, in lists, in documents, in keys, at the end of something long."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from review.build import from_lines
from review.marks import COMPUTED, HIDDEN, SEALED
from review.model import Resource
from review.redact import Redactor, settle
from tests.unit.review import log

CANARY = "Zq-correct-horse-Qz"


def redacted(value: Any, name: str = "", *secrets: str, **options: Any) -> Any:
    return settle(Redactor(secrets, **options).value(value, name))


def resource(*secrets: str, old: Any, new: Any, **more: Any) -> Resource:
    steps = log.steps("update", log.VM, "a", old, new, **more)
    return from_lines(log.lines(steps), Redactor(secrets)).resources[0]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"password": 12345}, {"password": HIDDEN}),
        ({"password": True}, {"password": True}),
        ({"password": None}, {"password": None}),
        ({"password": ""}, {"password": ""}),
        ({"password": log.COMPUTED}, {"password": COMPUTED}),
        ({"password": log.SECRET}, {"password": SEALED}),
        ({"secrets": ["a", 1]}, {"secrets": [HIDDEN, HIDDEN]}),
        (
            {"secret": {"id": "s1", "length": 20, "content": "x"}},
            {"secret": {"id": "s1", "length": 20, "content": HIDDEN}},
        ),
        ([{"key": "DB_PASSWORD", "value": "x"}], [{"key": HIDDEN, "value": HIDDEN}]),
        ([{"label": "db_password", "value": "x"}], [{"label": "db_password", "value": HIDDEN}]),
        ([{"name": "MODE", "value": "fast"}], [{"name": "MODE", "value": "fast"}]),
        ([{"name": 3, "value": "fast"}], [{"name": 3, "value": "fast"}]),
        (["--password", log.SECRET], ["--password", SEALED]),
        (["--password", "--fast", "x"], ["--password", HIDDEN, "x"]),
        (["--password=a", "x"], [f"--password={HIDDEN}", "x"]),
        ({"__defaults": ["password"], "a": 1}, {"a": 1}),
    ],
)
def test_what_a_name_decides(value: Any, shown: Any) -> None:
    assert redacted(value) == shown


def test_hidden_below_a_sensitive_name_goes_as_deep_as_it_is() -> None:
    value = {"credentials": {"a": {"b": [{"c": "deep"}]}, "mode": "x"}}
    assert redacted(value) == {"credentials": {"a": {"b": [{"c": HIDDEN}]}, "mode": "x"}}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"password": CANARY}),
        json.dumps([{"deep": {"apiKey": CANARY}}]),
        json.dumps({"inner": json.dumps({"token": CANARY})}),
        f"a: 1\npassword: {CANARY}\n",
        f"[db]\npassword = {CANARY}\n",
        f"DB_PASSWORD={CANARY}\nMODE=fast\n",
        f"mysql://app:{CANARY}@db/app",
        f"run --password {CANARY} --fast",
    ],
)
@pytest.mark.parametrize("encoded", [False, True])
def test_documents_are_looked_into_encoded_or_not(text: str, encoded: bool) -> None:
    given = base64.b64encode(text.encode()).decode() if encoded else text
    shown = redacted({"config": given})
    assert CANARY not in json.dumps(shown)
    assert HIDDEN in shown["config"]


def test_a_document_keeps_what_is_no_secret() -> None:
    shown = json.loads(redacted('{"level": 3, "hosts": ["a"], "password": "x", "on": true, "none": null}'))
    assert shown == {"level": 3, "hosts": ["a"], "password": HIDDEN, "on": True, "none": None}


@pytest.mark.parametrize("place", [*range(60_000, 66_000, 1_111), 65_530])
def test_a_known_secret_is_found_wherever_a_long_value_is_cut(place: int) -> None:
    secret = "Zq" + "0123456789-" * 300 + "Qz"
    text = ("x y " * 40_000)[:place] + secret + " and more" * 3000
    shown = redacted(text, "note", secret)
    assert len(shown) <= 64 * 1024
    assert "0123456789" not in shown
    assert "«" not in shown.replace(HIDDEN, "")


def test_a_long_value_is_cut_and_a_short_one_is_not() -> None:
    assert redacted("ab " * 30_000) == ("ab " * 30_000)[: 64 * 1024]
    assert redacted("ab " * 100) == "ab " * 100


def test_keys_are_cleaned_and_known_secrets_in_them_hidden() -> None:
    assert redacted({"labels": {"\x1b[31mred\x1b[0m": "1"}}) == {"labels": {"red": "1"}}
    assert redacted({"labels": {f"x-{CANARY}": "1"}}, "", CANARY) == {"labels": {f"x-{HIDDEN}": "1"}}


def test_a_path_that_only_the_provider_names_hides_a_known_secret_too() -> None:
    detailed = {f'labels["{CANARY}"]': {"diffKind": "update", "inputDiff": False}}
    found = resource(CANARY, old={"x": 1}, new={"x": 1}, detailedDiff=detailed)
    assert CANARY not in found.model_dump_json()


@pytest.mark.parametrize(
    ("path", "outputs"),
    [
        ("credentials.user", {"credentials": {"user": CANARY}}),
        ("credentials[0].blob", {"credentials": [{"blob": CANARY}]}),
        ("env[0].value", {"env": [{"name": "DB_PASSWORD", "value": CANARY}]}),
        ("args[1]", {"args": ["--password", CANARY]}),
    ],
)
def test_an_output_is_judged_by_all_that_stands_above_and_beside_it(path: str, outputs: dict[str, Any]) -> None:
    detailed = {path: {"diffKind": "update", "inputDiff": False}}
    found = resource(old={"x": 1}, new={"x": 1}, was={"outputs": outputs}, detailedDiff=detailed)
    assert [(change.path, change.before, change.concealed) for change in found.changes] == [(path, HIDDEN, True)]


def test_names_identifiers_and_errors_of_resources_are_looked_through() -> None:
    old, new = {"a": 1}, {"a": 2}
    found = resource(CANARY, old=old, new=new, was={"id": f"vm-{CANARY}"}, will={"initErrors": [f"bad {CANARY}"]})
    assert (found.id, found.init_errors) == (f"vm-{HIDDEN}", (f"bad {HIDDEN}",))


def test_nothing_in_a_policy_gives_a_known_secret_away() -> None:
    event = {"policyName": f"p-{CANARY}", "policyPackName": CANARY, "message": CANARY, "severity": CANARY}
    model = from_lines(log.lines(extra=[{"policyEvent": event}]), Redactor([CANARY]))
    assert CANARY not in model.model_dump_json()


@pytest.mark.parametrize("values", ["none", "safe", "all"])
def test_redacting_twice_changes_nothing(values: Any) -> None:
    value = {"password": "x", "note": f"mail {CANARY}", "env": ["A=b", "TOKEN=c"], "n": 3, "u": "x://a:b@c"}
    once = redacted(value, "", CANARY, values=values)
    assert redacted(once, "", CANARY, values=values) == once


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("token", "token"),
        ("token: abc", f"token: {HIDDEN}"),
        ("<{%fg 1%}>no template<{%reset%}>", "no template"),
        ("could not log in to x://a:b@c", f"could not log in to x://a:{HIDDEN}@c"),
        ("refused [secret]", f"refused {HIDDEN}"),
    ],
)
def test_messages(text: str, shown: str) -> None:
    assert Redactor().text(text) == shown


def test_a_short_word_that_is_a_known_secret_is_hidden_in_a_message() -> None:
    assert Redactor(["hunter2"]).text("hunter2") == HIDDEN
