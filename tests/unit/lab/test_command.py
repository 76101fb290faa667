from __future__ import annotations

import pytest

from lab.command import follow, run
from spec.errors import LabError


def test_the_output_is_returned() -> None:
    assert run(["cat"], stdin="hello") == "hello"


def test_variables_are_added_to_the_environment() -> None:
    assert run(["sh", "-c", "echo $A $HOME"], environment={"A": "b"}).startswith("b /")


def test_a_failure_shows_the_code_the_last_lines_and_the_way_out() -> None:
    with pytest.raises(LabError) as caught:
        run(["sh", "-c", "seq 9 >&2; exit 3"], fix="try again")
    assert str(caught.value) == "sh: exit code 3: 5\n6\n7\n8\n9\n  -> try again"


@pytest.mark.parametrize("call", [lambda: run(["nonesuch"]), lambda: follow(["nonesuch"], print)])
def test_a_missing_command_is_a_lab_error(call: object) -> None:
    assert callable(call)
    with pytest.raises(LabError, match="nonesuch: is not installed"):
        call()


def test_following_hands_on_each_line(lines: list[str]) -> None:
    follow(["sh", "-c", "echo one; echo two >&2"], lines.append)
    assert lines == ["one", "two"]


def test_following_a_failure_shows_the_last_lines(lines: list[str]) -> None:
    with pytest.raises(LabError, match="exit code 2: reason"):
        follow(["sh", "-c", "echo reason; exit 2"], lines.append)


def test_an_interrupt_ends_the_command_that_is_followed() -> None:
    def interrupt(_line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(["sh", "-c", "echo go; exec sleep 60"], interrupt)
