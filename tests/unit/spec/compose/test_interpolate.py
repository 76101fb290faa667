"""`${NAME}`: every operator, nested, and what can't be made sense of."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spec.compose.interpolate import text
from tests.unit.spec.compose.files import refusal, service

GIVEN = {"A": "a", "EMPTY": ""}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("$A", "a"),
        ("${A}", "a"),
        ("x${A}y$A.z", "xaya.z"),
        ("$$A $${A}", "$A ${A}"),
        ("${A:-d}", "a"),
        ("${EMPTY:-d}", "d"),
        ("${EMPTY-d}", ""),
        ("${NONE-d}", "d"),
        ("${NONE:-}", ""),
        ("${NONE:-${A}}", "a"),
        ("${NONE:-${ALSO:-b}}c", "bc"),
        ("${A:+on}", "on"),
        ("${EMPTY:+on}", ""),
        ("${EMPTY+on}", "on"),
        ("${NONE+on}", ""),
        ("${A:?must be}", "a"),
        ("${EMPTY?must be}", ""),
        ("${NONE:-http://x:80/?q=1}", "http://x:80/?q=1"),
        ("no variable at all", "no variable at all"),
    ],
)
def test_operators(written: str, said: str) -> None:
    assert text(written, GIVEN) == said


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("${NONE}", "NONE is not given"),
        ("$NONE", "NONE is not given"),
        ("${NONE:?set the tag}", "NONE is required: set the tag"),
        ("${EMPTY:?set the tag}", "EMPTY is required"),
        ("${A", "without its `}`"),
        ("${}", "names no variable"),
        ("${A%x}", "unknown operator"),
        ("100 $", "begins no variable"),
    ],
)
def test_what_cannot_be_replaced_is_told_with_its_line(tmp_path: Path, written: str, says: str) -> None:
    said = refusal(tmp_path, f"services:\n  web:\n    image: x\n    hostname: '{written}'\n", EMPTY="", A="a")
    assert said.startswith("compose.yaml:4: services.web.hostname: ")
    assert says in said


def test_variables_of_the_shell_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAG", "from-the-shell")
    assert "TAG is not given" in refusal(tmp_path, "services: {web: {image: 'x:${TAG}'}}\n")


def test_keys_are_left_alone(tmp_path: Path) -> None:
    assert service(tmp_path, 'environment:\n  "$A": "$$A"')["env"] == {"$A": "$A"}


@given(st.text())
def test_a_text_of_doubled_dollars_comes_back_as_it_was(said: str) -> None:
    assert text(said.replace("$", "$$"), {}) == said


@given(
    st.dictionaries(st.from_regex(r"\A[A-Z_]{1,5}\Z"), st.text(max_size=5), min_size=1), st.text("xy {}", max_size=5)
)
def test_values_are_never_read_again(variables: dict[str, str], between: str) -> None:
    written = between.replace("{", "").join(f"${{{name}}}" for name in variables)
    assert text(written, variables) == between.replace("{", "").join(variables.values())
