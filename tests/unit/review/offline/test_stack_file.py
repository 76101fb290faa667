"""Two versions of a stack file: what a reader may see."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from review.offline.stack_file import differences, encryption_changed
from review.redact import Redactor

BASE = """
config:
  longshore:services: {web: {image: "web:1", env: {LEVEL: info}}}
  longshore:secrets: {a: {secure: v1:CANARY1}}
"""


def told(base: str | None, head: str | None) -> list[tuple[str, str, Any, Any]]:
    return [(each.path, each.kind, each.before, each.after) for each in differences(base, head, Redactor())]


def test_a_changed_value_is_told_with_its_path() -> None:
    path = 'config["longshore:services"].web.image'
    assert told(BASE, BASE.replace("web:1", "web:2")) == [(path, "update", "web:1", "web:2")]


def test_a_changed_secret_is_named_and_nothing_of_it_shown() -> None:
    (change,) = differences(BASE, BASE.replace("CANARY1", "CANARY2"), Redactor())
    assert (change.path, change.concealed) == ('config["longshore:secrets"].a', True)
    assert "CANARY" not in change.model_dump_json()


def test_a_secret_that_becomes_plain_is_told_and_hidden() -> None:
    (change,) = differences(BASE, BASE.replace("{secure: v1:CANARY1}", "CANARY3"), Redactor())
    assert change.concealed
    assert "CANARY" not in change.model_dump_json()


@pytest.mark.parametrize("other", [None, "", "[]", "a: [", "config: {}\n"])
def test_a_file_that_comes_or_goes_or_is_none(other: str | None) -> None:
    for base, head in ((other, BASE), (BASE, other)):
        found = differences(base, head, Redactor())
        assert found
        assert "CANARY" not in "".join(each.model_dump_json() for each in found)


def test_equal_files_differ_in_nothing() -> None:
    assert told(BASE, BASE) == []
    assert told(None, None) == []


plain = st.recursive(
    st.integers() | st.text("ab", max_size=4),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text("kl", min_size=1, max_size=3), each, max_size=3),
)


def with_secrets(value: Any, cipher: str) -> Any:
    """Put a ciphertext in the place of every text."""
    if isinstance(value, dict):
        return {key: with_secrets(each, cipher) for key, each in value.items()}
    if isinstance(value, list):
        return [with_secrets(each, cipher) for each in value]
    return {"secure": f"v1:{cipher}{value}"} if isinstance(value, str) else value


@settings(deadline=None)
@given(plain, plain)
def test_no_ciphertext_is_ever_shown(one: Any, other: Any) -> None:
    base, head = (
        json.dumps({"config": with_secrets(each, "CANARY"), "encryptionsalt": f"v1:CANARY{each}"})
        for each in (one, other)
    )
    found = differences(base, head, Redactor())
    assert "CANARY" not in "".join(each.model_dump_json() for each in found)
    assert bool(found) is (YAML(typ="safe").load(base) != YAML(typ="safe").load(head))


@pytest.mark.parametrize(
    ("base", "head", "keys"),
    [
        ("encryptionsalt: a\n", "encryptionsalt: b\n", ("encryptionsalt",)),
        ("secretsprovider: a\nencryptedkey: x\n", "secretsprovider: b\n", ("secretsprovider", "encryptedkey")),
        ("encryptionsalt: a\n", "encryptionsalt: a\nconfig: {}\n", ()),
        (None, "encryptionsalt: b\n", ()),
        ("encryptionsalt: a\n", None, ()),
    ],
)
def test_by_which_keys_secrets_are_encrypted_otherwise(
    base: str | None, head: str | None, keys: tuple[str, ...]
) -> None:
    assert encryption_changed(base, head) == keys
