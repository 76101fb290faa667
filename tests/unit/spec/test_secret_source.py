"""Where a secret comes from: each source is read strictly, and nothing is opened or run."""

from __future__ import annotations

from datetime import date
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from spec.errors import SpecError
from spec.load import check_any
from spec.secret import AT_REST
from spec.secret_source import CommandSource, EnvSource, FileSource, GeneratedSource
from spec.stack import ServicesPart
from tests.conftest import ROOT

SOURCES: list[tuple[dict[str, Any], type]] = [
    ({"generate": {}}, GeneratedSource),
    ({"generate": {"length": 20, "alphabet": "0123456789abcdef"}, "rotate": 2}, GeneratedSource),
    ({"file": "secrets/db"}, FileSource),
    ({"env": "DB_PASSWORD"}, EnvSource),
    ({"command": ["op", "read", "op://prod/db/password"], "timeout": "1m"}, CommandSource),
]


def parsed(value: Any, at_rest: bool = True) -> Any:
    return ServicesPart.model_validate({"secrets": {"db": value}}, context=AT_REST if at_rest else {}).secrets["db"]


def refused(value: Any, at_rest: bool = True) -> str:
    with pytest.raises(ValidationError) as caught:
        parsed(value, at_rest)
    return str(caught.value)


@pytest.mark.parametrize("at_rest", [True, False])
@pytest.mark.parametrize(("value", "model"), SOURCES)
def test_a_source_is_read_alike_in_the_file_and_in_the_program(value: Any, model: type, at_rest: bool) -> None:
    assert type(parsed(value, at_rest)) is model


def test_an_encrypted_one_stays_what_it_was() -> None:
    assert isinstance(parsed({"secure": "v1:x"}), pulumi.Output)
    assert isinstance(parsed("hunter2", at_rest=False), pulumi.Output)
    assert "hunter2" not in refused("hunter2")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            {"generate": {"length": 10, "alphabet": "0123456789"}},
            "10 of 10 characters are guessed too easily: needs at least 20",
        ),
        ({"generate": {"length": 10, "alphabet": "a"}}, "needs more letters"),
        ({"generate": {"alphabet": "abca"}}, "names a character twice"),
        ({"generate": {"alphabet": "ab c"}}, "alphabet"),
        ({"generate": {"length": 5000}}, "length"),
        ({"generate": {}, "rotate": True}, "rotate"),
        ({"generate": {}, "rotate": "next week"}, "rotate"),
        ({"file": ""}, "file"),
        ({"file": "x", "rotate": 2}, "rotate"),
        ({"env": "DB-PASSWORD"}, "env"),
        ({"command": []}, "command"),
        ({"command": "op read"}, "command"),
        ({"command": ["op"], "timeout": "30"}, "timeout"),
        ({"generate": {}, "file": "x"}, "file"),
        ({"vault": "x"}, "must be an encrypted value"),
        (5, "must be an encrypted value"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(value: Any, said: str) -> None:
    assert said in refused(value)
    assert "secrets.db" in refused(value)


@pytest.mark.parametrize("written", [3, "3", date(2026, 11, 25), "2026-11-25", "after-the-leak"])
def test_a_rotation_is_a_text_however_yaml_reads_it(written: Any) -> None:
    assert parsed({"generate": {}, "rotate": written}).rotate == str(written)


@given(st.integers(8, 200), st.sets(st.characters(min_codepoint=33, max_codepoint=126), min_size=2))
def test_what_passes_holds_at_least_64_bits(length: int, alphabet: set[str]) -> None:
    written = {"generate": {"length": length, "alphabet": "".join(sorted(alphabet))}}
    if len(alphabet) ** length >= 2**64:
        assert parsed(written).generate.length == length
    else:
        assert "guessed too easily" in refused(written)


def test_a_check_names_the_place_without_the_tags_and_runs_nothing(tmp_path: Any) -> None:
    (tmp_path / "stacks").mkdir()
    example = (ROOT / "stacks" / "Pulumi.example-vsphere.yaml").read_text()
    file = tmp_path / "stacks" / "Pulumi.dev.yaml"
    ran = tmp_path / "ran"
    block = "  longshore:secrets:\n    db: {command: [touch, " + str(ran) + "]}\n    api: {file: absent}\n"
    start = example.index("  longshore:secrets:")
    file.write_text(example[:start] + block + "    old: {env: 5-5}\n" + _after(example[start:]))
    with pytest.raises(SpecError) as caught:
        check_any(file, ROOT)
    assert "secrets.old.env: " in str(caught.value)
    assert "[env]" not in str(caught.value)
    assert not ran.exists()


def _after(block: str) -> str:
    """Return what follows the secrets of the example."""
    lines = block.splitlines(keepends=True)[1:]
    rest = [number for number, line in enumerate(lines) if line.startswith("  longshore:") or not line.startswith(" ")]
    return "".join(lines[rest[0] :]) if rest else ""
