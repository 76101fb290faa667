"""No secret, in whatever form and place, ever reaches the change model."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from review.build import from_lines
from review.redact import Redactor
from tests.unit.review import log

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co"))
CANARIES = st.text(LETTERS, min_size=6, max_size=20).map(lambda text: f"Zq{text.strip()}Qz")
"""Secrets, none of them a word that a model is made of."""
FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 inside": lambda text: base64.b64encode(f"user:{text}@host".encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(f"a{text}".encode()).decode(),
    "URL": lambda text: "https://x/?q=" + quote(text, safe=""),
    "JSON": lambda text: json.dumps({"deep": [text]}),
    "JSON in JSON": lambda text: json.dumps({"deep": json.dumps({"a": text})}),
    "cloud-init": lambda text: base64.b64encode(gzip.compress(f"#cloud-config\nnote: {text}\n".encode())).decode(),
    "sentence": lambda text: f"could not log in with {text}, sorry",
}
PLACES = ("value", "list", "dict", "key", "output", "diagnostic", "policy", "init error")


def lines(place: str, text: str) -> list[str]:
    old: dict[str, Any] = {"x": 1, "guestinfo.userdata": "old"}
    new: dict[str, Any] = {"x": 2}
    more: dict[str, Any] = {}
    places: dict[str, dict[str, Any]] = {
        "value": {"guestinfo.userdata": text},
        "list": {"args": ["a", text]},
        "dict": {"env": {"NOTE": text}},
        "key": {"labels": {text: "1"}},
    }
    new |= places.get(place, {})
    if place == "output":
        more = {"was": {"outputs": {"imageId": text, "y": text}}, "detailedDiff": {"y": {"diffKind": "update"}}}
    if place == "init error":
        more = {"will": {"initErrors": [text]}}
    events: dict[str, list[dict[str, Any]]] = {
        "diagnostic": [{"diagnosticEvent": {"severity": "error", "message": text}}],
        "policy": [{"policyEvent": {"message": text, "policyName": "p"}}],
    }
    return log.lines(log.steps("update", log.VM, "a", old, new, **more), extra=events.get(place, []))


def gives_away(dump: str, canary: str) -> bool:
    """Look in the dump's own strings, not in its JSON escapes, for the canary in any form a reader could undo."""
    encoded = [canary, quote(canary, safe=""), json.dumps(canary)[1:-1]]
    return any(form in text for form in encoded for text in strings(json.loads(dump)))


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for each in pair for text in strings(each)]
    return [text for each in value for text in strings(each)] if isinstance(value, list) else []


@settings(max_examples=150, deadline=None)
@given(CANARIES, st.sampled_from(sorted(FORMS)), st.sampled_from(PLACES))
def test_a_known_secret_never_reaches_the_model(canary: str, form: str, place: str) -> None:
    model = from_lines(lines(place, FORMS[form](canary)), Redactor([canary]))
    dump = model.model_dump_json()
    assert not gives_away(dump, canary)
    Redactor([canary]).verify(dump)


@settings(max_examples=60, deadline=None)
@given(CANARIES, st.sampled_from(["password", "API_TOKEN", "dbSecret", "clientCredentials"]), st.booleans())
def test_a_value_under_a_telling_name_never_reaches_the_model(canary: str, name: str, in_text: bool) -> None:
    new = {"env": [f"{name}={canary}"]} if in_text else {"env": {name: canary}}
    model = from_lines(log.lines(log.steps("update", log.VM, "a", {"env": "x"}, new)))
    assert not gives_away(model.model_dump_json(), canary)


@settings(max_examples=60, deadline=None)
@given(CANARIES)
def test_a_sealed_value_s_other_side_never_reaches_the_model(canary: str) -> None:
    for old, new in (({"note": canary}, {"note": log.SECRET}), ({"note": log.SECRET}, {"note": canary})):
        model = from_lines(log.lines(log.steps("update", log.VM, "a", old, new)))
        assert not gives_away(model.model_dump_json(), canary)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4), st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_any_inputs_make_a_model(old: dict[str, Any], new: dict[str, Any]) -> None:
    from_lines(log.lines(log.steps("update", log.VM, "a", old, new), log.steps("delete", log.VM, "b", old)))
