"""A canary in any place and in any encoding is in no report, of whatever form; and none is refused for it."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from review.build import from_lines
from review.model import ChangeModel
from review.redact import Redactor
from review.report import data, page, terminal
from review.report.content import Review, StackReview
from review.report.detail import Detail
from review.report.dialect import GITHUB, PLAIN
from review.report.markdown import render
from review.risk import Surroundings
from review.withhold import withheld
from tests.unit.review import log

CANARIES = st.text("abcdXYZ0189-_!%/+=&'<>@ ", min_size=8, max_size=24).map(lambda text: f"Zq{text.strip()}Qz")
WORDS = st.text("abcdefgh", min_size=4, max_size=10).map(lambda text: f"Zq{text}Qz")


def base(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": base,
    "base64 twice": lambda text: base(base(f"see {text} in here")),
    "wrapped": lambda text: base64.encodebytes(f"{'some words ' * 9}{text}".encode()).decode(),
    "gzip": lambda text: base64.b64encode(gzip.compress(f"#cloud-config\nx: {text}\n".encode())).decode(),
    "URL": lambda text: quote(text, safe=""),
    "HTML": html.escape,
    "JSON in a text": lambda text: f"got {json.dumps(json.dumps({'a': text}))} back",
}
Put = Callable[[str], list[str]]


def updated(new: dict[str, Any], old: dict[str, Any] | None = None, **more: Any) -> list[str]:
    return log.lines(log.steps("update", log.VM, "a", {"x": 1, **(old or {})}, {"x": 2, **new}, **more))


def failing(**event: Any) -> list[str]:
    return log.lines(log.steps("update", log.VM, "a", {"x": 1}, {"x": 2}), extra=[event])


def cloud_init(text: str) -> list[str]:
    return updated({"extraConfig": {"guestinfo.userdata": f"#cloud-config\nnote: {json.dumps(text)}\n"}})


def output(text: str) -> list[str]:
    return updated({}, was={"outputs": {"y": {"z": text}}}, detailedDiff={"y.z": {"diffKind": "update"}})


def policy(text: str) -> list[str]:
    return failing(policyEvent={"policyName": text, "message": text, "enforcementLevel": "mandatory"})


PLACES: dict[str, Put] = {
    "a new value": lambda text: updated({"note": text}),
    "an old value": lambda text: updated({"note": "b"}, {"note": text}),
    "a list": lambda text: updated({"args": ["run", text]}),
    "deep below": lambda text: updated({"a": {"b": [{"name": "c", "d": {"e": text}}]}}),
    "a key": lambda text: updated({"labels": {text: "1"}}),
    "many lines": lambda text: updated({"file": f"one\ntwo {text}\nthree\nfour"}),
    "cloud-init": cloud_init,
    "an output": output,
    "an identifier": lambda text: updated({}, was={"id": text}),
    "an init error": lambda text: updated({}, will={"initErrors": [f"no: {text}"]}),
    "an error": lambda text: failing(diagnosticEvent={"severity": "error", "message": f"refused {text}, sorry"}),
    "the engine's error": lambda text: failing(errorEvent={"error": text}),
    "a policy": policy,
}


def reports(model: ChangeModel) -> list[str]:
    review = Review((StackReview.of(model, Surroundings(environment="prod")),), project="p", head="abc")
    buffer = io.StringIO()
    terminal.show(review, Console(file=buffer, width=400, color_system=None))
    markdown = [render(review, dialect, detail) for dialect in (GITHUB, PLAIN) for detail in Detail]
    return [buffer.getvalue(), data.render(review), page.render(review), *markdown]


def forms(canary: str) -> set[str]:
    return {canary, base(canary), quote(canary, safe=""), html.escape(canary), json.dumps(canary)[1:-1]}


@settings(max_examples=120, deadline=None)
@given(CANARIES, st.sampled_from(sorted(ENCODINGS)), st.sampled_from(sorted(PLACES)))
def test_a_known_secret_is_in_no_report(canary: str, encoding: str, place: str) -> None:
    redactor = Redactor([canary])
    for text in reports(from_lines(PLACES[place](ENCODINGS[encoding](canary)), redactor)):
        assert not [form for form in forms(canary) if form in text]
        redactor.verify(text)


SECRETIVE: dict[str, Callable[[str], Any]] = {
    "a value": lambda word: {"dbPassword": word},
    "a list": lambda word: {"apiTokens": [word, {"deep": word}]},
    "a pair": lambda word: {"env": [{"name": "DB_PASSWORD", "value": word}]},
    "an assignment": lambda word: {"env": [f"DB_PASSWORD={word}"]},
    "a flag": lambda word: {"command": ["run", "--db-password", word]},
    "a command": lambda word: {"command": f"run --db-password {word} --fast"},
    "YAML": lambda word: {"file": f"a: 1\npasswords:\n- {word}\n- x{word}\nb:\n  token: |\n    {word}\n"},
    "an ini file": lambda word: {"file": f"[db]\nuser = a\npassword = {word}\n[x]\n"},
    "JSON": lambda word: {"file": json.dumps({"a": [{"clientSecret": word}]})},
    "JSON in JSON": lambda word: {"file": json.dumps({"a": json.dumps({"b": {"apiKey": word}})})},
    "an address": lambda word: {"url": f"postgres://app:{word}@db/app"},
    "an address in base64": lambda word: {"blob": base(f"use postgres://app:{word}@db/app")},
    "an env file in base64": lambda word: {"data": base(f"MODE=fast\nPGPASSWORD={word}\n")},
    "packed cloud-init": lambda word: {"guestinfo.userdata": ENCODINGS["gzip"](f"1\npasswd: {word}")},
}  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(WORDS, st.sampled_from(sorted(SECRETIVE)), st.sampled_from(["old", "new", "both", "made"]))
def test_what_is_called_a_secret_is_in_no_report(word: str, place: str, side: str) -> None:
    inputs = SECRETIVE[place](word)
    lines = {
        "old": updated({}, inputs),
        "new": updated(inputs),
        "both": updated(inputs, SECRETIVE[place]("another")),
        "made": log.lines(log.steps("create", log.VM, "a", None, inputs)),
    }[side]
    for text in reports(from_lines(lines)):
        assert word not in text
        assert base(word)[:-4] not in text


VALUES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
)


@settings(max_examples=60, deadline=None)
@given(VALUES, VALUES)
def test_without_values_there_is_none(old: Any, new: Any) -> None:
    model = from_lines(updated({"thing": new}, {"thing": old}))
    assert "Zq" not in withheld(model).model_dump_json()
    for text in reports(withheld(model)):
        assert "Zq" not in text
